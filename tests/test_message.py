import email
import re
from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tidings.errors import DeliveryError
from tidings.mail_size import MAX_HTML_BYTES
from tidings.message import Envelope, MailExporter, build_message, eml, message_bytes
from tidings.parameters import load_tenant
from tidings.period import parse_period

ENVELOPE = Envelope(
    sender="Tidings <reports@example.com>",
    recipient="ana@example.com",
    subject="Demo Telecom · Mon 9 – Sun 15 November 2026",
    date=datetime(2026, 11, 16, 6, tzinfo=UTC),
    message_id="<demo.2026-W46@example.com>",
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


def test_headers_say_who_to_whom_when_and_that_no_one_typed_it(received):
    assert received["From"] == "Tidings <reports@example.com>"
    assert received["To"] == "ana@example.com"
    assert received["Subject"] == ENVELOPE.subject
    assert received["Date"].datetime == ENVELOPE.date
    assert received["Message-ID"] == ENVELOPE.message_id
    assert received["Auto-Submitted"] == "auto-generated"


def test_a_long_structured_header_stays_in_one_piece(make):
    """Encoded, it would be no address: mail programs then hide the way to unsubscribe."""
    message = build_message(make.notebook(), ENVELOPE)
    address = f"<https://example.com/{'a' * 200}>"
    message["List-Unsubscribe"] = address
    assert f"List-Unsubscribe: {address}\r\n".encode() in message_bytes(message)


def test_the_same_report_and_envelope_give_the_same_bytes(make, wire):
    assert message_bytes(build_message(make.report(), ENVELOPE)) == wire


def test_the_html_uses_only_what_mail_clients_show(html):
    head = re.search(r"<style.*?</style>", html, re.DOTALL).group()
    body = html.replace(head, "")
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


def test_the_mailbox_preview_is_the_first_highlight(html):
    first = BeautifulSoup(html, "html.parser").body.find("div")
    assert first.text == "Incoming Messages"
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


def test_a_report_too_large_for_mail_clients_is_refused_with_its_size(make):
    sentences = ["x" * 1000] * 100
    notebook = make.notebook(make.shown({"kind": "highlights", "title": "In short", "sentences": sentences}))
    with pytest.raises(DeliveryError, match=r"has 1\d\d,\d{3} bytes"):
        build_message(notebook, ENVELOPE)


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "Report\r\nBcc: eve@example.com"},
        {"sender": "Tidings\r\nBcc: eve@example.com <reports@example.com>"},
        {"recipient": "ana@example.com\nBcc: eve@example.com"},
        {"recipient": "ana@example.com, eve@example.com"},
        {"recipient": "Ana"},
        {"recipient": "ana@"},
        {"recipient": "añá@example.com"},
        {"recipient": "ana@exa mple.com"},
        {"message_id": "<a@b>\r\nBcc: eve@example.com"},
    ],
)
def test_an_envelope_that_is_not_one_clean_line_each_is_refused(make, change):
    with pytest.raises(DeliveryError):
        build_message(make.notebook(), replace(ENVELOPE, **change))


@pytest.mark.parametrize(
    ("domain", "ascii_domain"), [("bücher.example", "xn--bcher-kva"), ("straße.example", "xn--strae-oqa")]
)
def test_a_domain_in_other_letters_is_written_as_servers_know_it(make, domain, ascii_domain):
    message = build_message(make.notebook(), replace(ENVELOPE, recipient=f"ana@{domain}"))
    assert message["To"] == f"ana@{ascii_domain}.example"


def test_a_report_without_pictures_is_a_message_too(make):
    message = build_message(make.notebook(), ENVELOPE)
    assert [part.get_content_type() for part in message.walk()][1:] == ["text/plain", "text/html"]


@pytest.mark.parametrize(
    ("period", "message_id"),
    [("2026-W46", "<demo.2026-W46@localhost>"), ("2026-09..2026-10", "<demo.2026-09-to-2026-10@localhost>")],
)
def test_the_file_is_a_draft_that_is_the_same_each_time(make, period, message_id):
    tenant = load_tenant("demo", Path(__file__).parents[1] / "parameters")
    period = parse_period(period, tenant, datetime(2026, 11, 30, tzinfo=UTC))
    data = eml(make.report(), tenant, period)
    draft = email.message_from_bytes(data, policy=policy.default)
    assert data == eml(make.report(), tenant, period)
    assert draft["To"] is None
    assert draft["Subject"] == f"{tenant.name}: {period.title(tenant.locale)}"
    assert draft["Date"].datetime == period.end
    assert draft["Message-ID"] == message_id
    assert [part.defects for part in draft.walk() if part.defects] == []


def test_the_preview_holds_its_pictures(make):
    html, resources = MailExporter().from_notebook_node(make.report())
    assert "cid:" not in html
    assert 'src="data:image/png' in html
    assert resources["output_extension"] == ".mail.html"


@pytest.fixture(scope="module")
def previews(make):
    exporter = MailExporter()
    notebooks = {"plain": make.report(), "hostile": make.report(make.hostile, tenant=make.hostile)}
    return {name: exporter.from_notebook_node(notebook)[0] for name, notebook in notebooks.items()}


def test_text_of_data_adds_no_element(previews):
    plain, hostile = (BeautifulSoup(html, "html.parser") for html in previews.values())
    assert [tag.name for tag in hostile()] == [tag.name for tag in plain()]


def test_the_mail_is_valid_html(previews, html_errors):
    assert html_errors(*previews.values()) == ""


@pytest.mark.parametrize("name", ["plain", "hostile"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [640, 360])
def test_in_a_browser(previews, browser, violations, width, scheme, name):
    with browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme) as context:
        page = context.new_page()
        requests = []
        page.on("request", lambda request: requests.append(request.url))
        page.set_content(previews[name])
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert [url for url in requests if not url.startswith("data:")] == []
