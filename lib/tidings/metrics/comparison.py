"""How a number is compared with that of the previous edition, so that no comparison misleads.

Where the two periods have different numbers of days, a sum is compared per day, and a count of different
ones (users, conversations) not at all: a period twice as long has not twice as many. Averages, shares and
peaks are compared as they are. What is absent, since the source does not reach back, is not compared.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from tidings.language.numbers import is_missing
from tidings.language.sentences import say_count
from tidings.metrics.days import day_index
from tidings.metrics.edition import Edition
from tidings.metrics.metric import Result


@dataclass(frozen=True)
class Comparison:
    """A headline number beside the earlier one.

    Attributes
    ----------
    before : float
        The earlier value, as it was recorded.
    change : float or None
        By how much it changed, as a part of the earlier value: 0.12 is 12% more. None where none may be
        shown: a value is missing, the earlier one is 0, or periods of different length cannot be compared.
    per_day : bool
        Whether the change is that of the value per day.
    days : (int, int)
        How many days both periods have: now, and before.
    """

    before: float
    change: float | None
    per_day: bool
    days: tuple[int, int]


def compare(result: Result) -> Comparison | None:
    """Compare a headline number with the earlier one; None where there is none, or it is no number."""
    now, before = result.value, result.previous
    if not _is_number(before) or not (_is_number(now) or is_missing(now)):
        return None
    days = days_of_both(result.edition)
    per_day = result.metric.counts == "sum" and days[0] != days[1]
    is_barred = result.metric.counts == "distinct" and days[0] != days[1]
    if is_missing(now) or before == 0 or is_barred:
        return Comparison(before, None, False, days)
    longer = days[0] / days[1] if per_day else 1
    return Comparison(before, now / (before * longer) - 1, per_day, days)


def days_of_both(edition: Edition) -> tuple[int, int]:
    """How many days an edition's period has, and the one that it is compared with."""
    return len(edition.period.days), len(edition.previous.period.days)


def earlier_days(result: Result) -> tuple[pd.DataFrame, str] | None:
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
    shifted = before.assign(day=before["day"] + timedelta(weeks=weeks)).set_index("day")
    aligned = shifted.reindex(day_index(period))
    # Of days that are cut off, only one cut off at the same hour may stand below another.
    is_askew = period.until and result.edition.previous.period.first + timedelta(weeks=weeks) != period.first
    if is_askew or not aligned.notna().any(axis=None):
        return None
    label = say_count("week before", "{count} weeks before", weeks, result.edition.tenant.locale)
    return aligned.rename_axis("day").reset_index(), label


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.number) and not is_missing(value)
