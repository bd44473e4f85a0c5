"""Local calendar days as stretches of UTC, whatever a zone's clocks do at midnight."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

Offsets = tuple[tuple[datetime, timedelta], ...]

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


def offset_changes(zone: ZoneInfo, first: date, last: date) -> Offsets:
    """The UTC offsets that hold from before `first` begins until after `last` is over.

    Local time (the UTC instant plus the offset in force) has dates that never run backwards: see
    `_settled` for the one place in which that differs from the clocks on the wall.

    Parameters
    ----------
    zone : ZoneInfo
        The time zone.
    first, last : date
        Local days, both included.

    Returns
    -------
    tuple of (datetime, timedelta)
        The UTC instant from which an offset holds, and the offset; in order of time.
    """
    # No zone is as much as two days from UTC, so two days to either side hold all of both local days.
    begin, stop = _utc_midnight(first) - 2 * _DAY, _utc_midnight(last) + 3 * _DAY
    changes = [(begin, _offset(zone, begin))]
    for instant in _clock_changes(zone, begin, stop):
        before, after = changes[-1][1], _offset(zone, instant)
        changes.append((_settled(instant, before, after), after))
    return tuple(changes)


def day_start(day: date, offsets: Offsets) -> datetime:
    """The UTC instant at which a local day begins: the first whose local date is `day` or later.

    Where midnight is left out by the clocks, that is the moment they are put forward; where it comes twice
    on the same date, the first time. A day that a zone left out altogether begins, and ends, at once.

    Parameters
    ----------
    day : date
        A local day within the days for which the offsets were made.
    offsets : Offsets
        From `offset_changes`.
    """
    midnight = _utc_midnight(day)
    for (since, offset), (until, _) in pairwise(offsets):
        if until + offset > midnight:
            return max(since, midnight - offset)
    since, offset = offsets[-1]
    return max(since, midnight - offset)


def _clock_changes(zone: ZoneInfo, begin: datetime, stop: datetime) -> Iterator[datetime]:
    # A look at each day finds them all: no zone has changed its offset twice within a week since 1970.
    low, high = begin, begin + _DAY
    while high <= stop:
        if _offset(zone, low) != _offset(zone, high):
            yield _bisect(zone, low, high)
        low, high = high, high + _DAY


def _bisect(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """The first second in (low, high] at which the offset is no longer that of `low`."""
    before = _offset(zone, low)
    while high - low > _SECOND:
        middle = low + (high - low) // _SECOND // 2 * _SECOND
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    return high


def _settled(instant: datetime, before: timedelta, after: timedelta) -> datetime:
    """The instant of a change, moved to midnight where clocks were put back over it.

    In St. John's, until 2011, 00:01 became 23:01 of the day before: a minute of the new day, an hour of the
    old one, then the new day again. A day in two pieces could not be one row, nor bound a period, so the
    clocks are taken to be put back at that first midnight: the minute counts as the evening it interrupts.
    """
    evening = (instant + after).date()
    return min(instant, _utc_midnight(evening + _DAY) - before)


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta()  # no zone is without one


def _utc_midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
