"""Local days, the same on every engine: UTC plus an offset that is known beforehand."""

from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeAlias

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from tidings.periods.period import Period

Instant: TypeAlias = datetime | ir.TimestampScalar
"""An instant in a query: aware, or a parameter in naive UTC."""


class Stretch(Protocol):
    """A stretch of time in whole local days: a period, or parameters in its place.

    Attributes
    ----------
    start, end : Instant
        The first instant, and the one after the last.
    offsets : tuple of pairs
        The instants from which an offset from UTC holds, and the offsets; the first holds from ``start``.
    day_ends : tuple
        How many microseconds after its start each of its days ends.
    """

    @property
    def start(self) -> Instant: ...

    @property
    def end(self) -> Instant: ...

    @property
    def offsets(self) -> tuple[tuple[Instant, Any], ...]: ...

    @property
    def day_ends(self) -> tuple[Any, ...]: ...


def local_day(instant: ir.TimestampColumn, period: Stretch) -> ir.TimestampColumn:
    """The local midnight, without zone, of the day in which an instant of the period lies.

    The zone's offset changes inside the period are few and known, so local time is UTC plus an
    offset chosen by a CASE over them: an expression that needs no engine's own notion of zones.
    """
    (_, first), *later = period.offsets
    if not later:
        return _shifted(instant, first).truncate("D")
    offsets = [first, *(offset for _, offset in later)]
    *branches, (_, last) = zip([utc(at) for at, _ in later] + [None], offsets, strict=True)
    local = [(instant < change, _shifted(instant, offset)) for change, offset in branches]
    return ibis.cases(*local, else_=_shifted(instant, last)).truncate("D")


def spread(frame: pd.DataFrame, period: Period, *, absent: dict[str, Any]) -> pd.DataFrame:
    """A frame with one row for each day of the period, in order.

    Parameters
    ----------
    frame : pandas.DataFrame
        At most one row per ``day`` (naive local midnight); of other days, or of none, rows are left out.
    absent : dict
        What stands in each other column on a day without a row: 0 for a count, which becomes whole numbers,
        NaN for an average.
    """
    days = day_index(period)
    # By numbers: pandas would look at each column for longer than the query took that gave it.
    place = frame["day"].to_numpy("datetime64[D]").astype(int) - days.to_numpy("datetime64[D]")[0].astype(int)
    inside = (place >= 0) & (place < len(days))
    rows = np.full(len(days), -1)  # for a day without a row
    rows[place[inside]] = np.flatnonzero(inside)
    columns: dict[str, Any] = {"day": days}
    for column, value in absent.items():
        found = frame[column].array.take(rows, allow_fill=True)
        is_count = not pd.isna(value)
        columns[column] = np.where(pd.isna(found), value, found).astype("int64") if is_count else found
    return pd.DataFrame(columns)


def day_index(period: Period) -> pd.DatetimeIndex:
    """The period's days as naive local midnights."""
    return pd.DatetimeIndex(np.array(period.days, dtype="datetime64[ns]"))


def within(instant: ir.TimestampColumn, period: Stretch) -> ir.BooleanColumn:
    """Whether an instant lies in the period, its start included and its end not."""
    return (instant >= utc(period.start)) & (instant < utc(period.end))


def local_text(instant: pd.Timestamp, period: Period) -> str:
    """An instant of the source (naive UTC) as ISO 8601 local time with its UTC offset."""
    return instant.to_pydatetime().replace(tzinfo=UTC).astimezone(period.zone).isoformat()


def utc(instant: Instant) -> datetime | ir.TimestampScalar:
    """An aware instant as the naive UTC that the source's columns hold; a parameter is that already."""
    return instant if isinstance(instant, ir.Expr) else instant.astimezone(UTC).replace(tzinfo=None)


def _shifted(instant: ir.TimestampColumn, offset: timedelta | ir.IntervalScalar) -> ir.TimestampColumn:
    if isinstance(offset, ir.Expr):
        return instant + offset
    seconds = int(offset.total_seconds())
    return (
        instant + ibis.interval(seconds=seconds)
        if seconds >= 0
        else instant - ibis.interval(seconds=-seconds)
    )
