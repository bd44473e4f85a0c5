"""How an edition stands: the state that decides its place in the review, and what was found."""

import json
from collections.abc import Mapping
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


@dataclass(frozen=True)
class Standing:
    """What was judged of an edition when it was made.

    Attributes
    ----------
    state : str
        The gravest of what was found: ``refuse``, ``hold``, ``review``, ``note``, or else ``clean``.
    findings : tuple of Finding
        What was found, the gravest first.
    """

    state: str
    findings: tuple[Finding, ...]


STATES = {
    "refuse": State.REFUSED,
    "hold": State.HELD,
    "review": State.REVIEW,
    "note": State.NOTE,
    "clean": State.CLEAN,
}
"""The state of an edition by what was judged of it."""


def read_standing(record: object) -> Standing | None:
    """A standing from what was written down of it: a mapping, or its JSON; None where it is neither.

    The mapping has ``state`` and ``findings``, a list of mappings with ``check`` and ``sentence``.
    """
    try:
        about = json.loads(record) if isinstance(record, str) else record
        if not isinstance(about, Mapping) or about["state"] not in STATES:
            return None
        found = tuple(
            Finding(str(each.get("check", "")), str(each["sentence"])) for each in about["findings"]
        )
        return Standing(str(about["state"]), found)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
