"""How a number is compared with that of the previous edition, so that no comparison misleads.

Where the two periods have different numbers of days, a sum is compared per day, and a count of different
ones (users, conversations) not at all: a period twice as long has not twice as many. Averages, shares and
peaks are compared as they are. What is absent, since the source does not reach back, is not compared.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from babel import Locale

from tidings.language.numbers import is_missing, percent_points, quantity, whole_percent
from tidings.language.sentences import say, say_count
from tidings.metrics.days import spread

if TYPE_CHECKING:
    from tidings.metrics.edition import Edition
    from tidings.metrics.metric import Result

_MOST_TIMES = 1e9  # as much as before: beyond that, no one would read the percentage


@dataclass(frozen=True)
class Comparison:
    """A headline number beside the earlier one.

    Attributes
    ----------
    before : float
        The earlier value, as it was recorded.
    change : float or None
        By how much it changed, as a part of the earlier value: 0.12 is 12% more. None where none may be
        shown: a value is missing, the earlier one is 0 or more than a billion times smaller,
        or periods of different length cannot be compared.
    per_day : bool
        Whether the change is that of the value per day.
    days : (int, int)
        How many days both periods have: now, and before.
    """

    before: float
    change: float | None
    per_day: bool
    days: tuple[int, int]


def compare(result: "Result") -> Comparison | None:
    """Compare a headline number with the earlier one; None where there is none, or it is no number."""
    now, before = result.value, result.previous
    if not _is_number(before) or not (_is_number(now) or is_missing(now)):
        return None
    days = days_of_both(result.edition)
    per_day = result.metric.counts == "sum" and days[0] != days[1]
    is_barred = result.metric.counts == "distinct" and days[0] != days[1]
    earlier = before * (days[0] / days[1] if per_day else 1)
    if is_missing(now) or earlier == 0 or is_barred or abs(now / earlier) > _MOST_TIMES:
        return Comparison(before, None, False, days)
    return Comparison(before, now / earlier - 1, per_day, days)


def word_change(result: "Result") -> dict[str, str] | None:
    """The change of a headline number in words; None where none may be shown.

    A share changes by points, since a percentage of a percentage misleads.

    Returns
    -------
    dict
        ``text`` ("8%", "4 points"), ``direction`` ("up", "down", or "flat" where it rounds to nothing),
        ``tone`` ("good", "bad", "neutral") after the direction that is better, and ``spoken`` ("up 8% from
        1,115").
    """
    comparison = compare(result)
    if comparison is None or comparison.change is None:
        return None
    metric, locale = result.metric, result.edition.tenant.locale
    before = quantity(comparison.before, metric.unit, locale)
    if metric.unit == "share":
        size = percent_points(result.value) - percent_points(comparison.before)
        text = say_count("{count} point", "{count} points", abs(size), locale)
    else:
        size = percent_points(comparison.change)
        text = whole_percent(abs(comparison.change), locale)
    if size == 0:
        spoken = _say_flat(result.value == comparison.before, comparison.per_day, before, locale)
        return {"text": text, "direction": "flat", "tone": "neutral", "spoken": spoken}
    direction = "up" if size > 0 else "down"
    tone = "neutral" if metric.better is None else "good" if metric.better == direction else "bad"
    spoken = _say_change(direction, comparison.per_day, text, before, locale)
    return {"text": text, "direction": direction, "tone": tone, "spoken": spoken}


def days_of_both(edition: "Edition") -> tuple[int, int]:
    """How many days an edition's period has, and the one that it is compared with."""
    return len(edition.period.days), len(edition.period.compared_with().days)


def earlier_days(result: "Result") -> tuple[pd.DataFrame, str] | None:
    """A table's earlier values, each under the same weekday of this period, and when they were.

    They lie as many whole weeks back as the period has: a half-month two, a month four. A day has a value
    where the day so long before it belongs to the period that is compared with; else it is missing, never 0.

    Parameters
    ----------
    result : Result
        A table by day, with its previous one.

    Returns
    -------
    (pandas.DataFrame, str) or None
        The table's columns for each ``day`` of this period, and "week before", "2 weeks before"; None where
        no day has an earlier one.
    """
    before, period = result.previous, result.edition.period
    if not isinstance(before, pd.DataFrame):
        return None
    weeks = max(len(period.whole().days) // 7, 1)
    # Of days that are cut off, only one cut off at the same hour may stand below another.
    if period.until and period.compared_with().first + timedelta(weeks=weeks) != period.first:
        return None
    shifted = before.assign(day=before["day"] + timedelta(weeks=weeks))
    values = [column for column in before.columns if column != "day"]
    aligned = spread(shifted, period, absent=dict.fromkeys(values, np.nan))
    if not any(aligned[column].notna().any() for column in values):
        return None
    label = say_count("week before", "{count} weeks before", weeks, result.edition.tenant.locale)
    return aligned, label


def _say_change(direction: str, per_day: bool, change: str, before: str, locale: Locale) -> str:
    if direction == "up" and per_day:
        return say("up {change} per day, {before} before", locale, change=change, before=before)
    if direction == "up":
        return say("up {change} from {before}", locale, change=change, before=before)
    if per_day:
        return say("down {change} per day, {before} before", locale, change=change, before=before)
    return say("down {change} from {before}", locale, change=change, before=before)


def _say_flat(is_same: bool, per_day: bool, before: str, locale: Locale) -> str:
    if per_day:
        return say("about the same per day, {before} before", locale, before=before)
    if is_same:
        return say("the same as before", locale)
    return say("about the same as {before} before", locale, before=before)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.number) and not is_missing(value)
