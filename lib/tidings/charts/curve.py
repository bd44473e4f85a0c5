"""The shape `curve`: how each agent's days went, as curved lines."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike
from pandas.api.types import is_integer_dtype
from wcwidth import wcswidth

from tidings.charts.base import Caption, chart_part, heading, shape, table
from tidings.charts.draw.day_axes import ChartSpec, EndLabel, open_day_axes, pitch, read_spec, write_value
from tidings.charts.draw.pixel_axes import cut
from tidings.charts.draw.smooth import smooth
from tidings.charts.kinds import BY_AGENT, RANKING
from tidings.charts.ranking import ranking
from tidings.charts.style.colors import GREY, GROUND, QUIET, mix
from tidings.charts.style.fonts import drawable
from tidings.charts.style.theme import figure_of
from tidings.language import numbers
from tidings.language.sentences import brief, join
from tidings.metrics.metric import Result
from tidings.parts.part import DataTable, Part

LINES = 6  # with a name and a colour of their own; where there are more agents, one fewer and a band

_BAND = mix(GREY, GROUND, 0.78)
_MORE_COLORS = ("#8C6A00", "#4A5563")
_MARKERS = "oooosD"  # another form where colours begin to spec alike
_NAME = 22  # columns of a name at the end of its line; a wide character takes two
_TAIL = 7  # characters that it keeps at its end: an id tells apart two agents of one name
_ROOM_FOR_MARKERS = 14  # CSS pixels a day


@dataclass(frozen=True)
class Course:
    """Agents' days: who is drawn by name, and who as one of the others.

    Attributes
    ----------
    table : pandas.DataFrame
        A row for each agent, the busiest first, and a column for each day; NaN for a gap.
    named : int
        How many of the first have a line of their own.
    whole : bool
        Whether values are counts.
    """

    table: pd.DataFrame
    named: int
    whole: bool

    @property
    def lines(self) -> pd.DataFrame:
        return self.table.iloc[: self.named]

    @property
    def others(self) -> pd.DataFrame:
        return self.table.iloc[self.named :]

    @property
    def peak(self) -> tuple[str, int]:
        """Whose day was the highest, and its position; the first of the busiest where several tie."""
        values = self.table.fillna(-np.inf).to_numpy()
        agent, place = np.unravel_index(values.argmax(), values.shape)
        return self.table.index[int(agent)], int(place)


@shape(BY_AGENT, total=RANKING, draws_nothing=False)
def curve(
    daily: Result,
    total: Result | None = None,
    *,
    title: str = "",
    finding: str | None = None,
    height: int = 280,
    wide: bool = False,
) -> Part:
    """Show a table by day and agent as a curved line for each of the busiest agents.

    A line passes through every day's value and never leaves the range of two neighbours. All other
    agents are one grey band, from the lowest to the highest of them. A single day is shown as bars.

    Parameters
    ----------
    daily : Result
        A table: ``day``, ``agent``, and a value; a row for each pair.
    total : Result, optional
        The same by agent alone, in its order: it decides who is busiest, and gives the leader's number.
    title : str, optional
        The metric's label unless given.
    finding : str, optional
        The sentence under the title; by default the leader and the highest day.
    height : int
        Of the picture, in CSS pixels.
    wide : bool
        Whether the picture spans both columns of the page. A phone shows a narrow one larger.
    """
    course, spec = read_course(daily, total), read_spec(daily, height, wide)
    if len(spec.days) == 1:
        of_day = course.table.iloc[:, 0].rename(daily.value.columns[2]).reset_index()
        return ranking(replace(daily, value=of_day), title=title, finding=finding)
    notes, made = _explain_band(course), name_leader_and_peak(course, daily, total)
    draw = partial(draw_course, course, spec)
    caption = Caption(title, finding or made, describe(course, daily), write_table(course, daily), notes)
    return chart_part(daily, caption, draw)


def read_course(daily: Result, total: Result | None = None) -> Course:
    """Read a table by day and agent, the busiest agent first: by `total`'s order, else by the sum of days."""
    day, agent, value = daily.value.columns
    days = pd.DatetimeIndex(daily.edition.period.days)
    table = daily.value.pivot(index=agent, columns=day, values=value).reindex(columns=days).astype(float)
    if total is not None and total.value is not None:
        order = total.value.iloc[:, 0]
    else:
        order = table.sum(axis=1).sort_values(ascending=False, kind="stable").index
    listed = pd.Index(order).intersection(table.index, sort=False)
    table = table.loc[[*listed, *table.index.difference(listed)]]
    named = len(table) if len(table) <= LINES else LINES - 1
    return Course(table, named, is_integer_dtype(daily.value[value]))


def name_leader_and_peak(course: Course, daily: Result, total: Result | None) -> str:
    """Say who had the most in the period, where that is known, and whose day was the highest."""
    period, locale = daily.edition.period, daily.edition.tenant.locale
    agent, place = course.peak
    value = numbers.quantity(float(np.nanmax(course.table)), daily.metric.unit, locale)
    day = numbers.day_name(period.days[place], locale, period.first.month != period.last.month)
    if total is None or total.value is None or total.value.empty:
        return f"{brief(agent)} had the highest day: {value} on {day}"
    leader, most = total.value.iloc[0, :2]
    most = numbers.quantity(most, total.metric.unit, locale)
    whose = "" if agent == leader else f"{brief(agent)}'s "
    peak = f"the highest day was {whose}{day} ({value})"
    return f"{brief(leader)} had the most, {most} in the {period.word}; {peak}"


def describe(course: Course, daily: Result) -> str:
    """Describe the lines to those who cannot see them."""
    locale = daily.edition.tenant.locale
    first, last = (
        numbers.day(day, locale) for day in (daily.edition.period.first, daily.edition.period.last)
    )
    low, high = (
        numbers.quantity(value, daily.metric.unit, locale)
        for value in (np.nanmin(course.table), np.nanmax(course.table))
    )
    drawn = join([brief(agent) for agent in course.lines.index], locale)
    rest = f", and a band for {_others(course)}" if len(course.others) else ""
    return f"Daily values of {drawn}{rest}, from {first} to {last}: between {low} and {high}."


def write_table(course: Course, daily: Result) -> DataTable:
    """Write out every value: the longer of days and agents runs down, the other across."""
    locale, who = daily.edition.tenant.locale, heading(daily.value.columns[1])
    days = [numbers.day(day.date(), locale) for day in pd.DatetimeIndex(course.table.columns)]
    agents = list(course.table.index)
    values = [[numbers.number(value, locale) for value in row] for row in course.table.to_numpy()]
    if len(agents) >= len(days):
        return table([who, *days], [[agent, *row] for agent, row in zip(agents, values, strict=True)])
    across = zip(*values, strict=True)
    return table(["Day", *agents], [[day, *row] for day, row in zip(days, across, strict=True)])


def draw_course(course: Course, spec: ChartSpec) -> Figure:
    """Draw the band of the others, then the lines, the busiest on top, then the highest value."""
    colors = (*spec.colors.series, *_MORE_COLORS)
    top = float(np.nanmax(course.table))
    axes = open_day_axes(spec, top, _end_labels(course, colors), whole=course.whole)
    if len(course.others):
        _draw_band(axes, course.others.to_numpy())
    for values, color, marker in reversed(list(zip(course.lines.to_numpy(), colors, _MARKERS, strict=False))):
        _draw_line(axes, values, color, marker)
    agent, place = course.peak
    rank = list(course.table.index).index(agent)
    _draw_markers(axes, [place], [top], colors[rank] if rank < course.named else QUIET, "o")
    write_value(axes, place, top, numbers.quantity(top, spec.unit, spec.locale))
    return figure_of(axes)


def _end_labels(course: Course, colors: Sequence[str]) -> list[EndLabel]:
    labels = [
        EndLabel(_last(values), cut(drawable(agent), _NAME, wcswidth, _TAIL), color)
        for agent, values, color in zip(course.lines.index, course.lines.to_numpy(), colors, strict=False)
    ]
    if len(course.others):
        low, high = _bounds(course.others.to_numpy())
        middle = (_last(low) + _last(high)) / 2
        labels = [*labels, EndLabel(middle, _others(course), QUIET, "normal")]
    return labels[::-1]  # of lines that end together, the busiest is named at the top


def _last(values: np.ndarray) -> float:
    """The last value of a line; 0 where it has none."""
    known = values[~np.isnan(values)]
    return float(known[-1]) if known.size else 0.0


def _others(course: Course) -> str:
    return f"{len(course.others)} others" if len(course.others) > 1 else "1 other"


def _explain_band(course: Course) -> tuple[str, ...]:
    if not len(course.others):
        return ()
    return (f"The grey band runs from the lowest to the highest of the {_others(course)}, day by day.",)


def _bounds(others: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The lowest and the highest of the others, day by day; NaN on a day without any."""
    return np.fmin.reduce(others), np.fmax.reduce(others)


def _draw_band(axes: Axes, others: np.ndarray) -> None:
    for (x, low), (_, high) in zip(*map(smooth, _bounds(others)), strict=True):
        axes.fill_between(x, low, np.maximum(low, high), color=_BAND, linewidth=0, zorder=1.5, gid="band")


def _draw_line(axes: Axes, values: np.ndarray, color: str, marker: str) -> None:
    """Draw a line with its markers; where days are too close for them, only where no line reaches."""
    curves, dense = smooth(values), pitch(axes) < _ROOM_FOR_MARKERS
    for x, y in curves:
        axes.plot(x, y, color=color, linewidth=1.5 if dense else 2.2, clip_on=False, zorder=3, gid="curve")
    reached = {int(step) for x, _ in curves for step in x} if dense else set()
    places = [place for place in np.flatnonzero(~np.isnan(values)) if place not in reached]
    _draw_markers(axes, places, values[places], color, marker)


def _draw_markers(axes: Axes, x: ArrayLike, y: ArrayLike, color: str, marker: str) -> None:
    ring: dict[str, Any] = {"edgecolor": GROUND, "linewidth": 1.2}
    axes.scatter(x, y, s=30, color=color, marker=marker, clip_on=False, zorder=3.5, gid="points", **ring)
