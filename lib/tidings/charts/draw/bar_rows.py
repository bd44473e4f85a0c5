"""Horizontal bars with their names at the left and their numbers at the right."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tidings.charts.draw.pixel_axes import fit, open_pixel_axes, text_width
from tidings.charts.draw.slots import Slot
from tidings.charts.style.colors import GREY, GROUND, INK, QUIET, RULE, Palette, mix
from tidings.charts.style.theme import TEXT, figure_of

LEADERS = 3  # bars in the full accent
FOLDED = mix(GREY, GROUND, 0.4)

_PITCH, _THICK, _MARGIN, _EDGE = 30, 18, 6, 2
_SPACE = 9  # between a name, its bar and its numbers
_NAMES = 0.36  # of the picture's width, at most
_MIDDLE: dict[str, Any] = {"va": "center"}
_NAME: dict[str, Any] = {"fontsize": TEXT, "color": INK}
_STRONG: dict[str, Any] = {"fontsize": TEXT, "fontweight": "bold", "color": INK}
_QUIET: dict[str, Any] = {"fontsize": TEXT, "color": QUIET}


@dataclass(frozen=True)
class Bar:
    """One bar, its numbers as text.

    Attributes
    ----------
    name, strong, quiet : str
        What is written before it, in bold after it, and in grey after that.
    length : float
        A part of the longest possible, 0 to 1.
    color : str
        As ``#rrggbb``.
    broken : bool
        Whether it is longer than there is room for, and shown as broken.
    """

    name: str
    length: float
    strong: str
    quiet: str
    color: str
    broken: bool = False


@dataclass(frozen=True)
class _Columns:
    """Where the columns of a picture of bars lie, in CSS pixels from its left edge."""

    bars: float
    room: float
    strong: float
    quiet: float


def bar_color(rank: int, slot: Slot, colors: Palette) -> str:
    """Choose a bar's colour: the accent for the first three, its tint for others, grey for the folded."""
    if slot.folded:
        return FOLDED
    return colors.accent if rank < LEADERS else colors.tint


def draw_bars(bars: Sequence[Bar], *, wide: bool = False, track: bool = False) -> Figure:
    """Draw one row for each bar, the first at the top; the picture grows with them.

    Parameters
    ----------
    bars : sequence of Bar
        At least one.
    wide : bool
        Whether the picture spans both columns of the page.
    track : bool
        Whether the whole is shown as a pale track behind each bar, with the numbers in a column beside it;
        else a bar's numbers stand at its end.
    """
    axes = open_pixel_axes(len(bars) * _PITCH + 2 * _MARGIN, wide)
    columns = _columns(bars, axes.get_xlim()[1])
    places = [_MARGIN + (row + 0.5) * _PITCH for row in range(len(bars))]
    lengths = [max(columns.room * bar.length, 1 if bar.length else 0) for bar in bars]
    if track:
        axes.barh(places, columns.room, _THICK, columns.bars, color=RULE)
    axes.barh(places, lengths, _THICK, columns.bars, color=[bar.color for bar in bars], gid="bar")
    for bar, place, length in zip(bars, places, lengths, strict=True):
        if bar.broken:
            _break(axes, columns.bars + length * 0.8, place)
        _write(axes, bar, place, columns, None if track else columns.bars + length)
    return figure_of(axes)


def _columns(bars: Sequence[Bar], width: float) -> _Columns:
    names = [fit(bar.name, width * _NAMES, **_NAME) for bar in bars]
    name, strong, quiet = (
        max(text_width(text, **font) for text in texts)
        for texts, font in (
            (names, _NAME),
            ([bar.strong for bar in bars], _STRONG),
            ([bar.quiet for bar in bars], _QUIET),
        )
    )
    start = _EDGE + name + _SPACE
    room = width - start - strong - quiet - (3 if quiet else 2) * _SPACE
    return _Columns(start, room, start + room + _SPACE + strong, width - _SPACE)


def _write(axes: Axes, bar: Bar, y: float, columns: _Columns, end: float | None) -> None:
    """Write a bar's name and numbers: these at its end, or where none is given in columns."""
    name = fit(bar.name, axes.get_xlim()[1] * _NAMES, **_NAME)
    strong, quiet = columns.strong, columns.quiet
    if end is not None:
        strong = end + _SPACE + text_width(bar.strong, **_STRONG)
        quiet = strong + _SPACE + text_width(bar.quiet, **_QUIET)
    axes.text(columns.bars - _SPACE, y, name, ha="right", gid="name", **_MIDDLE, **_NAME)
    axes.text(strong, y, bar.strong, ha="right", gid="strong", **_MIDDLE, **_STRONG)
    axes.text(quiet, y, bar.quiet, ha="right", gid="quiet", **_MIDDLE, **_QUIET)


def _break(axes: Axes, x: float, y: float) -> None:
    """Two slanting cuts through a bar."""
    for left in (x, x + 8):
        axes.plot([left - 4, left + 4], [y + _THICK, y - _THICK], color=GROUND, linewidth=2.5, gid="break")
