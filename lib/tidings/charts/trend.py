"""The shape `trend`: a daily series as a line, and quietly beside it what it is compared with."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from matplotlib.path import Path

from tidings.charts.base import chart_part, shape
from tidings.charts.draw.day_axes import (
    MANY,
    DayAxes,
    EndLabel,
    draw_ground,
    open_day_axes,
    read_spec,
    say_nothing_happened,
    write_value,
)
from tidings.charts.draw.goals import label_goal, tell_goal
from tidings.charts.draw.series import Series, caption_series, has_median, read_series, say_nothing
from tidings.charts.draw.sheet import Dots, Line, Shape, Sheet
from tidings.charts.draw.smooth import unbroken
from tidings.charts.kinds import DAILY, SCALAR
from tidings.charts.style.colors import GREY, QUIET
from tidings.charts.style.fonts import drawable
from tidings.charts.style.theme import HEIGHT
from tidings.language.sentences import say
from tidings.metrics.comparison import earlier_days
from tidings.metrics.goals import find_goal, limit_of
from tidings.metrics.metric import Result
from tidings.parts.part import Part
from tidings.tenants.goals import Goal

_COLUMN = 0.12  # of the width, where there is but one day
_DASHES, _DOTS = (7.5, 3.75), (1.94, 3.21)  # CSS pixels: of a goal, and of a median


@dataclass(frozen=True)
class _Line:
    """A line: its values by position (NaN for a gap), its name at the end, and how it is drawn."""

    values: np.ndarray
    name: str
    color: str
    bold: bool = False
    dash: tuple[float, ...] = ()

    @property
    def last(self) -> float | None:
        known = self.values[~np.isnan(self.values)]
        return known[-1] if known.size else None


@shape(DAILY, total=SCALAR)
def trend(
    result: Result,
    *,
    title: str = "",
    finding: str | None = None,
    total: Result | None = None,
    height: int = HEIGHT,
    wide: bool = False,
) -> Part:
    """Show a daily series as a line.

    Beside it, in grey, stands what was before, each day under the same weekday; for a table with an average
    and a median, the median too, dotted. A day without a value leaves a gap.

    Parameters
    ----------
    result : Result
        A table by ``day``; the column after it is drawn.
    title : str, optional
        In place of the metric's label.
    finding : str, optional
        The sentence under the title, in place of one made from the data.
    total : Result, optional
        The period's own number, for the title, where days do not add up to it.
    height : int
        Of the picture, in CSS pixels.
    wide : bool
        Whether it spans both columns of the page.
    """
    caption = caption_series(result, title, finding, total)
    goal = _goal(result, total)
    if goal and total:
        caption = replace(caption, notes=(*caption.notes, tell_goal(goal, total)))
    return chart_part(result, caption, draw_trend(result, height, wide, goal))


def draw_trend(result: Result, height: int = HEIGHT, wide: bool = False, goal: Goal | None = None) -> Sheet:
    """Draw the line, what it is compared with, the goal, and the number at its highest point."""
    spec, series = read_spec(result, height, wide), read_series(result)
    lines = _lines(result, series, spec.colors.accent)
    top = max(np.nanmax(line.values, initial=0) for line in lines)
    labels = _end_labels(lines)
    if goal:
        top = max(top, limit_of(goal))
        labels.append(label_goal(goal, result.metric.unit, limit_of(goal), spec.locale))
    axes = open_day_axes(spec, top, labels, whole=series.is_whole)
    is_day = len(spec.days) == 1
    if not is_day:
        _fill_below(axes, lines[0], spec.colors.wash)
    if goal:
        ends = (-0.5, len(spec.days) - 0.5)
        axes.sheet.add(axes.level("goal", limit_of(goal), ends, QUIET, 1.25, _DASHES))
    (_draw_day if is_day else _draw_lines)(axes, lines)
    draw_ground(axes)
    if series.is_empty:
        say_nothing_happened(axes, say_nothing(result))
    elif not series.is_flat:
        write_value(axes, series.peak, series.top, drawable(series.write(series.top)))
    if not is_day:
        _mark_days(axes, lines[0])
    return axes.sheet


def _goal(result: Result, total: Result | None) -> Goal | None:
    """The goal of the period's own number, where that is one that each day has too, as an average is."""
    if total is None or total.metric.counts != "average" or total.metric.unit != result.metric.unit:
        return None
    return find_goal(total.edition.tenant, total.metric)


def _fill_below(axes: DayAxes, line: _Line, wash: str) -> None:
    """Fill the ground below each unbroken run."""
    for start, stop in unbroken(line.values):
        above = axes.points(np.arange(start, stop), line.values[start:stop])
        below = axes.points([stop - 1, start], [0, 0])
        axes.sheet.add(Shape("wash", Path(np.vstack([above, below, above[:1]]), closed=True), wash))


def _draw_lines(axes: DayAxes, lines: Sequence[_Line]) -> None:
    line, *others = lines
    for each in (*others, line):
        width = 3.33 if each is line else 1.94
        points = axes.points(np.arange(each.values.size), each.values)
        axes.sheet.add(Line("line", points, each.color, width, each.dash, axes.box))


def _draw_day(axes: DayAxes, lines: Sequence[_Line]) -> None:
    """One day has no line: a column, and across it the levels of what it is compared with."""
    line, *others = lines
    axes.sheet.add(Shape("column", axes.column(0, _COLUMN, np.nan_to_num(line.values[0])), line.color))
    for other in others:
        axes.sheet.add(axes.level("level", other.values[0], (-_COLUMN, 0.5), other.color, 1.94, other.dash))


def _lines(result: Result, series: Series, accent: str) -> list[_Line]:
    """The line that the chart is about, then the median, then what was before, as far as there are any."""
    locale, values, earlier = series.locale, series.values.to_numpy(dtype=float), earlier_days(result)
    week = say("this week", locale) if result.edition.period.word == "week" else say("now", locale)
    name = say("average", locale) if has_median(result) else week
    lines = [_Line(values, name, accent, bold=True)]
    if has_median(result):
        median = result.value["median_minutes"].to_numpy(dtype=float)
        lines.append(_Line(median, say("median", locale), accent, dash=_DOTS))
    if earlier is not None and (len(lines) == 1 or values.size <= MANY):  # three long lines are a tangle
        table, when = earlier
        lines.append(_Line(table.iloc[:, 1].to_numpy(dtype=float), when, GREY))
    return lines


def _end_labels(lines: Sequence[_Line]) -> list[EndLabel]:
    """The names of lines, where there is more than one."""
    known = [line for line in lines if line.last is not None]
    named = [EndLabel(line.last or 0, line.name, line.color, line.bold) for line in known]
    return named if len(named) > 1 else []


def _mark_days(axes: DayAxes, line: _Line) -> None:
    """Mark every day with a ring, where there are not many; of many those that no line reaches."""
    known, is_many = ~np.isnan(line.values), line.values.size > MANY
    if is_many:
        known &= ~(np.r_[False, known[:-1]] | np.r_[known[1:], False])
    places = np.flatnonzero(known)
    size, ring = (4.4, 0) if is_many else (8.1, 1.8)
    axes.sheet.add(Dots("points", axes.points(places, line.values[places]), line.color, size, ring))
