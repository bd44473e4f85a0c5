import base64
import email
from dataclasses import replace
from datetime import UTC, datetime
from email import policy

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tidings.errors import DeliveryError
from tidings.mail.envelope import Dkim, Envelope
from tidings.mail.message import build_message, message_bytes


@pytest.fixture(scope="module")
def key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def dnsfunc(key):
    """A DNS that knows the one public key."""
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    records = {b"nov._domainkey.example.com.": b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)}
    return lambda name, timeout=5: records.get(name)


@pytest.fixture(scope="module")
def envelope(key):
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    return Envelope(
        sender="Tidings <reports@example.com>",
        recipient="ana@example.com",
        subject="Größe: 9 – 15 November",
        date=datetime(2026, 11, 16, 6, tzinfo=UTC),
        message_id="<demo.2026-W46@example.com>",
        series="demo.report",
        unsubscribe_url="https://example.com/stop",
        unsubscribe_mailto="stop@example.com",
        dkim=Dkim("example.com", "nov", pem),
    )


@pytest.fixture(scope="module")
def wire(make, envelope):
    return message_bytes(build_message(make.report(), envelope))


def test_a_signed_message_is_verified(wire, dnsfunc):
    assert dkim.verify(wire, dnsfunc=dnsfunc)
    assert max(map(len, wire.split(b"\r\n"))) <= 998


@pytest.mark.parametrize(
    "part", [b"https://example.com/stop", b"One-Click", b"reports@example.com", b"In short", b"picture-1.png"]
)
def test_whatever_was_changed_on_the_way_is_noticed(wire, dnsfunc, part):
    assert part in wire
    assert not dkim.verify(wire.replace(part, part[::-1], 1), dnsfunc=dnsfunc)


def test_the_headers_that_unsubscribe_are_covered(wire):
    signature = email.message_from_bytes(wire, policy=policy.default)["DKIM-Signature"]
    assert {"list-unsubscribe", "list-unsubscribe-post", "from", "subject"} <= set(
        signature.replace(" ", "").partition("h=")[2].partition(";")[0].split(":")
    )


def test_a_key_is_never_shown(envelope):
    assert "PRIVATE" not in repr(envelope)


@pytest.mark.parametrize("change", [{"key": b"no key"}, {"selector": "né"}])
def test_what_cannot_sign_is_refused_without_showing_the_key(make, envelope, change):
    with pytest.raises(DeliveryError, match="cannot be signed") as caught:
        build_message(make.notebook(), replace(envelope, dkim=replace(envelope.dkim, **change)))
    assert "PRIVATE" not in str(caught.value)
    assert "no key" not in str(caught.value)
