"""Where an axis has its ticks, and what is written at them."""

import math
from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
from babel import Locale

from tidings.charts.style.fonts import can_draw
from tidings.language import numbers

_TIMES = (1, 2, 5, 10, 15, 30, 60, 120, 180, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400)  # s
_INTERVALS = 4
LEAST = 1e-300
"""Of what is less no part can be told from 0."""

_NEAR = 1.12  # a tick so little above the largest value is shown, and closes the axis


def length_of(top: float) -> float:
    """What an axis up to a value divides by: where that cannot be told from 0, all lies at its foot."""
    return top if top > LEAST else 1


def value_ticks(top: float, unit: str = "", whole: bool = True) -> np.ndarray:
    """Round values from 0 upwards, at most five, for an axis on which ``top`` is the largest value.

    The last lies just above ``top``, or is the last below it. ``whole`` leaves out fractions of one.
    """
    if not top > LEAST:
        return np.array([0.0])
    step = _step(top / _INTERVALS, unit, whole)
    above = math.ceil(top / step - 1e-9)
    last = above if above * step <= top * _NEAR else above - 1
    return step * np.arange(max(last, 0) + 1)


def _step(least: float, unit: str, whole: bool) -> float:
    if unit in ("minutes", "hours"):
        seconds = least * (60 if unit == "minutes" else 3600)
        fitting = [time for time in _TIMES if time >= seconds]
        found = fitting[0] if fitting else 3600 * _round_step(seconds / 3600)
        return found / (60 if unit == "minutes" else 3600)
    return max(_round_step(least), 1.0) if whole else _round_step(least)


def _round_step(least: float) -> float:
    """The smallest of …, 0.5, 1, 2, 3, 5, 10, 20, 25, 50, 100 … that is no less."""
    power = 10.0 ** math.floor(math.log10(least))
    steps = (1, 2, 2.5, 5, 10) if power >= 10 else (1, 2, 3, 5, 10) if power == 1 else (1, 2, 5, 10)
    return next(step * power for step in steps if step * power >= least * (1 - 1e-9))


def tick_labels(ticks: Sequence[float], unit: str, locale: Locale) -> list[str]:
    """What stands at an axis's ticks: durations in words, numbers in full, or shortly from 10,000."""
    if unit in ("minutes", "hours"):
        return ["0" if tick == 0 else numbers.quantity(tick, unit, locale) for tick in ticks]
    short = [numbers.compact(tick, locale) for tick in ticks]
    if ticks[-1] >= 10_000 and all(map(can_draw, short)):
        return short
    return [numbers.number(tick, locale) for tick in ticks]


def day_ticks(days: Sequence[date], locale: Locale, week_starts: int) -> Iterator[dict[int, str]]:
    """The choices of days to be named under an axis, by position, with their labels of up to two lines.

    First all of them with their weekdays; then all by their numbers; then the first days of weeks, of every
    second week, of every third …

    Parameters
    ----------
    days : sequence of date
        The days of the axis.
    locale : Locale
        The reader's.
    week_starts : int
        The first day of the week, 0 for Monday.
    """
    yield {place: numbers.day_label(day, locale, place == 0) for place, day in enumerate(days)}
    yield {place: _numbered(day, locale, place == 0) for place, day in enumerate(days)}
    starts = [place for place, day in enumerate(days) if day.weekday() == week_starts]
    for weeks in range(1, len(starts) + 1):
        yield {place: numbers.day_label(days[place], locale, True) for place in starts[::weeks]}


def _numbered(day: date, locale: Locale, first: bool) -> str:
    return f"{day.day}\n{numbers.month(day, locale)}" if first or day.day == 1 else str(day.day)
