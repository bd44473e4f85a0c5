import email
import re
from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from email.header import decode_header, make_header
from email.message import EmailMessage

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tidings.errors import DeliveryError
from tidings.mail.envelope import Envelope
from tidings.mail.headers import WIRE, message_id, write_headers

ENVELOPE = Envelope(
    sender="Tidings <reports@example.com>",
    recipient="ana@example.com",
    subject="Demo Telecom: Mon 9 – Sun 15 November 2026",
    date=datetime(2026, 11, 16, 6, tzinfo=UTC),
    message_id="<demo.2026-W46@example.com>",
    reply_to="Help <help@example.com>",
    series="demo.report",
    unsubscribe_url="https://example.com/stop?list=demo&who=1",
    unsubscribe_mailto="stop+all@bücher.example",
)


def _wire(envelope):
    return write_headers(envelope).as_bytes(policy=WIRE)


def _received(envelope):
    return email.message_from_bytes(_wire(envelope), policy=policy.default)


def test_every_header_says_what_the_envelope_says():
    assert _wire(ENVELOPE).decode("ascii").split("\r\n") == [
        "From: Tidings <reports@example.com>",
        "Reply-To: Help <help@example.com>",
        "To: ana@example.com",
        "Subject: =?utf-8?q?Demo_Telecom=3A_Mon_9_=E2=80=93_Sun_15_November_2026?=",
        "Date: Mon, 16 Nov 2026 06:00:00 +0000",
        "Message-ID: <demo.2026-W46@example.com>",
        "References: <demo.report@example.com>",
        "List-Id: <demo.report.example.com>",
        "List-Unsubscribe: <https://example.com/stop?list=demo&who=1>, "
        "<mailto:stop%2Ball@xn--bcher-kva.example?subject=unsubscribe%20demo.report>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: All",
        "",
        "",
    ]


def test_what_is_not_configured_is_not_promised():
    bare = {"reply_to": None, "series": None, "unsubscribe_url": None, "unsubscribe_mailto": None}
    names = set(write_headers(replace(ENVELOPE, recipient=None, **bare)).keys())
    assert names == {"From", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress"}


def test_one_click_is_promised_only_where_a_link_takes_it():
    message = write_headers(replace(ENVELOPE, unsubscribe_url=None))
    assert message["List-Unsubscribe"].startswith("<mailto:")
    assert message["List-Unsubscribe-Post"] is None


def test_what_machines_read_is_broken_at_spaces_alone():
    """Encoded, it would be no address: mail programs then hide the way to unsubscribe."""
    long = f"https://example.com/{'a' * 700}"
    mailto = f"{'b' * 60}@{'.'.join(['c' * 60] * 3)}.example"
    lines = _wire(replace(ENVELOPE, unsubscribe_url=long, unsubscribe_mailto=mailto)).split(b"\r\n")
    (place,) = [number for number, line in enumerate(lines) if line.startswith(b"List-Unsubscribe:")]
    assert lines[place] + lines[place + 1] == (
        f"List-Unsubscribe: <{long}>, <mailto:{mailto}?subject=unsubscribe%20demo.report>".encode()
    )
    assert max(map(len, lines)) <= 998


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "Report\r\nBcc: eve@example.com"},
        {"subject": "Report\n"},
        {"subject": "Report\u2028Bcc: eve@example.com"},
        {"subject": "=?utf-8?q?Report=0D=0ABcc=3A_eve=40example.com?="},
        {"sender": "=?utf-8?q?Tidings=0D=0ABcc=3A_eve?= <reports@example.com>"},
        {"sender": "Tidings\r\nBcc: eve@example.com <reports@example.com>"},
        {"reply_to": "help@example.com\r\nBcc: eve@example.com"},
        {"recipient": "ana@example.com\nBcc: eve@example.com"},
        {"recipient": "ana@example.com, eve@example.com"},
        {"recipient": "Ana"},
        {"recipient": "ana@"},
        {"recipient": "añá@example.com"},
        {"recipient": "ana@exa mple.com"},
        {"message_id": "<a@b>\r\nBcc: eve@example.com"},
        {"message_id": "a@example.com"},
        {"message_id": "<ä@example.com>"},
        {"message_id": "<a@-b->"},
        {"series": "demo\r\nBcc: eve"},
        {"series": "Demo Telecom"},
        {"series": "demo..report"},
        {"unsubscribe_url": "http://example.com/stop"},
        {"unsubscribe_url": "https://example.com/ä"},
        {"unsubscribe_url": "https://example.com/a>, <b"},
        {"unsubscribe_url": "https://example.com/\r\nBcc: eve"},
        {"unsubscribe_url": f"https://example.com/{'a' * 1000}"},
        {"unsubscribe_mailto": "stop@example.com?bcc=eve@example.com"},
        {"unsubscribe_mailto": "stop@example.com>\r\nBcc: eve"},
    ],
)
def test_an_envelope_that_is_not_one_clean_line_each_is_refused(change):
    with pytest.raises(DeliveryError):
        write_headers(replace(ENVELOPE, **change))


@pytest.mark.parametrize(
    ("domain", "ascii_domain"), [("bücher.example", "xn--bcher-kva"), ("straße.example", "xn--strae-oqa")]
)
def test_a_domain_in_other_letters_is_written_as_servers_know_it(domain, ascii_domain):
    message = write_headers(
        replace(ENVELOPE, sender=f"reports@{domain}", recipient=f"ana@{domain}", message_id=f"<1@{domain}>")
    )
    assert message["To"] == f"ana@{ascii_domain}.example"
    assert message["Message-ID"] == f"<1@{ascii_domain}.example>"
    assert message["List-Id"] == f"<demo.report.{ascii_domain}.example>"
    assert message_id(replace(ENVELOPE, message_id=f"<1@{domain}>")) == f"<1@{ascii_domain}.example>"


_PRINTABLE = st.characters(exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp", "Zs", "Cn", "Co"))
_WORDS = st.lists(st.text(_PRINTABLE, min_size=1, max_size=60), min_size=1, max_size=12).map(" ".join)


def _assert_valid(wire):
    """Lines within bounds, and encoded words as RFC 2047 wants them."""
    lines = wire.split(b"\r\n")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", wire)
    assert wire.isascii()
    assert all(len(line) <= 998 for line in lines)
    assert all(len(line) <= 76 for line in lines if b"=?" in line)
    assert all(len(word) <= 75 for word in re.findall(rb"=\?utf-8\?[bq]\?[^?]*\?=", wire))
    assert all(line.strip() for line in lines[:-2])


def _decoded(raw):
    """As RFC 2047 has it, which the parser of this Python has not: it keeps spaces between encoded words."""
    return str(make_header(decode_header(raw.replace("\r\n", ""))))


@settings(max_examples=100, deadline=None)
@given(_WORDS.filter(lambda text: "=?" not in text))
@example("تقرير الأداء " * 23)
@example("绩效报告" * 75)
@example("👩‍👩‍👧 📈" * 60)
@example("a" * 300)
def test_any_subject_arrives_as_it_was(subject):
    wire = _wire(replace(ENVELOPE, subject=subject.strip()))
    _assert_valid(wire)
    raw = email.message_from_bytes(wire, policy=policy.compat32)["Subject"]
    assert _decoded(raw) == subject.strip()


@settings(max_examples=100, deadline=None)
@given(_WORDS.filter(lambda text: "=?" not in text))
@example("Ana, die Große")
@example('Ana "die" \\ Große')
@example("تقرير الأداء " * 23)
@example("Ärzte; Team <x@y.example>")
def test_any_name_arrives_as_it_was_with_its_one_address(name):
    quoted = name.strip().replace("\\", "\\\\").replace('"', '\\"')
    wire = _wire(replace(ENVELOPE, sender=f'"{quoted}" <reports@example.com>'))
    _assert_valid(wire)
    header = email.message_from_bytes(wire, policy=policy.default)["From"]
    assert [address.addr_spec for address in header.addresses] == ["reports@example.com"]
    raw = email.message_from_bytes(wire, policy=policy.compat32)["From"].rpartition(" <")[0]
    assert (_decoded(raw) if "=?" in raw else header.addresses[0].display_name) == name.strip()
    assert header.defects == ()


def test_several_addresses_stand_a_line_each():
    message = EmailMessage()
    message["To"] = "Ana <ana@example.com>, Jörg <joerg@example.com>"
    assert message.as_bytes(policy=WIRE) == (
        b"To: Ana <ana@example.com>,\r\n =?utf-8?b?SsO2cmc=?=\r\n <joerg@example.com>\r\n\r\n"
    )


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80), st.sampled_from(["subject", "sender", "recipient", "reply_to", "series"]))
def test_whatever_is_written_on_it_no_header_is_added(text, field):
    try:
        message = _received(replace(ENVELOPE, **{field: text}))
    except DeliveryError:
        return
    assert set(message.keys()) == set(_received(ENVELOPE).keys())
    assert message.get_content() == ""


@pytest.mark.parametrize(
    ("sender", "line"),
    [
        ("[Acme] Reports <r@example.com>", 'From: "[Acme] Reports" <r@example.com>'),
        ("Acme, Inc. (EU) <r@example.com>", 'From: "Acme, Inc. (EU)" <r@example.com>'),
        ('The "Weekly" <r@example.com>', r'From: "The \"Weekly\"" <r@example.com>'),
    ],
)
def test_a_senders_name_as_people_write_it_is_quoted_for_them(sender, line):
    envelope = replace(ENVELOPE, sender=sender)
    assert _wire(envelope).decode("ascii").split("\r\n")[0] == line
    assert _received(envelope)["From"].addresses[0].display_name == sender.partition(" <")[0]
