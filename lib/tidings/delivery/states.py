"""What can be said of a delivery, and what one attempt came to."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

_LONGEST_ANSWER = 500


class State(StrEnum):
    """Where a delivery stands."""

    QUEUED = "queued"
    """Written down, not accepted by any server; the next run sends it."""
    SENDING = "sending"
    """An attempt is under way, or the run that made it was killed."""
    SENT = "sent"
    """The server, or the outbox, took the message."""
    REFUSED = "refused"
    """The server refused it for good (5xx), for the recipient's sake or the letter's own."""
    FAILED = "failed"
    """Put off (4xx), or lost before the message was complete; later runs try again for some days."""
    UNCERTAIN = "uncertain"
    """The message was complete and no answer came: it may have arrived, so that no run sends it again."""


OPEN = frozenset({State.QUEUED, State.FAILED})
"""The states of messages that no server has accepted."""


@dataclass(frozen=True)
class Attempt:
    """What an attempt came to, and the server's answer in its words.

    Attributes
    ----------
    state : State
        What it came to.
    answer : str
        One line.
    unclear : str or None
        Of a refusal that does not say whether it is about the recipient or the sender: its reason, the same
        for every letter that is refused for it.
    """

    state: State
    answer: str
    unclear: str | None = None


def plain_answer(answer: bytes | str) -> str:
    """A server's answer as one line that is safe to show: without control characters, and not endless."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    line = " ".join(text.split())
    return "".join(
        character if unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co") else "?"
        for character in line
    )[:_LONGEST_ANSWER]
