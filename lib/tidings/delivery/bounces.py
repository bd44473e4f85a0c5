"""Mail that came back: of which letter it is, and whether that was for good and for the recipient's sake."""

import re
from collections.abc import Iterator, Mapping
from email import message_from_bytes
from email.iterators import typed_subpart_iterator
from email.message import Message

from flufl.bounce import scan_message

from tidings.delivery.transports.smtp_answers import Blame, read_blame
from tidings.tenants.address import canonical

TOKEN = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")

_LARGEST_IN_WORDS, _LONGEST_LINE = 64_000, 998
_ADDRESS = re.compile(r"[^\s;<>]+@[^\s;<>]+")
_MESSAGE_ID = re.compile(r"^[> \t]*Message-ID:(.*)", re.IGNORECASE | re.MULTILINE)
_COPY = re.compile(
    r"^[ >*-]*(original message|forwarded message|below this line|return-path:|received:)", re.I | re.M
)
_STATUS = re.compile(r"\b5\.\d{1,3}\.\d{1,3}\b")
# Not for the recipient's sake: a full mailbox, a letter too large, content.
_NOT_HARD = ("5.2.2", "5.2.3", "5.3.4", "5.6.")
_NOT_HARD_WORDS = re.compile(
    r"\bfull\b|quota|too (large|big)|exceed|\bspam\b|virus|content|temporar|will be retried|delayed",
    re.IGNORECASE,
)


def read_bounce(content: bytes, known: Mapping[str, str]) -> str | None:
    """The token of the letter that came back for good, for the sake of its recipient; None where none did.

    A report by RFC 3464 says so itself. What older programs wrote, as qmail, Exchange, Yahoo and Gmail did,
    is read by its words.

    Parameters
    ----------
    content : bytes
        What came back, a megabyte at most.
    known : mapping
        The recipient of each letter that was sent, by its token.
    """
    try:
        return _read(message_from_bytes(content), content, known)
    except RecursionError:  # parts within parts without end, as no mail program writes
        return None


def _read(letter: Message, content: bytes, known: Mapping[str, str]) -> str | None:
    token = next((token for token in _find_tokens(letter) if token in known), None)
    if token is None:
        return None
    reports = list(typed_subpart_iterator(letter, "message", "delivery-status"))
    if reports:
        is_hard = any(_is_hard(part, known[token]) for report in reports for part in report.walk())
    else:
        is_hard = _is_hard_in_words(content[:_LARGEST_IN_WORDS], known[token])
    return token if is_hard else None


def _find_tokens(letter: Message) -> Iterator[str]:
    """The tokens in the address to which it came back, and in the Message-IDs of what it answers or holds."""
    for header in ("To", "Delivered-To", "X-Original-To", "In-Reply-To", "References"):
        yield from TOKEN.findall(" ".join(map(str, letter.get_all(header, []))))
    for part in letter.walk():
        if part.get_content_type() == "text/rfc822-headers":
            yield from TOKEN.findall(str(part.get_payload()))
        elif part is not letter and part["Message-ID"]:
            yield from TOKEN.findall(str(part["Message-ID"]))
        elif part.get_content_type() == "text/plain":
            for found in _MESSAGE_ID.findall(str(part.get_payload())):
                yield from TOKEN.findall(found)


def _is_hard(report: Message, recipient: str) -> bool:
    """Whether a report says of a recipient that the letter was given up, and for their sake."""
    action, status = str(report.get("Action", "")).strip().lower(), str(report.get("Status", "")).split()
    if action != "failed" or not status or not status[0].startswith("5."):
        return False
    named = [str(report.get(f"{which}-Recipient", "")) for which in ("Original", "Final")]
    if not any(_is_of(recipient, address) for name in named for address in _ADDRESS.findall(name)):
        return False  # a list's member, or where the recipient has their mail sent on to
    words = f"{status[0]} {report.get('Diagnostic-Code', '')}"
    return not status[0].startswith(_NOT_HARD) and read_blame(550, words) is not Blame.SENDER


def _is_hard_in_words(content: bytes, recipient: str) -> bool:
    """Whether what is no report by RFC 3464 is a bounce all the same, final, and for the recipient's sake."""
    if max(map(len, content.splitlines()), default=0) > _LONGEST_LINE:
        return False  # no mail program's, and what reads the words takes long for long lines
    letter = message_from_bytes(content)
    try:
        failed = scan_message(letter)
    except Exception:  # it reads what programs wrote in their own ways, and may stumble over another
        return False
    if not any(_is_of(recipient, address.decode("ascii", "replace")) for address in failed):
        return False
    text = next((str(part.get_payload()) for part in letter.walk() if not part.is_multipart()), "")
    said = text[: copy.start()] if (copy := _COPY.search(text)) else text
    status = _STATUS.search(said)
    is_soft = _NOT_HARD_WORDS.search(said) or (status and status[0].startswith(_NOT_HARD))
    return (
        not is_soft and read_blame(550, f"{status[0] if status else ''} {said}".strip()) is not Blame.SENDER
    )


def _is_of(recipient: str, address: str) -> bool:
    try:
        return canonical(address) == canonical(recipient)
    except UnicodeError:  # which is what the errors of names of domains are
        return False
