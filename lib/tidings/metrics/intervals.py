"""Stretches of time, clipped to a period and split at local midnight, on any engine.

A stretch is a row with two instants, ``begins`` (included) and ``ends`` (not included). Lengths are
whole microseconds until the last step, so that the days add up to the total exactly.
"""

from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from tidings.errors import MetricError
from tidings.metrics.days import Stretch, day_index, utc
from tidings.periods.period import Period
from tidings.sources.contract import SKEW

MINUTE = 60_000_000
HOUR = 60 * MINUTE


def merged(stretches: ir.Table, by: str) -> ir.Table:
    """The union of each key's stretches: those that overlap or touch become one.

    Parameters
    ----------
    stretches : ibis table
        Columns ``by``, ``begins``, ``ends``; no instant is null.
    by : str
        The column whose equal values belong together.

    Returns
    -------
    ibis table
        The same columns; no two stretches of one key overlap.
    """
    before = ibis.window(group_by=by, order_by=["begins", "ends"], rows=(None, -1))
    until = ibis.window(group_by=by, order_by=["begins", "ends"], rows=(None, 0))
    reached = stretches.mutate(reached=stretches.ends.max().over(before))
    is_apart = (reached.begins > reached.reached) | reached.reached.isnull()
    marked = reached.mutate(is_apart=is_apart.ifelse(1, 0))
    numbered = marked.mutate(island=marked.is_apart.sum().over(until))
    islands = numbered.group_by([by, "island"]).aggregate(
        begins=numbered.begins.min(), ends=numbered.ends.max()
    )
    return islands.select(by, "begins", "ends")


def clipped(stretches: ir.Table, period: Stretch) -> ir.Table:
    """The parts of the stretches that lie in the period, without those that have none in it."""
    inside = stretches.mutate(
        begins=ibis.greatest(stretches.begins, utc(period.start)),
        ends=ibis.least(stretches.ends, utc(period.end)),
    )
    return inside.filter(inside.begins < inside.ends)


def by_day(stretches: ir.Table, by: str, period: Stretch) -> ir.Table:
    """How much of each key's stretches lies before the end of each local day of the period.

    Returns
    -------
    ibis table
        ``by``, then a column ``0``, ``1``, … for each day: microseconds since the period's start, which
        add up where stretches overlap. One row for each key with a stretch in the period.
    """
    inside = clipped(stretches, period)
    start = utc(period.start)
    inside = inside.select(by, begins=length(start, inside.begins), ends=length(start, inside.ends))
    days = {str(day): _until(inside, end).sum() for day, end in enumerate(period.day_ends)}
    return inside.group_by(by).aggregate(**days)


def long(frame: pd.DataFrame, by: str, period: Period, value: str, unit: int) -> pd.DataFrame:
    """What ``by_day`` gave, as a row for each pair of day and key, with what lies in that day alone.

    Parameters
    ----------
    frame : pandas.DataFrame
        What ``by_day`` gave: one row for each key.
    value : str
        The name of the column of values.
    unit : int
        How many microseconds one is: ``MINUTE`` or ``HOUR``.

    Returns
    -------
    pandas.DataFrame
        ``day`` (naive local midnight), ``by``, ``value``: by day, then by key in the frame's order.

    Raises
    ------
    MetricError
        Two rows are of one key.
    """
    until = frame.set_index(by)
    if not until.index.is_unique:
        key = until.index[until.index.duplicated()][0]
        raise MetricError(
            f"two have the {by} {key!r}",
            where=f"{value} by day",
            remedy=f"tell each {by} apart by a name of its own in the source",
        )
    days, keys = day_index(period), np.arange(len(until))
    within = np.diff(until.to_numpy("int64"), axis=1, prepend=0) / unit
    return pd.DataFrame(
        {
            "day": days.repeat(len(keys)),
            by: until.index.take(np.tile(keys, len(days))),
            value: within.T.ravel(),
        }
    )


def length(begins: ir.TimestampValue | datetime, ends: ir.TimestampColumn) -> ir.IntegerColumn:
    """From one instant to another, in microseconds."""
    return ends.delta(begins, unit="microsecond")


def duration(begins: ir.TimestampColumn, ends: ir.TimestampColumn) -> ir.IntegerColumn:
    """How long a row lasted, in microseconds: null where it ends before it begins.

    Where it does by no more than two clocks may differ, it lasted 0.
    """
    lasted = length(begins, ends)
    least = -(SKEW // timedelta(microseconds=1))
    return ibis.cases((lasted >= 0, lasted), (lasted >= least, 0), else_=ibis.null("int64"))


def _until(stretches: ir.Table, end: int) -> ir.IntegerColumn:
    """How much of each stretch lies before an instant."""
    return ibis.least(stretches.ends, end) - ibis.least(stretches.begins, end)
