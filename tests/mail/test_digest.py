import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_markdown_cell

from tidings.mail.digest import Bar, draw_bars, list_definitions, make_digest
from tidings.mail.html import MailExporter
from tidings.page.preprocessors import read_notebook
from tidings.parts.part import Cards, Change


@pytest.fixture
def notebook(make):
    """Two sections with headline numbers, and one without."""
    users = make.card(by_day=(10, 20, 40), note="of 9,000 known")
    wait = make.card("Average Wait", value="3 min 11 s", change=Change("12%", "up", "bad", "up 12%"))
    return make.notebook(
        new_markdown_cell("## Activity"),
        make.shown(Cards((users, make.card("Peak Time", value="Fri 20, 14:03", change=None)))),
        new_markdown_cell("## Notes\n\nNone."),
        new_markdown_cell("## Contact Center"),
        make.shown(Cards((wait,))),
        make.shown(Cards((make.card("Queues", value="not available", available=False),))),
    )


def _lines(html):
    rows = BeautifulSoup(html, "html.parser").select("table.digest > tr, table.digest > tbody > tr")
    return [
        [" ".join(cell.get_text().split()) for cell in row.find_all(["th", "td"], recursive=False)]
        for row in rows
    ]


def test_every_headline_number_is_a_line_under_its_section(notebook):
    digest = make_digest(read_notebook(notebook).view)
    assert [(group.title, [entry.card.label for entry in group.entries]) for group in digest.groups] == [
        ("Activity", ["New Users", "Peak Time"]),
        ("Contact Center", ["Average Wait", "Queues"]),
    ]


def test_a_line_says_value_and_change_or_what_was_before(notebook):
    html, _ = MailExporter().from_notebook_node(notebook)
    assert _lines(html) == [
        ["Activity"],
        ["New Users of 9,000 known", "1,204", "▲ 8%", ""],
        ["Peak Time", "Fri 20, 14:03", "1,115 before"],
        ["Contact Center"],
        ["Average Wait", "3 min 11 s", "▲ 12%", ""],
        ["Queues", "not available"],
    ]


def test_what_stands_beside_a_label_goes_to_the_next_line_as_a_whole(notebook):
    html, _ = MailExporter().from_notebook_node(notebook)
    beside = BeautifulSoup(html, "html.parser").find("span", string="of 9,000 known")
    assert "display: inline-block" in beside["style"]


def test_a_long_value_that_nothing_stands_beside_has_the_rest_of_its_line(make):
    card = make.card("Top intent", value="Question about an invoice", change=None, before=None)
    html, _ = MailExporter().from_notebook_node(make.notebook(make.shown(Cards((card,)))))
    [cell] = BeautifulSoup(html, "html.parser").select("table.digest td")
    assert (cell.text, cell["colspan"]) == ("Question about an invoice", "3")


def test_days_are_small_bars_the_highest_told_apart(notebook):
    html, _ = MailExporter().from_notebook_node(notebook)
    bars = BeautifulSoup(html, "html.parser").select(".day")
    assert [
        (bar["class"], bar["style"].partition("line-height: ")[2].partition("px")[0]) for bar in bars
    ] == [
        (["day", "pale"], "4"),
        (["day", "pale"], "9"),
        (["day"], "18"),
    ]


def test_each_day_of_a_week_has_a_bar():
    assert draw_bars((9, 18, 0, None, 0.1, 18, 4.5)) == (
        Bar(9, False),
        Bar(18, True),
        Bar(0, False),
        Bar(0, False),
        Bar(1, False),
        Bar(18, True),
        Bar(4, False),
    )


@pytest.mark.parametrize("days", [8, 13, 15, 16, 28, 31, 62])
def test_a_longer_period_has_seven_bars(days):
    assert len(draw_bars((5.0,) * days)) == 7


def test_a_bar_of_several_days_is_their_average():
    """None is of much fewer days than another: a lone Sunday at the end would look like a fall."""
    days = (2, 2), (1, 3), (4, None), (2, 2), (2, 2), (4, 4), (2, 1, 3)
    assert draw_bars(tuple(value for several in days for value in several)) == (
        *(Bar(9, False), Bar(9, False), Bar(18, True), Bar(9, False), Bar(9, False), Bar(18, True)),
        Bar(9, False),
    )


@pytest.mark.parametrize("by_day", [(), (5,), (0, 0, 0), (None, None)])
def test_where_days_say_nothing_there_are_no_bars(by_day):
    assert draw_bars(by_day) == ()


def test_what_the_numbers_mean_is_said_once(make):
    cards = make.shown(Cards((make.card(), make.card(), make.card("Active Users"))))
    assert [label for label, _ in list_definitions(read_notebook(make.notebook(cards)).view).terms] == [
        "New Users",
        "Active Users",
    ]


def test_on_a_phone_a_change_does_not_reach_into_the_bars(make, browser):
    change = Change("1 point", "up", "good", "up 1 point from 92%")
    cards = Cards((make.card("Recognised", value="93%", change=change, by_day=(10, 20, 40)),))
    html, _ = MailExporter().from_notebook_node(make.notebook(make.shown(cards)))
    with browser.new_context(viewport={"width": 360, "height": 900}) as context:
        page = context.new_page()
        page.set_content(html)
        turn = page.locator("td", has_text="▲ 1 point").last
        assert turn.evaluate("cell => cell.scrollWidth <= cell.clientWidth")
