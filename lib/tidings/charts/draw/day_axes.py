"""Axes of days: time runs to the right, values upward, and both are labelled as people say them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from babel import Locale
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from matplotlib.text import Text

from tidings.charts.draw.labels import move_apart
from tidings.charts.draw.pixel_axes import text_width
from tidings.charts.draw.scale import day_ticks, tick_labels, value_ticks
from tidings.charts.style.colors import GROUND, INK, QUIET, RULE, WEEKEND, Palette, palette, text_color
from tidings.charts.style.fonts import can_draw, drawable
from tidings.charts.style.theme import HEIGHT, PIXELS, TEXT, WIDE, WIDTH, figure_of, open_figure
from tidings.language import numbers
from tidings.metrics.metric import Result

LINE = 18  # CSS pixels from one line of text to the next
MANY = 16  # days; of more, weeks are marked, and days no longer

POINT = 0.72  # points in a CSS pixel

_TOP, _BOTTOM, _EDGE = 26, 48, 3
_BESIDE, _BELOW = 9, 20  # from the axes to a label's side, and to its baseline
_APART = 6  # between labels
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


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
    weight: str = "bold"


def read_spec(result: Result, height: int, wide: bool) -> ChartSpec:
    """How a daily result is to be drawn."""
    tenant, days = result.edition.tenant, result.edition.period.days
    rest = [place for place, day in enumerate(days) if day.weekday() in tenant.weekend]
    return ChartSpec(
        days=days,
        unit=result.metric.unit,
        locale=tenant.locale,
        colors=palette(tenant.brand.color),
        week_starts=_WEEKDAYS.index(tenant.week_starts),
        rest=tuple(rest) if len(days) > 1 else (),
        height=height,
        wide=wide,
    )


def open_day_axes(
    spec: ChartSpec, top: float, labels: Sequence[EndLabel] = (), *, whole: bool, axis: bool = True
) -> Axes:
    """Open axes with a place for each day, from 0 to the left, on a new figure.

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
    axes = open_figure(spec.height, spec.wide).add_subplot()
    ticks = value_ticks(top, spec.unit, whole) if axis else value_ticks(0)
    written = tick_labels(ticks.tolist(), spec.unit, spec.locale) if axis else [""]
    left = _EDGE + _BESIDE + max(text_width(text) for text in written)
    right = (
        max((_BESIDE + text_width(label.text, weight=label.weight) for label in labels), default=0)
        + 2 * _EDGE
    )
    _place(axes, spec, left, max(right, 6 * _EDGE))
    axes.set_ylim(0, max(top * 1.03, ticks[-1]) or 1)
    axes.set_yticks(ticks, written)
    _label_days(axes, spec)
    _write_end_labels(axes, labels)
    return axes


def _place(axes: Axes, spec: ChartSpec, left: float, right: float) -> None:
    width = WIDE if spec.wide else WIDTH
    room = width - left - right
    axes.set_position(
        (left / width, _BOTTOM / spec.height, room / width, (spec.height - _TOP - _BOTTOM) / spec.height)
    )
    axes.set_xlim(-0.5, len(spec.days) - 0.5)


def pitch(axes: Axes) -> float:
    """CSS pixels from one day to the next."""
    (start, _), (end, _) = axes.transData.transform([(0, 0), (1, 0)])
    return (end - start) / PIXELS


def _label_days(axes: Axes, spec: ChartSpec) -> None:
    for place in spec.rest:
        axes.axvspan(place - 0.5, place + 0.5, color=WEEKEND, linewidth=0, zorder=0, gid="weekend")
    if len(spec.days) > MANY:
        starts = [place - 0.5 for place, day in enumerate(spec.days) if day.weekday() == spec.week_starts]
        axes.vlines(starts, *axes.get_ylim(), color=RULE, linewidth=0.7, zorder=0.5, gid="week")
    axes.set_xticks([])
    for place, lines in _day_lines(axes, spec).items():
        for line, text in enumerate(lines):
            _write_below(axes, place, line, text, QUIET if place in spec.rest else INK)


def _day_lines(axes: Axes, spec: ChartSpec) -> dict[int, list[str]]:
    """The labels under the days, by position, of those choices the first that has room."""
    choices = (
        {place: _drawable_lines(label, spec.days[place], spec.locale) for place, label in ticks.items()}
        for ticks in day_ticks(spec.days, spec.locale, spec.week_starts)
    )
    chosen = next((lines for lines in choices if _have_room(axes, lines)), {})
    return {place: lines for place, lines in chosen.items() if _is_inside(axes, place, lines)}


def _is_inside(axes: Axes, place: int, lines: list[str]) -> bool:
    """Whether a label ends before the picture does."""
    half = max(text_width(line) for line in lines) / 2 * PIXELS
    middle = axes.transData.transform((place, 0))[0]
    return half <= middle <= axes.figure.bbox.width - half


def _drawable_lines(label: str, day: date, locale: Locale) -> list[str]:
    """The lines of a label; the day in digits where no font has its letters."""
    return label.split("\n") if can_draw(label) else [numbers.day_in_digits(day, locale)]


def _have_room(axes: Axes, labels: dict[int, list[str]]) -> bool:
    """Whether labels under days, line by line, keep a word's space from each other."""
    return all(
        _apart(axes, {place: lines[row] for place, lines in labels.items() if len(lines) > row})
        for row in (0, 1)
    )


def _apart(axes: Axes, texts: dict[int, str]) -> bool:
    widths = {place: text_width(text) for place, text in texts.items()}
    return all(
        (widths[one] + widths[two]) / 2 + _APART <= (two - one) * pitch(axes) for one, two in pairwise(widths)
    )


def _write_below(axes: Axes, place: int, line: int, text: str, color: str) -> None:
    axes.annotate(
        text,
        (place, 0),
        (0, -(_BELOW + line * LINE) * POINT),
        xycoords=axes.get_xaxis_transform(),
        textcoords="offset points",
        ha="center",
        va="baseline",
        color=color,
        gid="day",
    )


def _write_end_labels(axes: Axes, labels: Sequence[EndLabel]) -> None:
    low, high = axes.get_ylim()
    gap = LINE / (axes.get_position().height * figure_of(axes).get_figheight() * 100) * (high - low)
    places = move_apart([label.value for label in labels], gap, low, high)
    for label, place in zip(labels, places, strict=True):
        axes.annotate(
            drawable(label.text),
            (1, place),
            (_BESIDE * POINT, 0),
            xycoords=axes.get_yaxis_transform(),
            textcoords="offset points",
            va="center",
            color=text_color(label.color),
            weight=label.weight,
            gid="end",
        )


def write_value(axes: Axes, place: float, value: float, text: str, **font: Any) -> Text:
    """Write a text above a mark, moved sideways where it would leave the axes."""
    style: dict[str, Any] = {"weight": "bold", "color": INK, "fontsize": TEXT} | font
    half = text_width(text, weight=style["weight"], fontsize=style["fontsize"]) / 2 / pitch(axes)
    low, high = axes.get_xlim()
    inside = min(max(place, low + half), high - half) if high - low > 2 * half else place
    return axes.annotate(
        text,
        (inside, value),
        (0, 4),
        textcoords="offset points",
        ha="center",
        va="bottom",
        annotation_clip=False,
        path_effects=[withStroke(linewidth=2.5, foreground=GROUND)],
        gid="value",
        **style,
    )


def say_nothing_happened(axes: Axes, text: str) -> None:
    """Write across empty axes that there is nothing to see."""
    axes.text(
        0.5,
        0.3,
        drawable(text),
        transform=axes.transAxes,
        ha="center",
        va="center",
        color=QUIET,
        path_effects=[withStroke(linewidth=4, foreground=GROUND)],
        gid="nothing",
    )
