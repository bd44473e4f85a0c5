"""A daily series, and what is said about it: its extremes, its sum where that means something, its table."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from babel import Locale
from pandas.api.types import is_integer_dtype

from tidings.charts.base import Caption, table
from tidings.language import numbers
from tidings.language.sentences import join, say, say_count
from tidings.metrics.metric import Result
from tidings.parts.part import DataTable

_TOLD = 3  # days of one value that are named; more are counted
_FLAT = 0.05  # of the highest value; lines that differ by less look level


@dataclass(frozen=True)
class Series:
    """One column of a daily table, and how its values are written.

    Attributes
    ----------
    result : Result
        Whose table it is.
    values : pandas.Series
        The values by local day, in order; a day without one is missing.
    """

    result: Result
    values: pd.Series

    @property
    def locale(self) -> Locale:
        """The reader's."""
        return self.result.edition.tenant.locale

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing but zeros and gaps."""
        return not (self.values.fillna(0) != 0).any()

    @property
    def is_whole(self) -> bool:
        """Whether values are counts."""
        return is_integer_dtype(self.values.dtype)

    @property
    def adds_up(self) -> bool:
        """Whether the days add up to the period: messages do, distinct counts, averages and peaks do not."""
        return self.is_whole and self.result.metric.unit == "messages"

    @property
    def top(self) -> float:
        """The largest value; 0 where there is none."""
        return 0.0 if self.values.isna().all() else float(self.values.max())

    @property
    def peak(self) -> int:
        """The position of the largest value, the first where several tie. Not for a series of gaps."""
        return int(self.values.fillna(float("-inf")).to_numpy().argmax())

    @property
    def low(self) -> float:
        """The smallest value; 0 where there is none."""
        return 0.0 if self.values.isna().all() else float(self.values.min())

    @property
    def is_flat(self) -> bool:
        """Whether it has values on three days or more that are all about the same."""
        return self.values.count() > 2 and self.top - self.low <= _FLAT * self.top

    def write(self, value: float) -> str:
        """A value in its unit, in the reader's language."""
        unit, locale = self.result.metric.unit, self.locale
        if self.is_whole or unit in ("minutes", "hours", "share"):
            return numbers.quantity(value, unit, locale)
        return numbers.average(value, locale)

    def places_of(self, value: float) -> list[int]:
        """The positions of a value."""
        return np.flatnonzero(self.values.to_numpy(dtype=float) == value).tolist()

    def days_of(self, value: float) -> str:
        """The days of a value, and the value: see `tell_days`."""
        return tell_days(self.result, self.places_of(value), self.write(value))


def name_days(result: Result, places: Sequence[int]) -> str:
    """Days by their positions: "Monday 9 and Friday 13"; more than three are counted, "4 days"."""
    period, locale = result.edition.period, result.edition.tenant.locale
    if len(places) > _TOLD:
        return say_count("{count} day", "{count} days", len(places), locale)
    has_months = period.first.month != period.last.month
    return join([numbers.day_name(period.days[place], locale, has_months) for place in places], locale)


def tell_days(result: Result, places: Sequence[int], value: str) -> str:
    """Days of one value: "Friday 13 (5)", "Monday 9 and Friday 13 (5 each)".

    Parameters
    ----------
    result : Result
        Of whose period they are days.
    places : sequence of int
        Their positions, one at least.
    value : str
        As readers see it.
    """
    locale, days = result.edition.tenant.locale, name_days(result, places)
    if len(places) == 1:
        return say("{day} ({value})", locale, day=days, value=value)
    return say("{days} ({value} each)", locale, days=days, value=value)


def read_series(result: Result, column: str | None = None) -> Series:
    """Read a column of a daily result (the first after ``day`` unless it is named) as a series."""
    table = result.value.set_index("day")
    return Series(result, table[column or table.columns[0]])


def caption_series(result: Result, title: str, finding: str | None, total: Result | None) -> Caption:
    """What stands around a daily series, with the period's own number in the title where one is given."""
    series = read_series(result)
    if total is not None and total.value is not None:
        locale = total.edition.tenant.locale
        value = numbers.quantity(total.value, total.metric.unit, locale)
        title = say("{title}: {value}", locale, title=title, value=value)
    return Caption(title, finding or find_extremes(series), describe(series), write_table(result))


def find_extremes(series: Series) -> str:
    """What a daily series shows: its sum where that means something, its most and its least, or how even."""
    locale, days = series.locale, series.values
    if series.is_empty:
        return say_nothing(series.result)
    if len(days) == 1:
        name = numbers.day_name(days.index[0].date(), locale)
        return say("{value} on {day}", locale, value=series.write(series.top), day=name)
    if series.adds_up:
        total, most = series.write(days.sum()), series.days_of(series.top)
        if series.low == series.top:
            return say(
                "{total} in all, {value} on every day", locale, total=total, value=series.write(series.top)
            )
        return say("{total} in all, most on {days}", locale, total=total, days=most)
    if series.is_flat:
        return tell_level(series)
    most, least = series.days_of(series.top), series.days_of(series.low)
    if days.nunique() == 1:
        return say("Measured on {days} alone", locale, days=most)
    if series.is_whole and not series.low:
        idle = name_days(series.result, series.places_of(0))
        return say("Most on {most}, none on {days}", locale, most=most, days=idle)
    if series.is_whole:
        return say("Most on {most}, fewest on {least}", locale, most=most, least=least)
    return say("Highest on {most}, lowest on {least}", locale, most=most, least=least)


def tell_level(series: Series) -> str:
    """Say that days are about the same, between which values they are, and whether all have one."""
    locale, low, high = series.locale, series.write(series.low), series.write(series.top)
    known = series.values.count()
    if known < len(series.values):
        count = numbers.number(known, locale)
        if low == high:
            return say("{value} on {count} days, nothing on the others", locale, value=high, count=count)
        return say(
            "Between {low} and {high} on {count} days, nothing on the others",
            locale,
            low=low,
            high=high,
            count=count,
        )
    if series.low == series.top:
        return say("{value} on every day", locale, value=high)
    if low == high:
        return say("About {value} on every day", locale, value=high)
    return say("Between {low} and {high} on every day", locale, low=low, high=high)


def say_nothing(result: Result) -> str:
    """The finding where nothing happened."""
    locale = result.edition.tenant.locale
    match result.metric.unit:
        case "messages" | "messages per minute":
            return say("No messages in this period", locale)
        case "conversations":
            return say("No conversations in this period", locale)
        case "users":
            return say("No users in this period", locale)
        case _:
            return say("Nothing to measure in this period", locale)


def describe(series: Series) -> str:
    """For those who cannot see the chart: its days, and between which values it moves."""
    locale = series.locale
    first, last = (numbers.day(series.values.index[place].date(), locale) for place in (0, -1))
    if series.values.isna().all():
        return say("Daily values from {first} to {last}: none.", locale, first=first, last=last)
    return say(
        "Daily values from {first} to {last}: between {low} and {high}.",
        locale,
        first=first,
        last=last,
        low=series.write(series.low),
        high=series.write(series.top),
    )


def write_days(result: Result) -> list[str]:
    """The days of a daily result as its table names them: "Mon 9 Nov"."""
    return [numbers.day(day.date(), result.edition.tenant.locale) for day in result.value["day"]]


def has_median(result: Result) -> bool:
    """Whether a daily result gives a median beside its average."""
    return "median_minutes" in result.metric.columns


def write_table(result: Result) -> DataTable:
    """All of a daily result as text: a row for each day."""
    series = [read_series(result, column) for column in result.metric.columns[1:]]
    locale = result.edition.tenant.locale
    both = [say("Average", locale), say("Median", locale)]
    labels = both if has_median(result) else [result.label]
    columns = [[each.write(value) for value in each.values] for each in series]
    return table([say("Day", locale), *labels], list(zip(write_days(result), *columns, strict=True)))
