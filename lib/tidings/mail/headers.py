"""A message's headers: written from its envelope, and serialised so that every server takes them."""

import re
import textwrap
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from typing import Any
from urllib.parse import quote

from tidings.errors import DeliveryError
from tidings.mail.envelope import Envelope
from tidings.tenants.address import ascii_domain, check_line, read_mailbox

_LONGEST = 998  # octets of a line without its end, by RFC 5322
_SHORT = 76  # of a line with encoded words, by RFC 2047
_FOR_MACHINES = frozenset(
    {
        *("message-id", "references", "content-id", "auto-submitted", "x-auto-response-suppress"),
        "dkim-signature",
        *("list-id", "list-unsubscribe", "list-unsubscribe-post"),
    }
)
FOR_ROBOTS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
"""By which programs know not to answer: Exchange, for one who is away, only by the second."""
_ADDRESSES = frozenset({"from", "reply-to", "to"})
_MESSAGE_ID = re.compile(r"<([^\s<>@]+)@([^\s<>@]+)>")
_SERIES = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")
_URL = re.compile(r"https://[!-;=?-~]+")


class _WirePolicy(EmailPolicy):
    """SMTP's rules, and headers that keep every letter.

    The library's own folding loses spaces between encoded words, makes these longer than they may be, and
    encodes what machines read, who do not decode it: mail programs then hide the way to unsubscribe.
    """

    def fold_binary(self, name: str, value: Any) -> bytes:
        kind = name.lower()
        if kind in _FOR_MACHINES:
            return _line(f"{name}: {value}")
        if kind == "subject":
            text = str(value)
            written = text if _is_plain(f"{name}: {text}") else _encoded(name, text)
        elif kind in _ADDRESSES:
            written = ",\r\n ".join(_written(name, address) for address in value.addresses)
        else:
            return super().fold_binary(name, value)
        return f"{name}: {written}\r\n".encode("ascii")


WIRE = _WirePolicy(linesep="\r\n")
"""The policy under which a message is turned to bytes."""


def _line(text: str) -> bytes:
    """A header broken at spaces alone, and only where it has to be."""
    lines = textwrap.wrap(
        text, width=_LONGEST, subsequent_indent=" ", break_long_words=False, break_on_hyphens=False
    )
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def _written(name: str, address: Address) -> str:
    if _is_plain(f"{name}: {address}"):
        return str(address)
    return f"{_encoded(name, address.display_name)}\r\n <{address.addr_spec}>"


def _is_plain(line: str) -> bool:
    return line.isascii() and len(line) <= _LONGEST


def _encoded(name: str, text: str) -> str:
    """A text in encoded words, in lines that follow a header's name."""
    return Header(text, "utf-8", maxlinelen=_SHORT, header_name=name).encode(linesep="\r\n")


def message_bytes(message: EmailMessage) -> bytes:
    """The message as it goes over the wire: CRLF line ends, no line longer than 998 octets."""
    return message.as_bytes(policy=WIRE)


def write_headers(envelope: Envelope) -> EmailMessage:
    """A message without content, with all the headers that its envelope asks for.

    Raises
    ------
    DeliveryError
        An address or another header is not valid.
    """
    sender = _mailbox(envelope.sender, "sender")
    headers: dict[str, Any] = {"From": sender}
    if envelope.reply_to is not None:
        headers["Reply-To"] = _mailbox(envelope.reply_to, "reply_to")
    if envelope.recipient is not None:
        headers["To"] = _mailbox(envelope.recipient, "recipient")
    headers |= {"Subject": envelope.subject, "Date": envelope.date, "Message-ID": message_id(envelope)}
    if envelope.series is not None:
        if not _SERIES.fullmatch(envelope.series):
            raise DeliveryError(
                f"{envelope.series!r} cannot name a series",
                where="series",
                remedy="use small letters, digits and hyphens, with dots between: demo.report",
            )
        # A thread is held together by one constant ancestor of all its messages.
        headers["References"] = f"<{envelope.series}@{sender.domain}>"
        headers["List-Id"] = f"<{envelope.series}.{sender.domain}>"
    headers |= _unsubscribe(envelope) | FOR_ROBOTS
    # Not under WIRE's: its lines are for headers, and bodies are encoded as soon as they are set.
    message = EmailMessage(policy=SMTP)
    for name, value in headers.items():
        try:
            check_line(str(value))
            message[name] = value
        except ValueError as error:
            raise DeliveryError(
                f"{value!r} cannot be a header: {error}",
                where=name,
                remedy="write it as it is to be read, on one line",
            ) from error
    return message


def message_id(envelope: Envelope) -> str:
    """The envelope's Message-ID, its domain in the ASCII form that every server takes."""
    found = _MESSAGE_ID.fullmatch(envelope.message_id)
    try:
        if found and found[1].isascii():
            return f"<{found[1]}@{ascii_domain(found[2])}>"
    except ValueError:
        pass
    raise DeliveryError(
        f"{envelope.message_id!r} cannot name a message",
        where="Message-ID",
        remedy="write <unique@domain>, without spaces",
    )


def unsubscribe_link(envelope: Envelope) -> str | None:
    """The ``mailto:`` link of a message that ends the subscription; says which one in its subject."""
    if envelope.unsubscribe_mailto is None:
        return None
    address = _mailbox(envelope.unsubscribe_mailto, "unsubscribe_mailto").addr_spec
    subject = " ".join(filter(None, ["unsubscribe", envelope.series]))
    return f"mailto:{quote(address, safe='@')}?subject={quote(subject)}"


def _unsubscribe(envelope: Envelope) -> dict[str, str]:
    """The headers by which a mail program ends the subscription."""
    url, link, ways = envelope.unsubscribe_url, unsubscribe_link(envelope), []
    if url is not None:
        if not _URL.fullmatch(url) or len(url) > _LONGEST - 50:
            raise DeliveryError(
                f"{url!r} cannot be a link for unsubscribing",
                where="unsubscribe_url",
                remedy="write one that begins with https://, in ASCII, without spaces",
            )
        ways.append(f"<{url}>")
    if link is not None:
        ways.append(f"<{link}>")
    headers = {"List-Unsubscribe": ", ".join(ways)} if ways else {}
    return headers if url is None else headers | {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _mailbox(text: str, role: str) -> Address:
    """One address, for the header or the link that has a role."""
    try:
        return read_mailbox(text)
    except ValueError as error:
        raise DeliveryError(
            f"{text!r} is not one address that mail can be sent to: {error}",
            where=role,
            remedy="write one address, such as ana@example.com",
        ) from error
