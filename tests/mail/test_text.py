from dataclasses import replace

import pytest
from nbformat.v4 import new_markdown_cell

from tidings.mail.text import MAX_TEXT_BYTES, on_wire, plain_text
from tidings.mail.view import mail_view
from tidings.page.preprocessors import read_notebook
from tidings.parts.part import Cards, Closing, Column, DataTable, Highlights

COLUMNS = Column("Day", numeric=False), Column("Messages", numeric=True)


def _text(notebook, closing=None):
    return plain_text(mail_view(read_notebook(notebook).view), closing)


def test_the_order_is_that_of_the_mail(make):
    text = _text(make.report())
    words = (
        "Demo Telecom: perf",
        "In short",
        "Peak Volume: 1,204 /min",
        "Activity\n====",
        "Conversations: 28",
    )
    assert sorted(words, key=text.index) == list(words)
    assert text.count("Peak Volume: 1,204") == 1


def test_a_page_is_named_by_its_address(make):
    view = mail_view(read_notebook(make.report()).view, "https://example.com/demo/2026-W46")
    assert "The whole report as a page: https://example.com/demo/2026-W46\n" in plain_text(view)


def test_the_rows_of_a_chart_stand_in_columns(make):
    rows = ("Mon 9 Nov", "4,210"), ("Tue 10 Nov", "610")
    chart = make.chart(table=DataTable(COLUMNS, rows))
    text = _text(make.notebook(make.shown(chart, make.png())))
    assert "\n  Day: Messages\n  Mon 9 Nov   4,210\n  Tue 10 Nov    610\n" in text


def test_names_of_the_other_direction_are_isolated(make):
    chart = make.chart(table=DataTable(COLUMNS, (("جورج", "4,210"),)))
    card = make.card("Top intent", value="دفع", change=None, before=None)
    text = _text(make.notebook(make.shown(chart, make.png()), make.shown(Cards((card,)))))
    assert "  \u2068جورج\u2069  4,210\n" in text
    assert "Top intent: \u2068دفع\u2069\n" in text


@pytest.mark.parametrize("many", [30, 100])
def test_the_text_keeps_to_its_limit_and_ends_as_it_should(make, many):
    rows = tuple((f"مستخدم {number}" * 9, "1,204") for number in range(12))
    charts = [
        make.shown(
            make.chart(f"Chart {number} of all that people wrote", table=DataTable(COLUMNS, rows)), make.png()
        )
        for number in range(many)
    ]
    text = _text(make.notebook(*charts), Closing(unsubscribe_address="stop@example.com"))
    assert len(on_wire(text)) <= MAX_TEXT_BYTES
    assert text.endswith("To receive no more of these reports, write to stop@example.com\n")
    assert ("The text is cut here: the rest is in the report." in text) == (many > 30)


def test_rows_go_before_words_do(make):
    rows = tuple((f"day {number} {'x' * 40}", "1,204") for number in range(10))
    chart = make.chart(finding="y" * 200, table=DataTable(COLUMNS, rows))
    text = _text(
        make.notebook(*[make.shown(replace(chart, title=f"Chart {n}"), make.png()) for n in range(25)])
    )
    assert text.count("y" * 200) == 25
    assert "day 2" in text
    assert "day 9" not in text
    assert text.count("… 7 more") == 25


def test_words_are_cut_where_they_alone_are_too_long(make):
    text = _text(
        make.notebook(new_markdown_cell("## Activity"), make.shown(Highlights("In short", ("z " * 9000,))))
    )
    assert len(text.encode()) < 1000
    assert "z z z…" in text
