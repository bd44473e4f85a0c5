"""The shape `trend`: a daily series as a line, and quietly beside it what it is compared with."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tidings.charts.base import chart_part, shape
from tidings.charts.draw.day_axes import (
    ChartSpec,
    EndLabel,
    open_day_axes,
    pitch,
    read_spec,
    say_nothing_happened,
    write_value,
)
from tidings.charts.draw.series import Series, caption_series, has_median, read_series, say_nothing
from tidings.charts.kinds import DAILY, SCALAR
from tidings.charts.style.colors import GREY, GROUND, Palette
from tidings.charts.style.fonts import drawable
from tidings.charts.style.theme import figure_of
from tidings.metrics.metric import Result
from tidings.parts.part import Part

_ROOM_FOR_MARKERS = 14  # CSS pixels a day
_SHORT = len("month")  # longer words would take the line's room
_COLUMN = 0.12  # of the width, where there is but one day


@dataclass(frozen=True)
class _Line:
    """A line: its values by position (NaN for a gap), and its name at the end."""

    values: np.ndarray
    name: str

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
    height: int = 256,
    wide: bool = False,
) -> Part:
    """Show a daily series as a line.

    Beside it, in grey, stands the previous period, day by day in the same order; for a table with an average
    and a median, the median in its place. A day without a value leaves a gap.

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
    return chart_part(result, caption, lambda: draw_trend(result, height, wide))


def draw_trend(result: Result, height: int = 256, wide: bool = False) -> Figure:
    """Draw the line, what it is compared with, and the number at its highest point."""
    spec, series = read_spec(result, height, wide), read_series(result)
    line, other = _lines(result, series)
    top = np.nanmax([series.top, *other.values], initial=0)
    axes = open_day_axes(spec, top, _end_labels(line, other, spec), whole=series.is_whole)
    if series.is_empty:
        say_nothing_happened(axes, say_nothing(series))
    draw = _draw_day if len(spec.days) == 1 else _draw_days
    draw(axes, line, other, spec.colors)
    if not series.is_empty:
        write_value(axes, series.peak, series.top, drawable(series.write(series.top)))
    return figure_of(axes)


def _draw_days(axes: Axes, line: _Line, other: _Line, colors: Palette) -> None:
    axes.fill_between(range(line.values.size), line.values, color=colors.wash, linewidth=0, zorder=1)
    axes.plot(other.values, color=GREY, linewidth=1.4)  # a tenth of what it takes seaborn
    _draw_line(axes, line, colors.accent, 2.4)
    _draw_markers(axes, line.values, colors.accent)


def _draw_day(axes: Axes, line: _Line, other: _Line, colors: Palette) -> None:
    """One day has no line: a column, and across it the level of what it is compared with."""
    axes.bar([0], line.values, width=_COLUMN, color=colors.accent, gid="column")
    axes.hlines(other.values, -_COLUMN, 0.5, color=GREY, linewidth=1.4, gid="level")


def _lines(result: Result, series: Series) -> tuple[_Line, _Line]:
    """The line that the chart is about, and the quiet one."""
    values = series.values.to_numpy(dtype=float)
    if has_median(result):
        median = result.value["median_minutes"].to_numpy(dtype=float)
        return _Line(values, "average"), _Line(median, "median")
    this, before = _this_and_before(result.edition.period.word)
    return _Line(values, this), _Line(_previous(result, values.size), before)


def _previous(result: Result, length: int) -> np.ndarray:
    """The values of the period before, the first day under the first; as many as there is room for."""
    if result.previous is None:
        return np.array([])
    return result.previous.iloc[:length, 1].to_numpy(dtype=float)


def _this_and_before(word: str) -> tuple[str, str]:
    return (f"this {word}", f"{word} before") if len(word) <= _SHORT else ("now", "before")


def _end_labels(line: _Line, other: _Line, spec: ChartSpec) -> list[EndLabel]:
    labels = [(line, spec.colors.accent, "bold"), (other, GREY, "normal")]
    named = [
        EndLabel(each.last, each.name, color, weight)
        for each, color, weight in labels
        if each.last is not None
    ]
    return named if other.last is not None else []


def _draw_line(axes: Axes, line: _Line, color: str, width: float) -> None:
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
            color=color,
            linewidth=width,
            ax=axes,
            legend=False,
        )
    axes.set(xlabel="", ylabel="")


def _draw_markers(axes: Axes, values: np.ndarray, color: str) -> None:
    """Mark every point where there is room, else those that no line reaches, and the highest."""
    known = ~np.isnan(values)
    if pitch(axes) < _ROOM_FOR_MARKERS:
        before, after = np.r_[False, known[:-1]], np.r_[known[1:], False]
        highest = values == np.nanmax(values, initial=0)
        known &= ~(before | after) | highest
    places = np.flatnonzero(known)
    axes.scatter(
        places,
        values[places],
        s=34,
        color=color,
        edgecolor=GROUND,
        linewidth=1.3,
        zorder=4,
        clip_on=False,
        gid="points",
    )
