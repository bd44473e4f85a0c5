import email
import io
import random
from dataclasses import replace
from email import policy

import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from PIL import Image
from support.envelopes import ENVELOPE

from tidings.errors import DeliveryError
from tidings.mail.message import build_message, message_bytes
from tidings.mail.size import MAX_BYTES, MAX_HTML_BYTES
from tidings.parts.part import Cards, Column, DataTable, Highlights

NAME = "Mwanaisha Nyirabahizi-Andriantsitohaina (customer care, second shift) " * 3


def _noise(seed: str, width: int = 284, height: int = 128) -> bytes:
    """A picture that cannot be written any smaller without changing it."""
    pixels = random.Random(seed).randbytes(width * height * 3)
    stream = io.BytesIO()
    Image.frombytes("RGB", (width, height), pixels).save(stream, "PNG")
    return stream.getvalue()


def _chart(make, title, rows=7, **size):
    columns = Column("Agent", numeric=False), Column("Conversations", numeric=True)
    table = DataTable(columns, tuple((f"{NAME} {number}", "1,871") for number in range(rows)))
    return make.shown(make.chart(title, table=table), _noise(title, **size))


def _received(notebook, envelope=ENVELOPE):
    wire = message_bytes(build_message(notebook, envelope))
    return email.message_from_bytes(wire, policy=policy.default)


def _mail(received):
    """The message without its attachments, and its HTML; both keep to their limits."""
    body = received.get_payload()[0] if received.get_content_type() == "multipart/mixed" else received
    html = received.get_body(("html",)).get_content()
    assert len(body.as_bytes()) <= MAX_BYTES
    assert len(html.encode()) <= MAX_HTML_BYTES
    return body, BeautifulSoup(html, "html.parser")


def _pictures(received):
    return [part.get_content() for part in received.walk() if part["Content-ID"]]


def test_what_has_room_is_as_it_was(make):
    received = _received(make.notebook(_chart(make, "Flow"), _chart(make, "Bars")))
    assert _pictures(received) == [_noise("Flow"), _noise("Bars")]
    assert received.get_content_type() == "multipart/alternative"


@pytest.mark.slow
def test_no_picture_is_dropped_however_many_there_are(make):
    titles = [f"Chart {number}" for number in range(40)]
    received = _received(make.notebook(*(_chart(make, title) for title in titles)))
    _, html = _mail(received)
    assert [image["alt"].split(".")[0] for image in html("img")] == titles
    assert len(_pictures(received)) == 40
    assert list(received.iter_attachments()) == []


def test_only_large_pictures_are_made_smaller_and_they_are_shown_as_large(make):
    small = make.shown(make.chart("Bars"), make.png())
    received = _received(make.notebook(small, _chart(make, "Flow", width=1136, height=512)))
    _, html = _mail(received)
    bars, flow = _pictures(received)
    assert bars == make.png()
    assert len(flow) < len(_noise("Flow", width=1136, height=512))
    assert [image["width"] for image in html("img")] == ["330", "330"]


def test_the_fullest_report_keeps_to_the_limits(make):
    """40 languages, 200 agents, 62 days, all with long names."""
    charts = [_chart(make, f"{NAME} {n}", rows=200) for n in range(18)]
    cards = [make.shown(Cards((make.card(NAME, by_day=(1.5,) * 62),) * 6)) for _ in range(3)]
    line = replace(make.ranking().lines[0], name=NAME[:80], whole=NAME)
    rankings = [make.shown(make.ranking(NAME, lines=(line,) * 12, folded=(line,) * 90)) for _ in range(3)]
    did = replace(make.agents().lines[0], name=NAME[:80], whole=NAME)
    agents = make.shown(make.agents(NAME, lines=(did,) * 12, folded=(did,) * 188))
    _, html = _mail(_received(make.notebook(*cards, *rankings, agents, *charts)))
    assert len(html("img")) == 18
    assert html.get_text().count("1,204") == 18


def test_words_are_cut_before_tables_and_tables_before_definitions(make):
    def shown(words, rows, definitions):
        frame = f"<table>{'<tr><td>1,871</td></tr>' * rows}</table>"
        cell = new_code_cell("frame", outputs=[new_output("execute_result", {"text/html": frame})])
        chart = make.chart(notes=("note " * words,), definition=f"So it is counted. {'x ' * definitions}")
        text = _mail(_received(make.notebook(cell, make.shown(chart, make.png()))))[1].get_text()
        return text.count("note"), text.count("1,871"), text.count("So it is counted.")

    assert shown(1_000, 10, 10) == (1_000, 10, 1)
    assert shown(20_000, 10, 10) == (16, 10, 1)
    assert shown(1_000, 2_000, 10) == (16, 5, 1)
    assert shown(1_000, 2_000, 50_000) == (16, 5, 0)


def test_a_table_that_is_shown_shorter_says_how_much_more_there_is(make):
    frame = (
        "<table><thead><tr><th>n</th></tr></thead><tbody>"
        + "<tr><td>1,871</td></tr>" * 3000
        + "</tbody></table>"
    )
    cell = new_code_cell("frame", outputs=[new_output("execute_result", {"text/html": frame})])
    _, html = _mail(_received(make.notebook(cell)))
    assert "2,995 more rows are not shown here." in html.get_text()


def test_a_text_of_100_000_characters_leaves_the_mail_small(make):
    long = "L" * 100_000
    cards = make.shown(Cards((make.card(long, value=long, note=long),)))
    news = make.shown(Highlights(long, (long, long)))
    received = _received(make.notebook(news, new_markdown_cell("## Activity"), cards, _chart(make, long)))
    body, _ = _mail(received)
    assert len(body.as_bytes()) < 200_000
    assert len(received.get_body(("plain",)).get_content().encode()) <= 12_000


def test_a_report_that_is_too_large_even_so_is_refused_with_its_size(make):
    notebook = make.notebook(new_markdown_cell("x" * 100_000))
    with pytest.raises(DeliveryError, match=r"has 1\d\d,\d{3} bytes even as short as it can be"):
        build_message(notebook, ENVELOPE)


def test_an_attached_page_is_no_part_of_what_is_limited(make):
    charts = [_chart(make, f"Chart {n}") for n in range(4)]
    received = _received(make.notebook(*charts), replace(ENVELOPE, attachments=("page",)))
    assert len(_mail(received)[1]("img")) == 4
    assert len(received.as_bytes()) > MAX_BYTES
