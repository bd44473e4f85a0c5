"""Where a number comes from: the rows behind it, and the number counted once more by plain Python.

A metric declares an `Evidence` beside its expressions. Nothing of it is executed until someone asks.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import ibis.expr.types as ir

from tidings.metrics.days import utc

if TYPE_CHECKING:
    from tidings.metrics.edition import Edition

Row = dict[str, Any]
"""A row of the data contract: instants are naive UTC, what is missing is None."""

Place = tuple[Any, ...]
"""Where in a value a row counts: what stands in the columns of a table that name a line of it, such as its
day (a date) and its agent. Empty for a scalar."""


@dataclass(frozen=True)
class Cell:
    """The rows that count at one place of a value.

    Attributes
    ----------
    rows : list of dict
        These rows.
    all_rows : list of dict
        Those of all places: what a share is a part of.
    edition : Edition
        Of whom and when.
    day : date or None
        The local day, where the place names one.
    """

    rows: list[Row]
    all_rows: list[Row]
    edition: "Edition"
    day: date | None = None

    @property
    def begin(self) -> datetime:
        """The first instant of the day, or of the period; naive UTC."""
        period = self.edition.period
        return utc(period.day_starts[period.days.index(self.day)] if self.day else period.start)

    @property
    def end(self) -> datetime:
        """The instant at which the day, or the period, is over; naive UTC."""
        period = self.edition.period
        return utc(period.day_starts[period.days.index(self.day) + 1] if self.day else period.end)

    def inside(self, begins: datetime, ends: datetime) -> timedelta:
        """How much of a stretch of time lies in the day, or in the period."""
        return max(min(ends, self.end) - max(begins, self.begin), timedelta())


def everywhere(rows: Iterable[Row], edition: "Edition") -> Iterator[tuple[Place, Row]]:
    """Every row counts for a scalar."""
    return (((), row) for row in rows)


@dataclass(frozen=True)
class Evidence:
    """What a number is counted from, row by row.

    Attributes
    ----------
    rows : callable
        Of an edition: an Ibis table of the contract's rows among which are all that count.
    count : callable
        Of a `Cell`: the number, or what stands in the columns after those that name the line.
    places : callable
        Of rows and an edition: each place at which a row counts, with the row. A row that is not given does
        not count.
    """

    rows: Callable[["Edition"], ir.Table]
    count: Callable[[Cell], Any]
    places: Callable[[Iterable[Row], "Edition"], Iterable[tuple[Place, Row]]] = everywhere
