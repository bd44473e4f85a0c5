import base64
import email
import re
from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from itertools import product
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_markdown_cell
from support.quick import slow_but

from tidings.errors import DeliveryError
from tidings.mail.message import Envelope, MailExporter, build_message, message_bytes, unaddressed_message
from tidings.mail.size import MAX_HTML_BYTES
from tidings.page.page import page_html
from tidings.parts.part import Cards
from tidings.periods.period import parse_period
from tidings.tenants.tenant import load_tenant

ENVELOPE = Envelope(
    sender="Tidings <reports@example.com>",
    recipient="ana@example.com",
    subject="Demo Telecom · Mon 9 – Sun 15 November 2026",
    date=datetime(2026, 11, 16, 6, tzinfo=UTC),
    message_id="<demo.2026-W46@example.com>",
    series="demo.report",
    unsubscribe_url="https://example.com/stop?a=1&b=2",
    unsubscribe_mailto="stop@example.com",
)


@pytest.fixture(scope="module")
def wire(make):
    return message_bytes(build_message(make.report(), ENVELOPE))


@pytest.fixture(scope="module")
def received(wire):
    return email.message_from_bytes(wire, policy=policy.default)


@pytest.fixture(scope="module")
def html(received):
    return received.get_body(("html",)).get_content()


def test_text_and_html_are_alternatives_and_pictures_belong_to_the_html(received):
    types = [part.get_content_type() for part in received.walk()]
    assert types[:4] == ["multipart/alternative", "text/plain", "multipart/related", "text/html"]
    assert set(types[4:]) == {"image/png"}
    assert received.get_payload()[1].get_param("type") == "text/html"
    assert [part.defects for part in received.walk() if part.defects] == []


def test_attachments_stand_beside_the_alternatives(make):
    wire = message_bytes(build_message(make.report(), replace(ENVELOPE, attachments=("page",))))
    received = email.message_from_bytes(wire, policy=policy.default)
    assert [part.get_content_type() for part in received.iter_parts()] == [
        "multipart/alternative",
        "text/html",
    ]
    (page,) = received.iter_attachments()
    assert page.get_filename() == "report.html"
    assert page.get_content() == page_html(make.report())
    assert received.get_body(("html",)).get_content().count("cid:") == 3
    assert (
        "Attached is the whole report, with the data of each chart: report.html"
        in received.get_body(("plain",)).get_content()
    )
    assert [part.defects for part in received.walk() if part.defects] == []
    assert wire == message_bytes(build_message(make.report(), replace(ENVELOPE, attachments=("page",))))


def test_an_unknown_attachment_is_refused(make):
    with pytest.raises(DeliveryError, match="'film'"):
        build_message(make.notebook(), replace(ENVELOPE, attachments=("film",)))


def test_both_texts_say_how_to_receive_no_more(received, html):
    text = received.get_body(("plain",)).get_content()
    assert "To receive no more of these reports, open https://example.com/stop?a=1&b=2" in text.splitlines()
    assert "To receive no more of these reports, write to stop@example.com" in text.splitlines()
    assert [link["href"] for link in BeautifulSoup(html, "html.parser")("a")] == [
        "https://example.com/stop?a=1&b=2",
        "mailto:stop@example.com?subject=unsubscribe%20demo.report",
    ]


def test_without_a_way_to_unsubscribe_none_is_named(make):
    bare = replace(ENVELOPE, unsubscribe_url=None, unsubscribe_mailto=None)
    message = build_message(make.notebook(), bare)
    assert "no more" not in message.get_body(("plain",)).get_content()
    assert not BeautifulSoup(message.get_body(("html",)).get_content(), "html.parser")("a")


def test_every_picture_shown_is_carried_and_every_picture_carried_is_shown(received, html):
    carried = [part["Content-ID"].strip("<>") for part in received.walk() if part["Content-ID"]]
    assert len(set(carried)) == len(carried) == 3
    assert set(re.findall(r'"cid:([^"]+)"', html)) == set(carried)


def test_pictures_of_another_message_have_other_ids(make, received):
    other = build_message(make.report(), replace(ENVELOPE, message_id="<demo.2026-W47@example.com>"))
    ids = [{part["Content-ID"] for part in message.walk()} - {None} for message in (received, other)]
    assert ids[0].isdisjoint(ids[1])


def test_the_wire_has_crlf_and_short_lines_only(wire):
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", wire)
    assert max(map(len, wire.split(b"\r\n"))) <= 998


def test_the_same_report_and_envelope_give_the_same_bytes(make, wire):
    assert message_bytes(build_message(make.report(), ENVELOPE)) == wire


def test_the_html_uses_only_what_mail_clients_show(html):
    head, body = html.split("</head>")
    for unsupported in (
        "data:",
        "<svg",
        "<details",
        "<script",
        "<link",
        "<style",
        "var(",
        "position:",
        "flex",
        "grid",
    ):
        assert unsupported not in body
    assert len(head.encode()) < 16_000
    assert len(html.encode()) <= MAX_HTML_BYTES


def test_pictures_have_words_and_both_kinds_of_size(html):
    for image in BeautifulSoup(html, "html.parser")("img"):
        assert image["alt"].strip()
        assert image.get("width") or image.get("height")
        assert re.search(r"(width|height): ?\d+", image["style"])


def test_the_mailbox_preview_is_the_second_highlight(html):
    first = BeautifulSoup(html, "html.parser").body.find("div")
    assert first.text == "Friday was busiest."
    assert "display: none" in first["style"]


def test_the_plain_text_has_the_period_the_numbers_and_the_findings(received):
    text = received.get_body(("plain",)).get_content()
    for words in (
        "Mon 9 – Sun 15 November 2026, America/Bogota",
        "Peak Volume: 1,204 /min, up 8% from 1,115",
        "Conversations: 28,705 in the week",
        "Total Conversations: 1,871",
    ):
        assert words in text
    assert "<" not in text


def test_a_report_without_pictures_is_a_message_too(make):
    message = build_message(make.notebook(), ENVELOPE)
    assert [part.get_content_type() for part in message.walk()][1:] == ["text/plain", "text/html"]


@pytest.mark.parametrize(
    ("period", "message_id"),
    [("2026-W46", "<demo.2026-W46@localhost>"), ("2026-09..2026-10", "<demo.2026-09-to-2026-10@localhost>")],
)
def test_the_file_is_a_draft_that_is_the_same_each_time(make, period, message_id):
    tenant = load_tenant("demo", Path(__file__).parents[2] / "parameters")
    period = parse_period(period, tenant, datetime(2026, 11, 30, tzinfo=UTC))
    data = message_bytes(unaddressed_message(make.report(), tenant, period))
    draft = email.message_from_bytes(data, policy=policy.default)
    assert data == message_bytes(unaddressed_message(make.report(), tenant, period))
    assert draft["To"] is None
    assert draft["Subject"] == f"Demo Telecom, {period.short_title(tenant.locale)}: Incoming Messages"
    assert draft["Date"].datetime == period.end
    assert draft["Message-ID"] == message_id
    assert [part.defects for part in draft.walk() if part.defects] == []


def test_the_preview_holds_its_pictures(make):
    html, resources = MailExporter().from_notebook_node(make.report())
    assert "cid:" not in html
    assert 'src="data:image/png' in html
    assert resources["output_extension"] == ".mail.html"


def _preview(message):
    """A message's HTML with its pictures put back into it."""
    html = message.get_body(("html",)).get_content()
    for part in message.walk():
        if part["Content-ID"]:
            picture = base64.b64encode(part.get_content()).decode()
            html = html.replace(f"cid:{part['Content-ID'].strip('<>')}", f"data:image/png;base64,{picture}")
    return html


@pytest.fixture(scope="module")
def previews(make):
    """Mail as it is sent: of a report, of one with hostile text, and of one made as short as it can be."""
    envelope = replace(ENVELOPE, attachments=("page",), page_url="https://example.com/demo?a=1&b=2")
    charts = [make.shown(make.chart(notes=("note " * 400,)), make.png()) for _ in range(60)]
    large = make.notebook(new_markdown_cell("## Activity"), make.shown(Cards((make.card(),))), *charts)
    notebooks = {"plain": make.report(), "hostile": make.report(make.hostile, make.hostile), "short": large}
    return {name: _preview(build_message(notebook, envelope)) for name, notebook in notebooks.items()}


def test_text_of_data_adds_no_element(previews):
    plain, hostile = (BeautifulSoup(previews[name], "html.parser") for name in ("plain", "hostile"))
    assert [tag.name for tag in hostile()] == [tag.name for tag in plain()]


def test_the_mail_is_valid_html(previews, html_errors):
    assert html_errors(*previews.values()) == ""


@pytest.mark.parametrize(
    ("width", "scheme", "name"),
    slow_but(
        [(640, "light", "plain"), (360, "dark", "hostile")],
        product([640, 360], ["light", "dark"], ["plain", "hostile", "short"]),
    ),
)
def test_in_a_browser(previews, browser, violations, width, scheme, name):
    with browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme) as context:
        page = context.new_page()
        requests = []
        page.on("request", lambda request: requests.append(request.url))
        page.set_content(previews[name])
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert [url for url in requests if not url.startswith("data:")] == []


@pytest.mark.parametrize(("scheme", "ground"), [("light", "rgb(245, 247, 250)"), ("dark", "rgb(15, 20, 27)")])
def test_the_ground_is_the_reader_s(previews, browser, scheme, ground):
    with browser.new_context(color_scheme=scheme) as context:
        page = context.new_page()
        page.set_content(previews["plain"])
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground


@pytest.mark.parametrize(("width", "abreast"), [(640, True), (360, False)])
def test_words_stand_beside_their_picture_where_there_is_room(previews, browser, width, abreast):
    with browser.new_context(viewport={"width": width, "height": 900}) as context:
        page = context.new_page()
        page.set_content(previews["plain"])
        words, picture = (
            page.locator(".aside").first.bounding_box(),
            page.locator(".shown").first.bounding_box(),
        )
        assert (words["y"] == picture["y"]) == abreast
        assert picture["x"] + picture["width"] <= width
