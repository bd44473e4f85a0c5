"""A daily series, and what is said about it: its extremes, its sum where that means something, its table."""

from dataclasses import dataclass

import pandas as pd
from pandas.api.types import is_integer_dtype

from tidings.charts.base import Caption, table
from tidings.language import numbers
from tidings.metrics.metric import Result
from tidings.parts.part import DataTable


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
    def trough(self) -> int:
        """The position of the smallest value, the first where several tie. Not for a series of gaps."""
        return int(self.values.fillna(float("inf")).to_numpy().argmin())

    def write(self, value: float) -> str:
        """A value in its unit, in the reader's language."""
        unit, locale = self.result.metric.unit, self.result.edition.tenant.locale
        if self.is_whole or unit in ("minutes", "hours", "share"):
            return numbers.quantity(value, unit, locale)
        return numbers.average(value, locale)

    def day(self, position: int) -> str:
        """A day with its value, for a sentence: "Friday 13 (5,610)"; with its month if there are several."""
        period, locale = self.result.edition.period, self.result.edition.tenant.locale
        months = period.first.month != period.last.month
        name = numbers.day_name(self.values.index[position].date(), locale, months)
        return f"{name} ({self.write(self.values.iloc[position])})"


def read_series(result: Result, column: str | None = None) -> Series:
    """Read a column of a daily result (the first after ``day`` unless it is named) as a series."""
    table = result.value.set_index("day")
    return Series(result, table[column or table.columns[0]])


def caption_series(result: Result, title: str, finding: str | None, total: Result | None) -> Caption:
    """What stands around a daily series, with the period's own number in the title where one is given."""
    series = read_series(result)
    if total is not None and total.value is not None:
        locale = total.edition.tenant.locale
        title = f"{title}: {numbers.quantity(total.value, total.metric.unit, locale)}"
    return Caption(title, finding or find_extremes(series), describe(series), write_table(result))


def find_extremes(series: Series) -> str:
    """What a daily series shows: its sum where that means something, its most and its least."""
    period, locale = series.result.edition.period, series.result.edition.tenant.locale
    if series.is_empty:
        return say_nothing(series)
    if len(series.values) == 1:
        return f"{series.write(series.values.iloc[0])} on {numbers.day_name(period.first, locale)}"
    if series.adds_up:
        total = series.write(series.values.sum())
        return f"{total} in the {period.word}, most on {series.day(series.peak)}"
    most, least = ("Most", "fewest") if series.is_whole else ("Highest", "lowest")
    if series.values.nunique(dropna=False) == 1:
        return f"{series.write(series.top)} on every day"
    if series.values.nunique() == 1:
        return f"{most} on {series.day(series.peak)}"
    return f"{most} on {series.day(series.peak)}, {least} on {series.day(series.trough)}"


def say_nothing(series: Series) -> str:
    """The finding where nothing happened."""
    what = {"messages per minute": "messages"}.get(series.result.metric.unit, series.result.metric.unit)
    counted = what in ("users", "messages", "conversations")
    return f"{f'No {what}' if counted else 'Nothing to measure'} in {this_period(series.result)}"


def this_period(result: Result) -> str:
    """The period for a sentence: "this week", "these two months"."""
    word = result.edition.period.word
    return f"{'these' if word.endswith('s') else 'this'} {word}"


def describe(series: Series) -> str:
    """For those who cannot see the chart: its days, and between which values it moves."""
    locale = series.result.edition.tenant.locale
    first, last = (series.values.index[place].date() for place in (0, -1))
    days = f"Daily values from {numbers.day(first, locale)} to {numbers.day(last, locale)}"
    if series.values.isna().all():
        return f"{days}: none."
    return f"{days}: between {series.write(series.values.min())} and {series.write(series.top)}."


def write_days(result: Result) -> list[str]:
    """The days of a daily result as its table names them: "Mon 9 Nov"."""
    return [numbers.day(day.date(), result.edition.tenant.locale) for day in result.value["day"]]


def has_median(result: Result) -> bool:
    """Whether a daily result gives a median beside its average."""
    return "median_minutes" in result.metric.columns


def write_table(result: Result) -> DataTable:
    """All of a daily result as text: a row for each day."""
    series = [read_series(result, column) for column in result.metric.columns[1:]]
    labels = ["Average", "Median"] if has_median(result) else [result.metric.label]
    columns = [[each.write(value) for value in each.values] for each in series]
    return table(["Day", *labels], list(zip(write_days(result), *columns, strict=True)))
