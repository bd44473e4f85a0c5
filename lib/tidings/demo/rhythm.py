"""When the demo company is busy: its days, the hours of a day, and one campaign."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from tidings.demo.rows import MINUTE, SECOND
from tidings.demo.settings import DemoSettings

FRIDAY = 4
CAMPAIGN_SHARE = 0.3
_WEEKDAY_WEIGHTS = np.array([1.05, 1.0, 0.98, 0.99, 1.0, 0.5, 0.4])
_WEEKLY_GROWTH = 1.015
_CAMPAIGN_MINUTE = 14 * 60 + 3


@dataclass(frozen=True)
class Calendar:
    """The local days of the data.

    Attributes
    ----------
    dates : tuple of datetime.date
        Each day, from the first to the last.
    midnights : numpy.ndarray
        The instant at which each day begins, and after them the end of the data.
    weights : numpy.ndarray
        How busy each day is, relative to the others.
    campaign_day : int
        Position of the day with the campaign: the last Friday.
    campaign_at : int
        The instant at which the campaign goes out.
    """

    dates: tuple[date, ...]
    midnights: np.ndarray
    weights: np.ndarray
    campaign_day: int
    campaign_at: int

    @property
    def start(self) -> int:
        return int(self.midnights[0])

    @property
    def end(self) -> int:
        return int(self.midnights[-1])


def local_instant(day: date, minutes: int, zone: ZoneInfo) -> int:
    """The instant of a wall clock time, given as minutes after midnight, which may lie on a later day."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    return int(wall.replace(tzinfo=zone).timestamp()) * SECOND


def make_calendar(settings: DemoSettings, rng: np.random.Generator) -> Calendar:
    """Days with quiet weekends, slow growth and a little chance; the campaign's day is the busiest."""
    first = settings.end - timedelta(weeks=settings.weeks)
    dates = tuple(first + timedelta(days=number) for number in range(7 * settings.weeks))
    campaign_day = max(number for number, day in enumerate(dates) if day.weekday() == FRIDAY)
    weights = _WEEKDAY_WEIGHTS[[day.weekday() for day in dates]]
    weights = weights * _WEEKLY_GROWTH ** (np.arange(len(dates)) / 7) * rng.normal(1, 0.025, len(dates))
    weights[campaign_day] /= 1 - CAMPAIGN_SHARE
    midnights = [local_instant(day, 0, settings.zone) for day in (*dates, settings.end)]
    campaign_at = local_instant(dates[campaign_day], _CAMPAIGN_MINUTE, settings.zone)
    return Calendar(dates, np.array(midnights), weights, campaign_day, campaign_at)


def _day_curve() -> np.ndarray:
    """The share of a day that has passed, in conversations begun, at each of its 1,441 minute marks."""
    hours = (np.arange(1440) + 0.5) / 60
    bumps = ((10.6, 1.9, 1.0), (15.7, 1.9, 0.95), (20.2, 1.9, 0.48), (12.9, 0.6, -0.3))
    heights = (height * np.exp(-(((hours - at) / width) ** 2) / 2) for at, width, height in bumps)
    rates = 0.04 + sum(heights, start=np.zeros(1440))
    return np.concatenate([[0.0], np.cumsum(rates) / rates.sum()])


def usual_starts(calendar: Calendar, day: int, count: int, rng: np.random.Generator) -> np.ndarray:
    """Instants at which conversations begin on a day: office hours, a lunch dip, an evening shoulder."""
    begin, end = calendar.midnights[day : day + 2]
    fractions = np.interp(rng.random(count), _day_curve(), np.linspace(0, 1, 1441))
    return begin + (fractions * (end - begin)).astype(np.int64)


def campaign_starts(calendar: Calendar, count: int, usual: int, rng: np.random.Generator) -> np.ndarray:
    """Instants at which the campaign's conversations begin: a burst in one minute, then a long tail.

    The burst is measured against the busiest minute that chance makes of ``usual`` conversations a day,
    so that it stands out several times at any size, and by no absurd factor at a large one.
    """
    per_minute = 0.0018 * usual
    burst = min(count // 2, round(14 * per_minute + 26 * per_minute**0.5))
    delays = rng.standard_exponential(count)
    delays[:burst] *= 13 * SECOND
    delays[burst:] *= 75 * MINUTE
    starts = calendar.campaign_at + delays.astype(np.int64)
    return np.minimum(starts, calendar.midnights[calendar.campaign_day + 1] - 1)
