"""What a review shows: a batch as lines, one for each tenant, and what is told beside them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd

from tidings.review.spread import Spread
from tidings.review.standing import Finding, State

HEADLINES = {
    "activity.active_users": "Users",
    "activity.total_messages": "Messages",
    "contact_center.total_conversations": "Conversations",
    "contact_center.missed_conversations": "Missed",
    "contact_center.average_wait_minutes": "Wait",
}
"""The numbers that a line shows, and the short words above them."""

SERIES = ("activity.total_messages", "contact_center.total_conversations")
SERIES_LENGTH = 8


@dataclass(frozen=True)
class Delivered:
    """What became of an edition's messages.

    Attributes
    ----------
    counts : mapping
        How many recipients there are in each state of delivery.
    digests : frozenset of str
        The SHA-256 of the notebooks from which messages were sent.
    """

    counts: Mapping[str, int]
    digests: frozenset[str] = frozenset()


Deliveries = Mapping[tuple[str, str], Delivered]
"""What is known of deliveries, by tenant and period."""


@dataclass(frozen=True)
class Line:
    """What the review says of one tenant.

    Attributes
    ----------
    tenant, period : str
        Whose edition, and which.
    state : State
        How it stands.
    findings : tuple of Finding
        Why.
    values, before : mapping
        The headline numbers by their recorded names, and those of the period before.
    series : tuple of (str, float)
        The last periods and what the first of `SERIES` was in them, the oldest first.
    series_name : str
        Which of `SERIES` that is.
    delivered : Delivered or None
        What became of its messages, where that is known.
    seconds : float or None
        How long it took to make.
    picture : bytes or None
        Its charts on one small PNG.
    links : mapping
        The files that are there (``page``, ``mail``, ``notebook``, ``failed``), from the outputs' folder.
    """

    tenant: str
    period: str
    state: State
    findings: tuple[Finding, ...] = ()
    values: Mapping[str, float] = field(default_factory=dict)
    before: Mapping[str, float] = field(default_factory=dict)
    series: tuple[tuple[str, float], ...] = ()
    series_name: str = ""
    delivered: Delivered | None = None
    seconds: float | None = None
    picture: bytes | None = None
    links: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Run:
    """What ``_run.json`` says of the batch that ran last.

    Attributes
    ----------
    begun : datetime
        When it began.
    is_over : bool
        Whether it has written that it ended.
    editions : tuple of dict
        What became of each edition so far: ``tenant``, ``period``, ``state``, ``error``, ``seconds``.
    """

    begun: datetime
    is_over: bool
    editions: tuple[Mapping, ...]


@dataclass(frozen=True)
class Review:
    """A batch, as a reviewer sees it.

    Attributes
    ----------
    period : str
        The period's name; empty for the newest edition of each tenant.
    lines : tuple of Line
        One a tenant, the worst first.
    spreads : mapping
        How far each headline number moved from the period before, over all tenants.
    made_at : datetime
        When it was made, in UTC.
    run : Run or None
        The batch that ran last, where its file is there.
    """

    period: str
    lines: tuple[Line, ...]
    spreads: Mapping[str, Spread]
    made_at: datetime
    run: Run | None = None

    @property
    def counts(self) -> dict[State, int]:
        """How many tenants there are in each state that occurs, the worst first."""
        counts = Counter(line.state for line in self.lines)
        return {state: counts[state] for state in State if counts[state]}

    @property
    def frame(self) -> pd.DataFrame:
        """A row a tenant: ``period``, ``state``, ``findings``, ``seconds``, and the headline numbers.

        Beside each number stands its ``.change`` from the period before, as a share.
        """
        rows = []
        for line in self.lines:
            row: dict[str, str | float | None] = {
                "tenant": line.tenant,
                "period": line.period,
                "state": str(line.state),
            }
            row["findings"] = "; ".join(finding.sentence for finding in line.findings)
            row["seconds"] = line.seconds
            for name in HEADLINES:
                row[name] = line.values.get(name)
                row[f"{name}.change"] = change(line, name)
            rows.append(row)
        heads = ["tenant", "period", "state", "findings", "seconds"]
        names = [head for name in HEADLINES for head in (name, f"{name}.change")]
        return pd.DataFrame(rows, columns=[*heads, *names])


def change(line: Line, name: str) -> float | None:
    """How far a headline number is from the period before, as a share of it; None where there is none."""
    now, before = line.values.get(name), line.before.get(name)
    return None if now is None or not before else (now - before) / abs(before)
