"""Axes of days: time runs to the right, values upward, and both are labelled as people say them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
from babel import Locale

from tidings.charts.draw.labels import move_apart
from tidings.charts.draw.scale import day_ticks, length_of, tick_labels, value_ticks
from tidings.charts.draw.sheet import DESCENT, MIDDLE, Box, Line, Shape, Sheet, Word, rectangle
from tidings.charts.style.colors import INK, PALE, QUIET, RULE, WEEKEND, Palette, palette, text_color
from tidings.charts.style.fonts import can_draw, drawable
from tidings.charts.style.letters import text_width
from tidings.charts.style.theme import HEIGHT
from tidings.language import numbers
from tidings.metrics.metric import Result
from tidings.tenants.validators import WEEKDAYS

LINE = 18  # CSS pixels from one line of text to the next
MANY = 16  # days; of more, weeks are marked, and days no longer

_TOP, _BOTTOM, _EDGE = 26, 48, 3
_BESIDE, _BELOW = 9, 20  # from the axes to a label's side, and to its baseline
_ABOVE = 5.5  # from a mark to the words above it
_APART = 6  # between labels


@dataclass(frozen=True)
class ChartSpec:
    """How one result is to be drawn: in whose colours and language, in which unit, and how large.

    Attributes
    ----------
    days : tuple of date
        The days of the axis.
    unit : str
        The unit of the values.
    locale : Locale
        The reader's.
    colors : Palette
        The tenant's.
    week_starts : int
        The first day of the tenant's week, 0 for Monday.
    rest : tuple of int
        The positions of weekends; none where there is but one day.
    height : int
        In CSS pixels.
    wide : bool
        Whether the chart spans both columns of the page.
    """

    days: tuple[date, ...]
    unit: str
    locale: Locale
    colors: Palette
    week_starts: int
    rest: tuple[int, ...]
    height: int = HEIGHT
    wide: bool = False


@dataclass(frozen=True)
class EndLabel:
    """The name of a series at its end, at the height of a value, in the colour of the series."""

    value: float
    text: str
    color: str
    bold: bool = True


@dataclass(frozen=True)
class DayAxes:
    """Where days and values lie on a sheet.

    Attributes
    ----------
    sheet : Sheet
        What is drawn on.
    box : Box
        The rectangle that they fill.
    days : int
        How many days there are, each as wide as any other.
    high : float
        The value at the upper side; 0 is at the lower.
    """

    sheet: Sheet
    box: Box
    days: int
    high: float

    @property
    def pitch(self) -> float:
        """CSS pixels from one day to the next."""
        return (self.box.right - self.box.left) / self.days

    @property
    def scale(self) -> float:
        """CSS pixels that a value of 1 is high."""
        return (self.box.bottom - self.box.top) / self.high

    def across(self, places: Any) -> Any:
        """Where days lie, by their positions."""
        return self.box.left + (np.asarray(places, dtype=float) + 0.5) * self.pitch

    def up(self, values: Any) -> Any:
        """Where values lie."""
        return self.box.bottom - np.asarray(values, dtype=float) * self.scale

    def points(self, places: Any, values: Any) -> np.ndarray:
        """Where values of days lie, a row for each."""
        return np.column_stack([self.across(places), self.up(values)])

    def column(self, place: float, width: float, value: float, below: float = 0) -> Any:
        """The outline of a column for a value of a day, on top of what lies below; `width` is of a day's."""
        left, top = self.across(place) - width / 2 * self.pitch, self.up(below + value)
        return rectangle(left, top, width * self.pitch, value * self.scale)

    def level(
        self,
        name: str,
        value: float,
        places: tuple[float, float],
        color: str,
        width: float,
        dash: tuple[float, ...] = (),
    ) -> Line:
        """A level line at a value, from one place to another."""
        return Line(name, self.points(places, [value, value]), color, width, dash)


def read_spec(result: Result, height: int, wide: bool) -> ChartSpec:
    """How a daily result is to be drawn."""
    tenant, days = result.edition.tenant, result.edition.period.days
    rest = [place for place, day in enumerate(days) if day.weekday() in tenant.weekend]
    return ChartSpec(
        days=days,
        unit=result.metric.unit,
        locale=tenant.locale,
        colors=palette(tenant.brand.color),
        week_starts=WEEKDAYS.index(tenant.week_starts),
        rest=tuple(rest) if len(days) > 1 else (),
        height=height,
        wide=wide,
    )


def open_day_axes(
    spec: ChartSpec, top: float, labels: Sequence[EndLabel] = (), *, whole: bool, axis: bool = True
) -> DayAxes:
    """Open axes with a place for each day, from 0 to the left, on a new sheet.

    Parameters
    ----------
    spec : ChartSpec
        The days, and how they are drawn.
    top : float
        The largest value that will be drawn.
    labels : sequence of EndLabel
        Names to be written at the right of the last day.
    whole : bool
        Whether values are whole numbers, so that ticks are too.
    axis : bool
        Whether values have an axis; none is needed where each is written on its mark.
    """
    sheet = Sheet(spec.height, spec.wide)
    ticks = value_ticks(top, spec.unit, whole) if axis else value_ticks(0)
    written = tick_labels(ticks.tolist(), spec.unit, spec.locale) if axis else [""]
    left = _EDGE + _BESIDE + max(map(text_width, written))
    right = max((_BESIDE + text_width(label.text, label.bold) for label in labels), default=0) + 2 * _EDGE
    box = Box(left, _TOP, sheet.width - max(right, 6 * _EDGE), spec.height - _BOTTOM)
    axes = DayAxes(sheet, box, len(spec.days), length_of(max(top * 1.03, ticks[-1])))
    _shade(axes, spec)
    for tick, text in zip(ticks, written, strict=True):
        y = float(axes.up(tick))
        sheet.add(
            Line("rule", np.array([(box.left, y), (box.right, y)]), RULE, 0.97),
            Word("tick", text, box.left - _BESIDE, y + MIDDLE, QUIET, align=1),
        )
    _name_days(axes, spec)
    _write_end_labels(axes, labels)
    return axes


def _shade(axes: DayAxes, spec: ChartSpec) -> None:
    """Shade weekends; of many days mark where weeks start."""
    box = axes.box
    for place in spec.rest:
        left = axes.across(place - 0.5)
        path = rectangle(left, box.top, axes.pitch, box.bottom - box.top)
        axes.sheet.add(Shape("weekend", path, WEEKEND))
    for place, day in enumerate(spec.days):
        if len(spec.days) > MANY and day.weekday() == spec.week_starts:
            x = axes.across(place - 0.5)
            axes.sheet.add(Line("week", np.array([(x, box.bottom), (x, box.top)]), RULE, 0.97))


def _name_days(axes: DayAxes, spec: ChartSpec) -> None:
    for place, lines in _day_lines(axes, spec).items():
        color = QUIET if place in spec.rest else INK
        for line, text in enumerate(lines):
            y = axes.box.bottom + _BELOW + line * LINE
            axes.sheet.add(Word("day", text, float(axes.across(place)), y, color, align=0.5))


def _day_lines(axes: DayAxes, spec: ChartSpec) -> dict[int, list[str]]:
    """The labels under the days, by position, of those choices the first that has room."""
    choices = (
        {place: _drawable_lines(label, spec.days[place], spec.locale) for place, label in ticks.items()}
        for ticks in day_ticks(spec.days, spec.locale, spec.week_starts)
    )
    chosen = next((lines for lines in choices if _have_room(axes, lines)), {})
    return {place: lines for place, lines in chosen.items() if _is_inside(axes, place, lines)}


def _is_inside(axes: DayAxes, place: int, lines: list[str]) -> bool:
    """Whether a label ends before the picture does."""
    half = max(map(text_width, lines)) / 2
    return half <= axes.across(place) <= axes.sheet.width - half


def _drawable_lines(label: str, day: date, locale: Locale) -> list[str]:
    """The lines of a label; the day in digits where no font has its letters."""
    return label.split("\n") if can_draw(label) else [numbers.day_in_digits(day, locale)]


def _have_room(axes: DayAxes, labels: dict[int, list[str]]) -> bool:
    """Whether labels under days, line by line, keep a word's space from each other."""
    return all(
        _apart(axes, {place: lines[row] for place, lines in labels.items() if len(lines) > row})
        for row in (0, 1)
    )


def _apart(axes: DayAxes, texts: dict[int, str]) -> bool:
    widths = {place: text_width(text) for place, text in texts.items()}
    return all(
        (widths[one] + widths[two]) / 2 + _APART <= (two - one) * axes.pitch for one, two in pairwise(widths)
    )


def _write_end_labels(axes: DayAxes, labels: Sequence[EndLabel]) -> None:
    box = axes.box
    wanted = [label.value * axes.scale for label in labels]
    for label, height in zip(labels, move_apart(wanted, LINE, 0, box.bottom - box.top), strict=True):
        x, y = box.right + _BESIDE, box.bottom - height + MIDDLE
        axes.sheet.add(Word("end", drawable(label.text), x, y, text_color(label.color), label.bold))


def draw_ground(axes: DayAxes) -> None:
    """Draw the line that values rise from, over the feet of the marks."""
    box = axes.box
    axes.sheet.add(Line("ground", np.array([(box.left, box.bottom), (box.right, box.bottom)]), PALE, 1.11))


def write_value(
    axes: DayAxes, place: float, value: float, text: str, color: str = INK, *, bold: bool = True
) -> None:
    """Write a text above a mark, moved sideways where it would leave the axes."""
    x, half = float(axes.across(place)), text_width(text, bold) / 2
    left, right = axes.box.left + half, axes.box.right - half
    inside = min(max(x, left), right) if right > left else x
    y = float(axes.up(value)) - _ABOVE - DESCENT
    axes.sheet.add(Word("value", text, inside, y, color, bold, align=0.5, apart=True))


def say_nothing_happened(axes: DayAxes, text: str) -> None:
    """Write across empty axes that there is nothing to see."""
    box = axes.box
    x, y = (box.left + box.right) / 2, box.bottom - 0.3 * (box.bottom - box.top) + MIDDLE
    axes.sheet.add(Word("nothing", drawable(text), x, y, QUIET, align=0.5, apart=True))
