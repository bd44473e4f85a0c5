"""Small charts beside each other: one curve in each, all on the same days and the same scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from babel import Locale

from tidings.charts.draw.fitting import cut, fit
from tidings.charts.draw.scale import length_of
from tidings.charts.draw.sheet import DESCENT, MIDDLE, Dots, Line, Shape, Sheet, Word, rectangle
from tidings.charts.draw.smooth import smooth
from tidings.charts.style.colors import QUIET, RULE, WEEKEND
from tidings.charts.style.fonts import can_draw, drawable
from tidings.charts.style.letters import text_width
from tidings.language import numbers

_ACROSS, _ACROSS_LONG = 3, 2  # panels beside each other; of more than a month, two
_MONTH = 31
_WORDS, _VALUE, _PLOT, _BELOW, _BESIDE = 20, 27, 40, 7, 18  # CSS pixels: heights of a panel, and gaps
_DAYS = 20  # below the last panel of a column
_INSIDE = 5  # from a panel's side to its first day
_TAIL = 7  # characters that a name keeps at its end: an id tells apart two agents of one name
_ROOM_FOR_MARKERS = 9  # CSS pixels a day
_GROUND = _PLOT + _VALUE / 2  # of a weekend's column

_Curves = list[tuple[np.ndarray, np.ndarray]]


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

    def is_dense(self, count: int) -> bool:
        """Whether so many days have no room for a dot each."""
        return self.width / count < _ROOM_FOR_MARKERS

    def across(self, days: Any, count: int) -> Any:
        """Where days lie, by their positions."""
        step = (self.width - 2 * _INSIDE) / (count - 1)
        return self.left + _INSIDE + np.asarray(days, dtype=float) * step

    def up(self, values: Any) -> Any:
        """Where values lie."""
        return self.bottom - np.asarray(values, dtype=float) * self.scale

    def inside(self, middle: float, width: float) -> float:
        """The middle of a text so wide, moved so far that the text keeps to the panel's sides."""
        return min(max(middle, self.left + width / 2), self.left + self.width - width / 2)

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
) -> Sheet:
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
    sheet = Sheet(rows * (row + _BELOW) - _BELOW + _DAYS + 4, wide)
    width = (sheet.width - (across - 1) * _BESIDE) / across
    top = max((float(np.nanmax(panel.values, initial=0)) for panel in panels), default=0)
    places = [
        _Place(
            left=(number % across) * (width + _BESIDE),
            width=width,
            bottom=(number // across) * (row + _BELOW) + row,
            scale=_PLOT / length_of(top),
        )
        for number in range(len(panels))
    ]
    for panel, place in zip(panels, places, strict=True):
        _draw_ground(sheet, place, rest, len(days))
        curves = smooth(panel.values)
        _draw_curves(sheet, panel, place, curves)
        _write(sheet, panel, place)
        _mark(sheet, panel, place, curves)
    for place in places[-across:]:
        _name_days(sheet, place, days, locale)
    return sheet


def _across(panels: int, days: int) -> int:
    most = _ACROSS if days <= _MONTH else _ACROSS_LONG
    return min(panels, 2 if panels == 4 else most)


def _draw_ground(sheet: Sheet, place: _Place, rest: Sequence[int], count: int) -> None:
    """Draw what lies behind a curve: weekends as pale columns, and the baseline."""
    right = place.left + place.width
    for day in rest:
        start, end = np.clip(place.across([day - 0.5, day + 0.5], count), place.left, right)
        path = rectangle(start, place.bottom - _GROUND, end - start, _GROUND)
        sheet.add(Shape("weekend", path, WEEKEND))
    ends = np.array([(place.left, place.bottom), (right, place.bottom)])
    sheet.add(Line("baseline", ends, RULE, 1.4))


def _draw_curves(sheet: Sheet, panel: Panel, place: _Place, curves: _Curves) -> None:
    count = panel.values.size
    width = 1.94 if place.is_dense(count) else 2.5
    for x, y in curves:
        points = np.column_stack([place.across(x, count), place.up(y)])
        sheet.add(Line("curve", points, panel.color, width))


def _mark(sheet: Sheet, panel: Panel, place: _Place, curves: _Curves) -> None:
    """Mark the highest day, and those that have room or that no curve reaches."""
    count = panel.values.size
    reached = {int(step) for x, _ in curves for step in x} if place.is_dense(count) else set()
    known = np.flatnonzero(~np.isnan(panel.values)).tolist()
    points = [place.point(panel, day) for day in known if day not in reached]
    sheet.add(Dots("points", np.array(points).reshape(-1, 2), panel.color, 4.2))
    if panel.most:
        sheet.add(Dots("most", np.array([place.point(panel, panel.peak)]), panel.color, 8.1, 1.7))


def _write(sheet: Sheet, panel: Panel, place: _Place) -> None:
    """Write a panel's name, and its highest value above the day, moved sideways where it would stick out."""
    name = cut(drawable(panel.name), place.width, text_width, _TAIL)
    above = place.bottom - _PLOT - _VALUE
    sheet.add(Word("name", name, place.left, above - _WORDS / 2 + 1 + MIDDLE))
    if panel.most:
        x, y = place.point(panel, panel.peak)
        text = fit(panel.most, place.width, bold=True)
        inside = place.inside(x, text_width(text, bold=True))
        sheet.add(Word("value", text, inside, y - 5 - DESCENT, bold=True, align=0.5, apart=True))


def _name_days(sheet: Sheet, place: _Place, days: Sequence[date], locale: Locale) -> None:
    """Name the days below a panel: of a week as many as there is room for, of more the first and the last."""
    week = len(days) <= 7
    names = [_name(day, locale, week) for day in days]
    widest = max(map(text_width, names))
    step = (place.width - 2 * _INSIDE) / (len(days) - 1)
    choices = [every for every in (1, 2, 3) if week and (len(days) - 1) % every == 0]
    every = next((every for every in choices if every * step >= 1.5 * widest), len(days) - 1)
    for position in range(0, len(days), every):
        x = place.inside(float(place.across(position, len(days))), text_width(names[position]))
        y = place.bottom + _DAYS / 2 + 2 + MIDDLE
        sheet.add(Word("day", names[position], x, y, QUIET, align=0.5))


def _name(day: date, locale: Locale, week: bool) -> str:
    """A day's short name; in digits where no font has its letters."""
    name = numbers.weekday(day, locale) if week else numbers.month_day(day, locale)
    return name if can_draw(name) else numbers.day_in_digits(day, locale)
