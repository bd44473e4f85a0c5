"""Messages: addressed as the settings say, signed where they say so, and the same for the same mark."""

from email import message_from_bytes, policy

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from support.messages import NOW

from tidings.delivery.messages import Mark, write_message, write_messages
from tidings.delivery.settings import load_settings
from tidings.periods.period import parse_period
from tidings.reports.editions import find_report, read_notebook
from tidings.reports.order import Order
from tidings.tenants.tenant import load_tenant


@pytest.fixture
def write(service, monkeypatch):
    """Writes the message of a finished edition to ana@example.com, under settings."""

    def run(to: str = "ana@example.com", **settings: str):
        for name, value in settings.items():
            monkeypatch.setenv(f"TIDINGS_{name}", value)
        tenant = load_tenant("acme", service.folders.parameters)
        order = Order(tenant, parse_period("2026-W46", tenant, NOW), service.folders.outputs)
        notebook, settings = read_notebook(find_report(order)), load_settings(service.project)
        return write_message(notebook, order, to, settings, Mark("0123", NOW))

    service.finish()
    return run


def _parse(message):
    return message_from_bytes(message.content, policy=policy.default)


def test_what_the_settings_say_is_in_the_headers(write):
    message = _parse(
        write(
            FROM="Tidings <reports@example.com>",
            REPLY_TO="Help <help@example.com>",
            UNSUBSCRIBE_URL="https://example.com/out",
            UNSUBSCRIBE_MAILTO="out@example.com",
        )
    )
    assert message["From"] == "Tidings <reports@example.com>"
    assert message["Reply-To"] == "Help <help@example.com>"
    assert message["Message-ID"] == "<0123@example.com>"
    assert "https://example.com/out" in message["List-Unsubscribe"]
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "mailto:out@example.com" in message["List-Unsubscribe"]


def test_the_message_links_to_its_page_where_a_host_shows_it(write):
    message = _parse(write(PAGE_URL="https://reports.example.com/{tenant}/{period}/report.html"))
    url = "https://reports.example.com/acme/2026-W46/report.html"
    assert f'href="{url}"' in message.get_body(("html",)).get_content()
    assert f"The whole report as a page: {url}" in message.get_body(("plain",)).get_content()


def test_the_server_is_told_the_addresses_of_the_headers_in_ascii(write):
    message = write(to="ana@bücher.example", FROM="Tidings <reports@bücher.example>")
    assert (message.sender, message.recipient) == (
        "reports@xn--bcher-kva.example",
        "ana@xn--bcher-kva.example",
    )
    assert b"<0123@xn--bcher-kva.example>" in message.content


def test_the_same_mark_gives_the_same_bytes(write):
    assert write() == write()


def test_the_bytes_are_what_every_server_takes(write):
    content = write(UNSUBSCRIBE_URL="https://example.com/" + "x" * 300).content
    assert content.isascii()
    assert content.count(b"\n") == content.count(b"\r\n")
    assert max(map(len, content.split(b"\r\n"))) <= 998


def test_a_signature_covers_the_message_as_it_goes_out(write, service):
    key = rsa.generate_private_key(65537, 2048)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    (service.project / "dkim.pem").write_bytes(private)
    message = write(FROM="reports@example.com", DKIM_SELECTOR="mail", DKIM_KEY_FILE="dkim.pem")
    record = b"v=DKIM1; k=rsa; p=" + b"".join(public.splitlines()[1:-1])
    published = {b"mail._domainkey.example.com.": record}
    assert dkim.verify(message.content, dnsfunc=lambda name, timeout=5: published.get(name))
    assert not dkim.verify(
        message.content.replace(b"ana@example.com", b"eve@example.com"),
        dnsfunc=lambda name, timeout=5: published.get(name),
    )


def test_messages_to_many_differ_in_their_headers_alone(service):
    service.finish()
    tenant = load_tenant("acme", service.folders.parameters)
    order = Order(tenant, parse_period("2026-W46", tenant, NOW), service.folders.outputs)
    notebook, settings = read_notebook(find_report(order)), load_settings(service.project)
    recipients = [(f"reader{number}@example.com", Mark(f"012{number}", NOW)) for number in range(3)]
    messages = list(write_messages(notebook, order, recipients, settings))
    assert messages[0] == write_message(notebook, order, "reader0@example.com", settings, Mark("0120", NOW))
    heads, bodies = zip(*(message.content.split(b"\r\n\r\n", 1) for message in messages), strict=True)
    assert len(set(bodies)) == 1
    for number, head in enumerate(heads):
        assert f"To: reader{number}@example.com\r\n".encode() in head
        assert f"Message-ID: <012{number}@localhost>\r\n".encode() in head
    parsed = [_parse(message) for message in messages]
    assert len({message.get_body(("html",)).get_content() for message in parsed}) == 1
    assert all(message.get_content_type() == "multipart/alternative" for message in parsed)


def test_the_link_to_unsubscribe_is_each_recipients_own_and_the_rest_is_shared(service, monkeypatch):
    monkeypatch.setenv("TIDINGS_UNSUBSCRIBE_URL", "https://example.com/stop?who={token}&list=1")
    service.finish()
    tenant = load_tenant("acme", service.folders.parameters)
    order = Order(tenant, parse_period("2026-W46", tenant, NOW), service.folders.outputs)
    notebook, settings = read_notebook(find_report(order)), load_settings(service.project)
    recipients = [(f"reader{number}@example.com", Mark(f"{number:032x}", NOW)) for number in range(3)]
    shown = []
    for (to, mark), message in zip(
        recipients, write_messages(notebook, order, recipients, settings), strict=True
    ):
        parsed, url = _parse(message), f"https://example.com/stop?who={mark.token}&list=1"
        text, html = (parsed.get_body((kind,)).get_content() for kind in ("plain", "html"))
        assert f"open {url}\r\n" in text
        assert f'href="{url.replace("&", "&amp;")}"' in html
        assert parsed["List-Unsubscribe"] == f"<{url}>"
        shown.append((text.replace(mark.token, ""), html.replace(mark.token, "")))
        assert message == write_message(notebook, order, to, settings, mark) or mark != recipients[0][1]
    assert len(set(shown)) == 1
