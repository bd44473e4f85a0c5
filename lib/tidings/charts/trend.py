"""The shape `trend`: a daily series as a line, and quietly beside it what it is compared with."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tidings.charts.base import chart_part, shape
from tidings.charts.draw.day_axes import (
    MANY,
    EndLabel,
    open_day_axes,
    read_spec,
    say_nothing_happened,
    write_value,
)
from tidings.charts.draw.goals import label_goal, tell_goal
from tidings.charts.draw.series import Series, caption_series, has_median, read_series, say_nothing
from tidings.charts.kinds import DAILY, SCALAR
from tidings.charts.style.colors import GREY, GROUND, QUIET
from tidings.charts.style.fonts import drawable
from tidings.charts.style.theme import HEIGHT, figure_of
from tidings.language.sentences import say
from tidings.metrics.comparison import earlier_days
from tidings.metrics.goals import find_goal, limit_of
from tidings.metrics.metric import Result
from tidings.parts.part import Part
from tidings.tenants.goals import Goal

_COLUMN = 0.12  # of the width, where there is but one day


@dataclass(frozen=True)
class _Line:
    """A line: its values by position (NaN for a gap), its name at the end, and how it is drawn."""

    values: np.ndarray
    name: str
    color: str
    weight: str = "normal"
    style: str = "-"

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
    return chart_part(result, caption, lambda: draw_trend(result, height, wide, goal))


def draw_trend(result: Result, height: int = HEIGHT, wide: bool = False, goal: Goal | None = None) -> Figure:
    """Draw the line, what it is compared with, the goal, and the number at its highest point."""
    spec, series = read_spec(result, height, wide), read_series(result)
    lines = _lines(result, series, spec.colors.accent)
    top = max(np.nanmax(line.values, initial=0) for line in lines)
    labels = _end_labels(lines)
    if goal:
        top = max(top, limit_of(goal))
        labels.append(label_goal(goal, result.metric.unit, limit_of(goal), spec.locale))
    axes = open_day_axes(spec, top, labels, whole=series.is_whole)
    if goal:
        axes.axhline(
            limit_of(goal), color=QUIET, linewidth=0.9, linestyle=(0, (6, 3)), zorder=1.5, gid="goal"
        )
    if series.is_empty:
        say_nothing_happened(axes, say_nothing(result))
    if len(spec.days) == 1:
        _draw_day(axes, lines)
    else:
        _draw_days(axes, lines, spec.colors.wash)
    if not series.is_empty and not series.is_flat:
        write_value(axes, series.peak, series.top, drawable(series.write(series.top)))
    return figure_of(axes)


def _goal(result: Result, total: Result | None) -> Goal | None:
    """The goal of the period's own number, where that is one that each day has too, as an average is."""
    if total is None or total.metric.counts != "average" or total.metric.unit != result.metric.unit:
        return None
    return find_goal(total.edition.tenant, total.metric)


def _draw_days(axes: Axes, lines: Sequence[_Line], wash: str) -> None:
    line, *others = lines
    axes.fill_between(range(line.values.size), line.values, color=wash, linewidth=0, zorder=1)
    for other in others:  # a tenth of what it takes seaborn
        axes.plot(other.values, color=other.color, linestyle=other.style, linewidth=1.4)
    _draw_line(axes, line, 2.4)
    _draw_markers(axes, line)


def _draw_day(axes: Axes, lines: Sequence[_Line]) -> None:
    """One day has no line: a column, and across it the levels of what it is compared with."""
    line, *others = lines
    axes.bar([0], line.values, width=_COLUMN, color=line.color, gid="column")
    for other in others:
        axes.hlines(
            other.values, -_COLUMN, 0.5, color=other.color, linestyle=other.style, linewidth=1.4, gid="level"
        )


def _lines(result: Result, series: Series, accent: str) -> list[_Line]:
    """The line that the chart is about, then the median, then what was before, as far as there are any."""
    locale, values, earlier = series.locale, series.values.to_numpy(dtype=float), earlier_days(result)
    week = say("this week", locale) if result.edition.period.word == "week" else say("now", locale)
    name = say("average", locale) if has_median(result) else week
    lines = [_Line(values, name, accent, "bold")]
    if has_median(result):
        median = result.value["median_minutes"].to_numpy(dtype=float)
        lines.append(_Line(median, say("median", locale), accent, style=":"))
    if earlier is not None and (len(lines) == 1 or values.size <= MANY):  # three long lines are a tangle
        table, when = earlier
        lines.append(_Line(table.iloc[:, 1].to_numpy(dtype=float), when, GREY))
    return lines


def _end_labels(lines: Sequence[_Line]) -> list[EndLabel]:
    """The names of lines, where there is more than one."""
    known = [line for line in lines if line.last is not None]
    named = [EndLabel(line.last or 0, line.name, line.color, line.weight) for line in known]
    return named if len(named) > 1 else []


def _draw_line(axes: Axes, line: _Line, width: float) -> None:
    points = pd.DataFrame({"place": np.arange(line.values.size), "value": line.values})
    points["run"] = points["value"].isna().cumsum()  # a gap ends a run, and a line never crosses it
    known = points.dropna()
    if not known.empty:
        sns.lineplot(
            known,
            x="place",
            y="value",
            units="run",
            estimator=None,
            color=line.color,
            linewidth=width,
            ax=axes,
            legend=False,
        )
    axes.set(xlabel="", ylabel="")


def _draw_markers(axes: Axes, line: _Line) -> None:
    """Mark every day with a ring, where there are not many; of many those that no line reaches."""
    known, is_many = ~np.isnan(line.values), line.values.size > MANY
    if is_many:
        known &= ~(np.r_[False, known[:-1]] | np.r_[known[1:], False])
    places = np.flatnonzero(known)
    axes.scatter(
        places,
        line.values[places],
        s=10 if is_many else 34,
        color=line.color,
        edgecolor=GROUND,
        linewidth=0 if is_many else 1.3,
        zorder=4,
        clip_on=False,
        gid="points",
    )
