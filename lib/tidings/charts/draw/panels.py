"""Small charts beside each other: one curve in each, all on the same days and the same scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from babel import Locale
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke

from tidings.charts.draw.pixel_axes import cut, fit, open_pixel_axes, text_width
from tidings.charts.draw.smooth import smooth
from tidings.charts.style.colors import GROUND, INK, QUIET, RULE, WEEKEND
from tidings.charts.style.fonts import can_draw, drawable
from tidings.charts.style.theme import TEXT, figure_of
from tidings.language import numbers

_ACROSS, _ACROSS_LONG = 3, 2  # panels beside each other; of more than a month, two
_MONTH = 31
_WORDS, _VALUE, _PLOT, _BELOW, _BESIDE = 20, 23, 42, 10, 18  # CSS pixels: heights of a panel, and gaps
_DAYS = 20  # below the last panel of a column
_INSIDE = 5  # from a panel's side to its first day
_TAIL = 7  # characters that a name keeps at its end: an id tells apart two agents of one name
_ROOM_FOR_MARKERS = 9  # CSS pixels a day
_GROUND = _PLOT + _VALUE / 2  # of a weekend's column
_HALO = [withStroke(linewidth=2.5, foreground=GROUND)]
_VALUE_FONT: dict[str, Any] = {"fontsize": TEXT, "fontweight": "bold"}


@dataclass(frozen=True)
class Panel:
    """One small chart.

    Attributes
    ----------
    name : str
        What is written above it, cut to its width.
    values : numpy.ndarray
        One for each day, NaN for a gap.
    color : str
        Of its curve.
    most : str
        Its highest value as text; "" where nothing is to be marked.
    """

    name: str
    values: np.ndarray
    color: str
    most: str

    @property
    def peak(self) -> int:
        """The position of the highest value, the first where several tie."""
        return int(np.nan_to_num(self.values, nan=-np.inf).argmax())


@dataclass(frozen=True)
class _Place:
    """Where a panel lies, in CSS pixels: its left side, its width, its baseline; and what a value is high."""

    left: float
    width: float
    bottom: float
    scale: float

    def across(self, days: Any, count: int) -> Any:
        """Where days lie, by their positions."""
        step = (self.width - 2 * _INSIDE) / (count - 1)
        return self.left + _INSIDE + np.asarray(days, dtype=float) * step

    def up(self, values: Any) -> Any:
        """Where values lie."""
        return self.bottom - np.asarray(values, dtype=float) * self.scale

    def point(self, panel: Panel, day: int) -> tuple[float, float]:
        """Where a day of a panel lies."""
        return float(self.across(day, panel.values.size)), float(self.up(panel.values[day]))


def draw_panels(
    panels: Sequence[Panel],
    days: Sequence[date],
    rest: Sequence[int],
    locale: Locale,
    *,
    wide: bool = False,
) -> Figure:
    """Draw panels row by row, each with its name above it; days are named below the last of each column.

    Parameters
    ----------
    panels : sequence of Panel
        At least one.
    days : sequence of date
        Two or more.
    rest : sequence of int
        The positions of weekends.
    locale : Locale
        The reader's.
    wide : bool
        Whether the picture spans both columns of the page.
    """
    across = _across(len(panels), len(days))
    rows = -(-len(panels) // across)
    row = _WORDS + _VALUE + _PLOT
    axes = open_pixel_axes(rows * (row + _BELOW) - _BELOW + _DAYS + 4, wide)
    width = (axes.get_xlim()[1] - (across - 1) * _BESIDE) / across
    top = max((float(np.nanmax(panel.values, initial=0)) for panel in panels), default=0) or 1
    places = [
        _Place(
            left=(number % across) * (width + _BESIDE),
            width=width,
            bottom=(number // across) * (row + _BELOW) + row,
            scale=_PLOT / top,
        )
        for number in range(len(panels))
    ]
    _draw_grounds(axes, places, rest, len(days))
    _draw_curves(axes, panels, places)
    for panel, place in zip(panels, places, strict=True):
        _write(axes, panel, place)
    for place in places[-across:]:
        _name_days(axes, place, days, locale)
    return figure_of(axes)


def _across(panels: int, days: int) -> int:
    most = _ACROSS if days <= _MONTH else _ACROSS_LONG
    return min(panels, 2 if panels == 4 else most)


def _draw_grounds(axes: Axes, places: Sequence[_Place], rest: Sequence[int], count: int) -> None:
    """Draw what lies behind the curves: weekends as pale columns, and each panel's baseline."""
    lines = [[(place.left, place.bottom), (place.left + place.width, place.bottom)] for place in places]
    axes.add_collection(LineCollection(lines, colors=RULE, linewidths=1, zorder=1, gid="baselines"))
    columns = []
    for place in places:
        starts, ends = (place.across(np.array(rest) + half, count) for half in (-0.5, 0.5))
        columns += [
            Rectangle((start, place.bottom - _GROUND), end - start, _GROUND)
            for start, end in zip(
                np.maximum(starts, place.left), np.minimum(ends, place.left + place.width), strict=True
            )
        ]
    axes.add_collection(PatchCollection(columns, facecolors=WEEKEND, linewidths=0, zorder=0, gid="weekends"))


def _draw_curves(axes: Axes, panels: Sequence[Panel], places: Sequence[_Place]) -> None:
    """Draw each panel's curve, its highest day, and those that have room or that no curve reaches."""
    dots: list[tuple[float, float]] = []
    dot_colors: list[str] = []
    for panel, place in zip(panels, places, strict=True):
        count, curves = panel.values.size, smooth(panel.values)
        dense = place.width / count < _ROOM_FOR_MARKERS
        for x, y in curves:
            axes.plot(
                place.across(x, count),
                place.up(y),
                color=panel.color,
                linewidth=1.4 if dense else 1.8,
                zorder=3,
                gid="curve",
            )
        reached = {int(step) for x, _ in curves for step in x} if dense else set()
        known = np.flatnonzero(~np.isnan(panel.values)).tolist()
        dots += [place.point(panel, day) for day in known if day not in reached]
        dot_colors += [panel.color] * (len(dots) - len(dot_colors))
    marked = [(panel, place) for panel, place in zip(panels, places, strict=True) if panel.most]
    peaks = [place.point(panel, panel.peak) for panel, place in marked]
    peak_colors = [panel.color for panel, _ in marked]
    _mark(axes, dots, dot_colors, size=9, ring=0, gid="points")
    _mark(axes, peaks, peak_colors, size=34, ring=1.2, gid="most")


def _mark(
    axes: Axes,
    points: Sequence[tuple[float, float]],
    colors: Sequence[str],
    *,
    size: int,
    ring: float,
    gid: str,
) -> None:
    x, y = zip(*points, strict=True) if points else ((), ())
    axes.scatter(x, y, s=size, c=colors, edgecolor=GROUND, linewidth=ring, zorder=4, gid=gid)


def _write(axes: Axes, panel: Panel, place: _Place) -> None:
    """Write a panel's name, and its highest value above the day, moved sideways where it would stick out."""
    name = cut(drawable(panel.name), place.width, text_width, _TAIL)
    above = place.bottom - _PLOT - _VALUE
    axes.text(place.left, above - _WORDS / 2 + 1, name, color=INK, va="center", gid="name")
    if panel.most:
        x, y = place.point(panel, panel.peak)
        text = fit(panel.most, place.width, **_VALUE_FONT)
        half = text_width(text, **_VALUE_FONT) / 2
        inside = min(max(x, place.left + half), place.left + place.width - half)
        style: dict[str, Any] = {"ha": "center", "va": "bottom", "path_effects": _HALO}
        axes.text(inside, y - 5, text, color=INK, gid="value", **style, **_VALUE_FONT)


def _name_days(axes: Axes, place: _Place, days: Sequence[date], locale: Locale) -> None:
    """Name the days below a panel: of a week as many as there is room for, of more the first and the last."""
    week = len(days) <= 7
    names = [_name(day, locale, week) for day in days]
    widest = max(map(text_width, names))
    step = (place.width - 2 * _INSIDE) / (len(days) - 1)
    choices = [every for every in (1, 2, 3) if week and (len(days) - 1) % every == 0]
    every = next((every for every in choices if every * step >= 1.5 * widest), len(days) - 1)
    for position in range(0, len(days), every):
        half = text_width(names[position]) / 2
        x = float(place.across(position, len(days)))
        inside = min(max(x, place.left + half), place.left + place.width - half)
        axes.text(
            inside,
            place.bottom + _DAYS / 2 + 2,
            names[position],
            color=QUIET,
            ha="center",
            va="center",
            gid="day",
        )


def _name(day: date, locale: Locale, week: bool) -> str:
    """A day's short name; in digits where no font has its letters."""
    name = numbers.weekday(day, locale) if week else numbers.month_day(day, locale)
    return name if can_draw(name) else numbers.day_in_digits(day, locale)
