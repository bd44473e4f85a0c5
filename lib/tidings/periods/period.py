"""Periods: their names, their days in a time zone, and which one is due."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from babel import Locale

from tidings.errors import PeriodError
from tidings.language.dates import days_label, days_title, months_title
from tidings.language.sentences import say
from tidings.periods import clock
from tidings.periods.local_days import Offsets, day_start, offset_changes
from tidings.tenants.validators import WEEKDAYS

if TYPE_CHECKING:
    from tidings.tenants.tenant import Tenant

LONGEST_RANGE = 366

_DAY = timedelta(days=1)
_MICROSECOND = timedelta(microseconds=1)
_NUMBERS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_FORMS = (
    "2026-W46 (a week), 2026-11a or 2026-11b (1st to 15th, 16th to the end), 2026-11 (a month), "
    "2026-09..2026-10 (months), 2026-11-09 (a day), 2026-11-01..2026-11-09 (days, both included), or latest"
)


@dataclass(frozen=True)
class Period:
    """A stretch of local calendar days in one time zone, known by its key.

    Attributes
    ----------
    key : str
        Its one canonical name, such as ``2026-W46``; it tells weeks, half-months, months and days apart.
    first, last : date
        The local days with which it begins and ends, both included.
    zone : ZoneInfo
        The time zone in which its days are days.
    until : datetime, optional
        The instant at which it is cut off: of a period that is not over, the part that has been. Its
        `days` are then those that have begun, and its `end` is that instant.
    """

    key: str
    first: date
    last: date
    zone: ZoneInfo
    until: datetime | None = None

    @cached_property
    def _offsets_around(self) -> Offsets:
        return offset_changes(self.zone, self.first, self.last)

    @cached_property
    def _day_bounds(self) -> tuple[tuple[date, datetime], ...]:
        """Each day that exists with the UTC instant of its start, then the day after with the end."""
        days = [self.first + n * _DAY for n in range((self.last - self.first).days + 2)]
        starts = [day_start(day, self._offsets_around) for day in days]
        bounds = list(zip(days, starts, strict=True))
        return (*(bound for bound, (_, end) in pairwise(bounds) if bound[1] < end), bounds[-1])

    @cached_property
    def days(self) -> tuple[date, ...]:
        """Its local days, without any that the zone left out (30 December 2011 in Apia)."""
        return tuple(day for day, start in self._day_bounds[:-1] if not self.until or start < self.until)

    @cached_property
    def day_starts(self) -> tuple[datetime, ...]:
        """The UTC instant at which each of its days starts, and as one more the instant at which it ends."""
        *starts, end = (start for _, start in self._day_bounds[: len(self.days) + 1])
        return (*starts, min(self.until, end) if self.until else end)

    @property
    def start(self) -> datetime:
        """The UTC instant of the first local midnight; it belongs to the period."""
        return self.day_starts[0]

    @property
    def end(self) -> datetime:
        """The UTC instant of the local midnight after the last day, or `until`; it is not of the period."""
        return self.day_starts[-1]

    @cached_property
    def day_ends(self) -> tuple[int, ...]:
        """How many microseconds after its start each of its days ends."""
        return tuple((end - self.start) // _MICROSECOND for end in self.day_starts[1:])

    @cached_property
    def offsets(self) -> Offsets:
        """The UTC instants from which an offset holds, and the offsets; the first pair begins at `start`.

        An instant of the period plus the offset in force is a local time whose date is its day in `days`.
        """
        around = self._offsets_around
        ahead = [offset for since, offset in around if since <= self.start]
        inside = [change for change in around if self.start < change[0] < self.end]
        return ((self.start, ahead[-1]), *inside)

    @property
    def word(self) -> str:
        """What it is, for a sentence such as "28,705 in the week": week, half-month, two months, 9 days."""
        kind = _kind(self.key)
        if kind == "months":
            return f"{_NUMBERS[_month_count(self) - 2]} months"
        if kind == "days":
            return "day" if len(self.days) == 1 else f"{len(self.days)} days"
        return kind

    def title(self, locale: Locale) -> str:
        """The period in words: "Mon 9 – Sun 15 November 2026", "November 2026", "Monday 9 November 2026"."""
        words = months_title if _kind(self.key) in ("month", "months") else days_title
        whole = words(self.first, self.last, locale)
        return say("{period}, so far", locale, period=whole) if self.until else whole

    def short_title(self, locale: Locale) -> str:
        """The period as short as a chart's label: "9 – 15 Nov"; whole months as in `title`."""
        words = months_title if _kind(self.key) in ("month", "months") else days_label
        return words(self.first, self.last, locale)

    def is_over(self, now: datetime) -> bool:
        """Whether its end has been reached at an aware instant."""
        return now >= self._day_bounds[-1][1]

    def cut_off(self, until: datetime) -> "Period":
        """The part of it that lies before an instant, which is one of its own."""
        return replace(self, until=until)

    def whole(self) -> "Period":
        """All of it, where it is cut off."""
        return replace(self, until=None)

    def previous(self) -> "Period":
        """The period of the same kind and length that ends where this one begins."""
        return _neighbour(self, -1)

    def compared_with(self) -> "Period":
        """The period beside which its numbers are read.

        That is the previous one; of less than a week, the same days a week earlier, so that a Monday is
        compared with a Monday; of a period that is cut off, as many days and hours of that other one.
        """
        is_short = _kind(self.key) == "days" and (self.last - self.first).days < 6
        whole = _week_earlier(self) if is_short else self.previous()
        return _same_stretch(whole, self) if self.until else whole

    def with_compared(self) -> "Period":
        """From the first day of the period that it is compared with to its own last, as one range of days."""
        return _days(self.compared_with().first, self.last, self.zone)

    def next(self) -> "Period":
        """The period of the same kind and length that begins where this one ends."""
        return _neighbour(self, 1)


def parse_period(name: str, tenant: "Tenant", now: datetime) -> Period:
    """The period of a name, in the tenant's time zone.

    Week ``2026-W46`` is the ISO week where the tenant's weeks start on Monday. Where they start on another
    weekday, it is the seven days from that weekday of which the fourth lies in that ISO week. A week
    therefore always shares at least four days with the ISO week of its name.

    Parameters
    ----------
    name : str
        ``2026-W46``, ``2026-11a``, ``2026-11b``, ``2026-11``, ``2026-09..2026-10``, ``2026-11-09``,
        ``2026-11-01..2026-11-09``, or ``latest``.
    tenant : Tenant
        Gives the time zone, the first day of the week and the cadence.
    now : datetime
        The present instant, aware, which ``latest`` refers to.

    Raises
    ------
    PeriodError
        If the name has none of these forms, or names days that do not exist.
    """
    if name == "latest":
        return latest_period(tenant, now)
    for pattern, make in _READERS:
        if found := pattern.fullmatch(name):
            return _read(make, name, found.groups(), tenant)
    raise PeriodError(f"{_shown(name)} is not the name of a period", remedy=f"write {_FORMS}")


def reportable_period(name: str, tenant: "Tenant", *, unfinished: bool = False) -> Period:
    """The period of a name, if it may be reported on now; where it is not over, the part until now.

    Raises
    ------
    PeriodError
        The name is not understood; the period is not over and ``unfinished`` is not set, or has not begun.
    """
    now = clock.now()
    period = parse_period(name, tenant, now)
    if period.is_over(now):
        return period
    if not unfinished:
        raise PeriodError(
            f"period {period.key} is not over: it ends {period.end.astimezone(period.zone):%Y-%m-%d %H:%M} "
            f"{period.zone.key}",
            where=f"tenant {tenant.id}",
            remedy="wait until it is over, or ask for an unfinished period (UNFINISHED=1)",
        )
    if now <= period.start:
        raise PeriodError(
            f"period {period.key} has not begun",
            where=f"tenant {tenant.id}",
            remedy="ask for one that has",
        )
    return period.cut_off(now)


def latest_period(tenant: "Tenant", now: datetime) -> Period:
    """The last period of the tenant's cadence that is over at an aware instant."""
    period = _containing(tenant, now.astimezone(tenant.zone).date())
    while not period.is_over(now):
        period = period.previous()
    return period


def next_due(tenant: "Tenant", period: Period) -> date:
    """The local day on which the tenant's next report falls due after that of a period, of whatever kind."""
    return _containing(tenant, period.last + _DAY).last + _DAY


def _containing(tenant: "Tenant", day: date) -> Period:
    """The period of the tenant's cadence in which a local day lies."""
    if tenant.cadence == "weekly":
        return _week(day - (day.weekday() - WEEKDAYS.index(tenant.week_starts)) % 7 * _DAY, tenant.zone)
    if tenant.cadence == "twice-monthly":
        return _half_month(day, tenant.zone)
    if tenant.cadence == "monthly":
        return _months(day, 1, tenant.zone)
    return _months(day.replace(month=(day.month - 1) // 2 * 2 + 1, day=1), 2, tenant.zone)


def _neighbour(period: Period, step: int) -> Period:
    """The period of the same kind before (-1) or after (1)."""
    kind, beyond = _kind(period.key), (period.last if step > 0 else period.first) + step * _DAY
    if kind == "week":
        return _week(period.first + step * 7 * _DAY, period.zone)
    if kind == "half-month":
        return _half_month(beyond, period.zone)
    if kind == "days":
        return _adjoining_days(beyond, len(period.whole().days), step, period.zone)
    count = _month_count(period)
    return _months(_shifted(period.first, step * count), count, period.zone)


def _week(first: date, zone: ZoneInfo) -> Period:
    year, week, _ = (first + 3 * _DAY).isocalendar()
    return Period(f"{year:04}-W{week:02}", first, first + 6 * _DAY, zone)


def _half_month(day: date, zone: ZoneInfo) -> Period:
    if day.day <= 15:
        return Period(f"{day:%Y-%m}a", day.replace(day=1), day.replace(day=15), zone)
    return Period(f"{day:%Y-%m}b", day.replace(day=16), _shifted(day, 1) - _DAY, zone)


def _months(day: date, count: int, zone: ZoneInfo) -> Period:
    first, after = _shifted(day, 0), _shifted(day, count)
    last = after - _DAY
    key = f"{first:%Y-%m}" if count == 1 else f"{first:%Y-%m}..{last:%Y-%m}"
    return Period(key, first, last, zone)


def _days(first: date, last: date, zone: ZoneInfo) -> Period:
    """A range of days, shorn at its ends of days that the zone left out, so that its key is canonical."""
    existing = Period("", first, last, zone).days
    if not existing:
        raise ValueError(f"there was no {first} in {zone.key}")
    return Period(f"{existing[0]}..{existing[-1]}", existing[0], existing[-1], zone)


def _adjoining_days(beyond: date, count: int, step: int, zone: ZoneInfo) -> Period:
    """As many existing days, from the day beyond the edge on (step 1) or back (step -1)."""
    # No zone has left out more than one day since 1970.
    far = beyond + step * count * _DAY
    existing = Period("", min(beyond, far), max(beyond, far), zone).days
    chosen = existing[:count] if step > 0 else existing[-count:]
    return _days(chosen[0], chosen[-1], zone)


def _week_earlier(period: Period) -> Period:
    """The same days a week earlier; two weeks, where the zone left all of them out."""
    first, last = period.first - 7 * _DAY, period.last - 7 * _DAY
    if not Period("", first, last, period.zone).days:
        first, last = first - 7 * _DAY, last - 7 * _DAY
    return _days(first, last, period.zone)


def _same_stretch(whole: Period, model: Period) -> Period:
    """The part of a period in which as many days, and as much of a last one, have passed as in a model."""
    last = len(model.days) - 1
    if last >= len(whole.days):
        return whole
    passed = model.end - model.day_starts[last]
    return whole.cut_off(min(whole.day_starts[last] + passed, whole.day_starts[last + 1]))


def _shifted(day: date, months: int) -> date:
    """The first of the month so many months later."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


def _month_count(period: Period) -> int:
    return (period.last.year - period.first.year) * 12 + period.last.month - period.first.month + 1


def _read(make, name: str, parts: tuple[str, ...], tenant: "Tenant") -> Period:
    """The period that one reader makes of a name's parts, its refusals given the name."""
    try:
        for year in re.findall("[0-9]{4}", name):
            if int(year) not in clock.YEARS:
                raise ValueError(f"the year {year} is not between {clock.YEARS[0]} and {clock.YEARS[-1]}")
        return make(tenant, *parts)
    except ValueError as error:
        raise PeriodError(
            f"there is no period {_shown(name)}: {error}", remedy="name days that the calendar has"
        ) from None


def _read_week(tenant: "Tenant", year: str, week: str) -> Period:
    monday = date.fromisocalendar(int(year), int(week), 1)
    weekday = WEEKDAYS.index(tenant.week_starts)
    return _week(monday + (weekday if weekday <= 3 else weekday - 7) * _DAY, tenant.zone)


def _read_half(tenant: "Tenant", month: str, half: str) -> Period:
    return _half_month(date.fromisoformat(f"{month}-{'01' if half == 'a' else '16'}"), tenant.zone)


def _read_months(tenant: "Tenant", opening: str, closing: str | None = None) -> Period:
    first = date.fromisoformat(f"{opening}-01")
    last = date.fromisoformat(f"{closing or opening}-01")
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    if not 1 <= count <= 12:
        raise ValueError("a range of months runs forward and has at most 12")
    return _months(first, count, tenant.zone)


def _read_days(tenant: "Tenant", opening: str, closing: str | None = None) -> Period:
    first, last = date.fromisoformat(opening), date.fromisoformat(closing or opening)
    if not 1 <= (last - first).days + 1 <= LONGEST_RANGE:
        raise ValueError(f"a range of days runs forward and has at most {LONGEST_RANGE}")
    return _days(first, last, tenant.zone)


def _kind(key: str) -> str:
    return next(kind for kind, pattern in _KINDS.items() if pattern.fullmatch(key))


def _shown(name: str) -> str:
    return repr(name if len(name) <= 76 else f"{name[:75]}…")


_YEAR, _MONTH, _DATE = "[0-9]{4}", "[0-9]{4}-[0-9]{2}", "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_KINDS = {
    "week": re.compile(f"({_YEAR})-W([0-9]{{2}})"),
    "half-month": re.compile(f"({_MONTH})([ab])"),
    "month": re.compile(f"({_MONTH})"),
    "months": re.compile(rf"({_MONTH})\.\.({_MONTH})"),
    "day": re.compile(f"({_DATE})"),
    "days": re.compile(rf"({_DATE})\.\.({_DATE})"),
}
_READERS = (
    (_KINDS["week"], _read_week),
    (_KINDS["half-month"], _read_half),
    (_KINDS["month"], _read_months),
    (_KINDS["months"], _read_months),
    (_KINDS["day"], _read_days),
    (_KINDS["days"], _read_days),
)
