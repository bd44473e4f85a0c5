"""What a finding is, and how a function is declared to look for findings."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, StrEnum, auto
from functools import wraps
from typing import Protocol, cast

from tidings.language.numbers import shorten
from tidings.metrics.findings.recorded import Recorded
from tidings.tenants.goals import Goal

LONGEST_HEADLINE = 60
"""Characters of a headline: a mail's subject has room for them beside the tenant and the period."""


class Kind(StrEnum):
    """What a finding tells, as it is recorded."""

    CHANGE = "change"
    MISSED = "missed"
    WAIT = "wait"
    AUTOMATED = "automated"
    UNRECOGNISED = "unrecognised"
    SHIFT = "shift"
    MOST = "most"
    DAY = "day"
    MINUTE = "minute"
    UNATTENDED = "unattended"
    ONE_AGENT = "one agent"
    IDLE = "idle"
    SILENCE = "silence"
    GOAL = "goal"


class Cause(Enum):
    """What lies behind a finding: of two with one cause, only the more unusual is told."""

    TRAFFIC = auto()
    DEMAND = auto()
    NEW_USERS = auto()
    LENGTH = auto()
    TALK = auto()
    MISSED = auto()
    WAIT = auto()
    AUTOMATION = auto()
    RECOGNITION = auto()
    INTENTS = auto()
    LANGUAGES = auto()
    REASONS = auto()
    STAFF = auto()


@dataclass(frozen=True)
class Finding:
    """Something that a reader should know.

    Attributes
    ----------
    name : str
        The recorded name of the number that it is about; its first part is the section.
    score : float
        How unusual it is: see `tidings.metrics.findings.score`.
    sentence : str
        A sentence with its numbers, in the reader's language.
    headline : str
        The same in a few words, for the subject of a mail.
    cause : Cause, date or Goal
        What lies behind it; a day, where that one was out of line; or a goal.
    kind : Kind
        What it tells, which the declaration fills in.
    """

    name: str
    score: float
    sentence: str
    headline: str
    cause: Cause | date | Goal
    kind: Kind = Kind.MOST

    @property
    def section(self) -> str:
        """The section that its number belongs to."""
        return self.name.partition(".")[0]

    @property
    def record(self) -> dict[str, str | float]:
        """What is recorded of it beside its sentence."""
        return {"name": self.name, "kind": str(self.kind), "score": round(self.score, 2)}


class Candidate(Protocol):
    """A function that was declared to look for findings of a kind.

    Attributes
    ----------
    kind : Kind
        What they tell.
    """

    kind: Kind

    def __call__(self, recorded: Recorded) -> list[Finding]: ...


def candidate(kind: Kind) -> Callable[[Callable[[Recorded], Iterator[Finding]]], Candidate]:
    """Declare a function of the recorded numbers that yields findings of a kind, as many as there are."""

    def declare(look: Callable[[Recorded], Iterator[Finding]]) -> Candidate:
        @wraps(look)
        def findings(recorded: Recorded) -> list[Finding]:
            return [
                replace(finding, kind=kind, headline=shorten(finding.headline, LONGEST_HEADLINE))
                for finding in look(recorded)
            ]

        function_of_numbers = cast(Candidate, findings)
        function_of_numbers.kind = kind
        return function_of_numbers

    return declare
