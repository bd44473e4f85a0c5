import email
import random
from dataclasses import replace
from datetime import UTC, datetime
from email import policy

import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_output

from tidings.errors import DeliveryError
from tidings.mail.envelope import Envelope
from tidings.mail.message import build_message, message_bytes
from tidings.mail.size import MAX_BYTES, MAX_HTML_BYTES
from tidings.parts.part import Cards, Column, DataTable, Highlights

ENVELOPE = Envelope(
    sender="Tidings <reports@example.com>",
    recipient="ana@example.com",
    subject="Demo Telecom",
    date=datetime(2026, 11, 16, 6, tzinfo=UTC),
    message_id="<demo.2026-W46@example.com>",
)
NAME = "Mwanaisha Nyirabahizi-Andriantsitohaina (customer care, second shift) " * 3


def _noise(size: int, seed: str) -> bytes:
    """As many bytes in place of a picture, other ones for each seed."""
    return random.Random(seed).randbytes(size)


def _chart(make, title, size=20_000, rows=7):
    columns = Column("Agent", numeric=False), Column("Conversations", numeric=True)
    table = DataTable(columns, tuple((f"{NAME} {number}", "1,871") for number in range(rows)))
    return make.shown(make.chart(title, table=table), _noise(size, title))


def _received(notebook, envelope=ENVELOPE):
    wire = message_bytes(build_message(notebook, envelope))
    return email.message_from_bytes(wire, policy=policy.default)


def _mail(received):
    """The message without its attachments, and its HTML."""
    body = received.get_payload()[0] if received.get_content_type() == "multipart/mixed" else received
    html = received.get_body(("html",)).get_content()
    assert len(body.as_bytes()) <= MAX_BYTES
    assert len(html.encode()) <= MAX_HTML_BYTES
    return body, BeautifulSoup(html, "html.parser")


def test_what_has_room_is_whole(make):
    received = _received(make.notebook(*(_chart(make, f"Chart {n}") for n in range(15))))
    body, html = _mail(received)
    assert len(html("img")) == 15
    assert "In brief" not in html.get_text()
    assert received.get_content_type() == "multipart/alternative"
    assert len(body.as_bytes()) > 400_000


def test_pictures_that_have_no_room_go_and_it_is_said_where_they_are(make):
    received = _received(make.notebook(*(_chart(make, f"Chart {n}") for n in range(20))))
    _, html = _mail(received)
    shown = len(html("img"))
    assert 14 <= shown < 20
    assert [image["alt"].split(".")[0] for image in html("img")] == [f"Chart {n}" for n in range(shown)]
    assert html.get_text().count("The picture is in the attached page.") == 20 - shown
    listed = "; ".join(f"Chart {n}" for n in range(shown, 20))
    for text in (html.get_text(), received.get_body(("plain",)).get_content()):
        assert f"in brief: {listed}. They are whole in the attached page." in text
        assert all(f"Chart {n}: 28,705 in the week" in text for n in range(20))
    assert [part.get_filename() for part in received.iter_attachments()] == ["report.html"]


def test_the_largest_pictures_go_first_and_are_named_in_reading_order(make):
    sizes = {"Flow": 200_000, "Bars": 20_000, "Curves": 90_000, "Shares": 20_000, "Ranking": 150_000}
    received = _received(make.notebook(*(_chart(make, title, size) for title, size in sizes.items())))
    _, html = _mail(received)
    assert [image["alt"].split(".")[0] for image in html("img")] == ["Bars", "Curves", "Shares", "Ranking"]
    assert "in brief: Flow. They" in html.get_text()
    sizes |= {"Bars": 250_000, "Shares": 90_000}
    _, html = _mail(_received(make.notebook(*(_chart(make, title, size) for title, size in sizes.items()))))
    assert "in brief: Flow; Bars. They" in html.get_text()


def test_the_fullest_report_keeps_to_the_limits(make):
    """40 languages, 200 agents, 62 days, all with long names."""
    charts = [_chart(make, f"{NAME} {n}", size=45_000, rows=200) for n in range(18)]
    cards = [make.shown(Cards((make.card(NAME),) * 6)) for _ in range(3)]
    received = _received(make.notebook(*cards, *charts))
    _, html = _mail(received)
    assert 5 <= len(html("img")) < 18
    assert all(html.get_text().count(f"{NAME} {n}:") for n in range(18))


def test_data_frames_go_first_where_the_html_is_too_large(make):
    frame = "<table>" + "<tr><td>1,871</td></tr>" * 2000 + "</table>"
    cell = new_code_cell(
        "frame", outputs=[new_output("execute_result", {"text/html": frame, "text/plain": "1"})]
    )
    received = _received(make.notebook(cell, _chart(make, "Chart")))
    _, html = _mail(received)
    assert len(html("img")) == 1
    assert "More of it is in the attached page." in html.get_text()
    page = next(received.iter_attachments()).get_content()
    assert page.count("1,871") >= 2000


def test_charts_keep_title_and_finding_where_the_html_is_too_large(make):
    charts = [make.shown(make.chart(f"Chart {n}", notes=("note " * 400,)), make.png()) for n in range(60)]
    _, html = _mail(_received(make.notebook(*charts)))
    assert "note" in html.get_text().partition("Chart 1:")[0]
    assert "note" not in html.get_text().partition("Chart 59:")[2].partition("To keep")[0]
    assert all(f"Chart {n}: 28,705 in the week" in html.get_text() for n in range(60))


def test_a_report_too_large_even_in_brief_is_refused_with_its_size(make):
    sentences = ("x" * 1000,) * 100
    notebook = make.notebook(make.shown(Highlights("In short", sentences)))
    with pytest.raises(DeliveryError, match=r"has 1\d\d,\d{3} bytes even in brief"):
        build_message(notebook, ENVELOPE)


def test_an_attached_page_is_no_part_of_what_is_limited(make):
    charts = [_chart(make, f"Chart {n}") for n in range(14)]
    received = _received(make.notebook(*charts), replace(ENVELOPE, attachments=("page",)))
    assert len(_mail(received)[1]("img")) == 14
    assert len(received.as_bytes()) > MAX_BYTES
