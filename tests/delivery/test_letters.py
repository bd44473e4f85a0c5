"""Letters: addressed as the settings say, signed where they say so, and the same for the same stamp."""

from email import message_from_bytes, policy

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from support.letters import NOW

from tidings.delivery.letters import Stamp, write_letter
from tidings.delivery.settings import load_settings
from tidings.periods.period import parse_period
from tidings.reports.editions import find_edition, read_notebook
from tidings.tenants.tenant import load_tenant


@pytest.fixture
def write(desk, monkeypatch):
    """Writes the letter of a finished edition to ana@example.com, under settings."""

    def run(to: str = "ana@example.com", **settings: str):
        for name, value in settings.items():
            monkeypatch.setenv(f"TIDINGS_{name}", value)
        tenant = load_tenant("acme", desk.folders.parameters)
        edition = find_edition(tenant, parse_period("2026-W46", tenant, NOW), desk.folders.outputs)
        stamp = Stamp("0123", NOW)
        return write_letter(read_notebook(edition), edition, to, load_settings(desk.project), stamp)

    desk.finish()
    return run


def _message(letter):
    return message_from_bytes(letter.content, policy=policy.default)


def test_what_the_settings_say_is_in_the_headers(write):
    message = _message(
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


def test_the_server_is_told_the_addresses_of_the_headers_in_ascii(write):
    letter = write(to="ana@bücher.example", FROM="Tidings <reports@bücher.example>")
    assert (letter.sender, letter.recipient) == ("reports@xn--bcher-kva.example", "ana@xn--bcher-kva.example")
    assert b"<0123@xn--bcher-kva.example>" in letter.content


def test_the_same_stamp_gives_the_same_bytes(write):
    assert write() == write()


def test_the_bytes_are_what_every_server_takes(write):
    content = write(UNSUBSCRIBE_URL="https://example.com/" + "x" * 300).content
    assert content.isascii()
    assert content.count(b"\n") == content.count(b"\r\n")
    assert max(map(len, content.split(b"\r\n"))) <= 998


def test_a_signature_covers_the_letter_as_it_goes_out(write, desk):
    key = rsa.generate_private_key(65537, 2048)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    (desk.project / "dkim.pem").write_bytes(private)
    letter = write(FROM="reports@example.com", DKIM_SELECTOR="mail", DKIM_KEY_FILE="dkim.pem")
    record = b"v=DKIM1; k=rsa; p=" + b"".join(public.splitlines()[1:-1])
    published = {b"mail._domainkey.example.com.": record}
    assert dkim.verify(letter.content, dnsfunc=lambda name, timeout=5: published.get(name))
    assert not dkim.verify(
        letter.content.replace(b"ana@example.com", b"eve@example.com"),
        dnsfunc=lambda name, timeout=5: published.get(name),
    )
