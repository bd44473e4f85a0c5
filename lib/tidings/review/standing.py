"""How an edition stands: the state that decides its place in the review, and what was found."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """What a reviewer has to do with an edition, the worst first."""

    FAILED = "failed"
    """Its last run ended in an error."""
    REFUSED = "refused"
    """Its data or its numbers contradict what they must keep to."""
    HELD = "held"
    """It was made, and nothing of it is mailed until it is approved."""
    MISSING = "missing"
    """It was expected and is not there."""
    REVIEW = "review"
    """It may be mailed, and someone should look at it."""
    NOTE = "note"
    """Something is worth knowing."""
    CLEAN = "clean"
    """Nothing was found."""
    WAITING = "waiting"
    """The batch that makes it is still running."""

    @property
    def rank(self) -> int:
        """Its place among the states, from 0 for the worst."""
        return list(State).index(self)


@dataclass(frozen=True)
class Finding:
    """One thing that a reviewer should know, and the check that found it; empty where none did."""

    check: str
    sentence: str


STATES = {
    "refuse": State.REFUSED,
    "hold": State.HELD,
    "review": State.REVIEW,
    "note": State.NOTE,
    "clean": State.CLEAN,
}
"""The state of an edition by what was judged of it when it was made."""
