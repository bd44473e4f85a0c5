"""Whom a server's refusal is about: its recipient, or whoever sends. Only the first ends a letter."""

import re
from enum import StrEnum


class Blame(StrEnum):
    """Whom a refusal is about."""

    RECIPIENT = "recipient"
    """This recipient or this message: others may go through, and this one never will."""
    SENDER = "sender"
    """The sender, as the server sees them: once that is mended, each letter goes through."""
    UNCLEAR = "unclear"
    """Neither is said. Where the first letters are all refused alike, it was the sender."""


_STATUS = re.compile(r"(?:^|\(#)([245]\.\d{1,3}\.\d{1,3})\b")
# Classes 5.1 addressing, 5.2 mailbox and 5.6 content are of this letter, and 5.7, policy, is of the sender:
# but for these, by RFC 3463, 5248 and 7293, and by Exchange.
_SENDER = frozenset(
    {"5.1.7", "5.1.8", "5.2.252", "5.3.2", "5.3.3", "5.4.5", "5.5.1", "5.5.2", "5.5.3", "5.5.4", "5.5.6"}
)
_RECIPIENT = frozenset(
    {"5.3.4", "5.4.1", "5.4.4", "5.4.6", "5.4.14", "5.7.2", "5.7.17", "5.7.18"}
    | {"5.7.124", "5.7.129", "5.7.133", "5.7.134", "5.7.135", "5.7.136"}
)
_LETTER_CLASSES = ("5.1.", "5.2.", "5.6.")
_SENDER_CODES = frozenset({500, 501, 502, 503, 504, 521, 530, 534, 535, 538})
_RECIPIENT_CODES = frozenset({551, 552, 553})
_SENDER_WORDS = re.compile(
    r"relay|rcpthosts|send ?as ?denied|as this sender|sender address|too many (messages|mails)"
    r"|limit exceeded|(sending|sender|daily|hourly) (user )?(sending )?(limit|quota)|authenticat"
    r"|log ?in first|\b[eh][eh]lo\b|bl[oa]ck ?list|client host|\b(spf|dkim|dmarc|ptr)\b|reverse dns"
    r"|reputation|ipcheck|spoof|not verified|verified sender|not authori[sz]ed to perform"
    r"|(max|maximum) (e?mails|messages) per",
    re.IGNORECASE,
)
# Said under codes that otherwise are of the recipient: by Yahoo under 5.7.2, by Zoho under 5.4.6.
_SENDER_WHATEVER_CODE = re.compile("all messages from|unusual sending", re.IGNORECASE)
_RECIPIENT_WORDS = re.compile(
    r"(no such|unknown|invalid) (user|recipient|mailbox|address|account)"
    r"|(user|recipient|mailbox|address|account) (\S+ )?(is |was )?"
    r"(unknown|not found|invalid|disabled|unavailable|full|over quota|does not exist)"
    r"|does(n't| not) exist|does(n't| not) have an? \S+ account|mailbox (unavailable|full)|too (large|big)",
    re.IGNORECASE,
)


def read_blame(code: int, answer: str) -> Blame:
    """Whom a refusal (5xx, or 4xx that puts a letter off) is about.

    The enhanced status code (RFC 3463) decides where there is one, but for servers that say another thing in
    their words: ``5.2.0 SendAsDenied`` is no fault of a mailbox. Without one, words decide.

    Parameters
    ----------
    code : int
        The basic code.
    answer : str
        The rest of the answer.
    """
    status = find_status(answer)
    if code < 500:  # passes by itself, but for a relay that defers whom it does not know
        is_relay = status in (None, "4.7.1") and "relay" in answer.lower()
        return Blame.SENDER if is_relay else Blame.RECIPIENT
    if _SENDER_WHATEVER_CODE.search(answer):
        return Blame.SENDER
    if status in _RECIPIENT or (status == "5.1.1" and not re.search("sender", answer, re.IGNORECASE)):
        return Blame.RECIPIENT
    if status in _SENDER or (status or "").startswith("5.7.") or _SENDER_WORDS.search(answer):
        return Blame.SENDER
    if (status or "").startswith(_LETTER_CLASSES) or _RECIPIENT_WORDS.search(answer):
        return Blame.RECIPIENT
    if code in _SENDER_CODES:
        return Blame.SENDER
    if code in _RECIPIENT_CODES:
        return Blame.RECIPIENT
    return Blame.UNCLEAR


def find_status(answer: str) -> str | None:
    """The enhanced status code at the answer's beginning, or in qmail's brackets: ``5.7.1``."""
    found = _STATUS.search(answer)
    return found[1] if found else None


def reason_of(answer: str) -> str:
    """An answer without what differs from letter to letter: addresses, numbers and names of queues."""
    return re.sub(r"<[^>]*>|\S+@\S+|\S*\d\S*", "…", answer)
