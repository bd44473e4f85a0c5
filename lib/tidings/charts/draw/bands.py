"""An alluvial diagram as a picture: coloured bands, the bars of their nodes, and words beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection, PathCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.path import Path

from tidings.charts.draw.alluvial import Alluvial, Band, Room, lay_out
from tidings.charts.draw.day_axes import LINE
from tidings.charts.draw.pixel_axes import cut, fit, open_pixel_axes, text_width
from tidings.charts.style.colors import GROUND, INK, PALE, QUIET, WEEKEND, mix
from tidings.charts.style.fonts import drawable
from tidings.charts.style.theme import TEXT, WIDE, WIDTH, figure_of

_GAP, _SPARE = 8, 24  # between labels; what the diagram is higher than its labels need
_LEAST = 160  # high in any case
_HEADING, _BOTTOM = 30, 4
_BAR, _SPACE = 6, 6  # a node's bar; from it to its label
_BANDS = 64  # wide at least
_TAIL = 7  # characters of a name cut in the middle that it keeps in any case
_PALER = 0.7  # the white in a band's colour; bands cover each other, as see-through ones turn to mud
_NAME: dict[str, Any] = {"fontsize": TEXT, "fontweight": "bold", "color": INK}
_QUIET: dict[str, Any] = {"fontsize": TEXT, "color": QUIET}


@dataclass(frozen=True)
class Label:
    """What is written at a node, and the colour of what flows from it."""

    name: str
    numbers: str
    color: str


@dataclass(frozen=True)
class _Place:
    """A column in the picture, in CSS pixels: where its words begin, their room, and where bands touch it."""

    words: float
    room: float
    left: float
    right: float
    align: str


def draw_flow(
    flows: pd.DataFrame,
    columns: Sequence[Sequence[Label]],
    headings: Sequence[str],
    *,
    wide: bool = False,
) -> Figure:
    """Draw an alluvial diagram. No word lies on a band: each column has its words beside or between its bars.

    Parameters
    ----------
    flows : pandas.DataFrame
        As `lay_out` takes them.
    columns : sequence of sequence of Label
        For each column a label for each of its nodes.
    headings : sequence of str
        One for each column.
    wide : bool
        Whether the picture spans both columns of the page.
    """
    places = _places(columns, headings, WIDE if wide else WIDTH)
    names = [
        [wrap(drawable(label.name), place.room) for label in column]
        for column, place in zip(columns, places, strict=True)
    ]
    heights = tuple(tuple((len(lines) + 1) * LINE + 2 for lines in column) for column in names)
    needed = max(sum(column) + _GAP * (len(column) - 1) for column in heights)
    room = Room(max(needed + _SPARE, _LEAST), heights, _GAP)
    diagram = lay_out(flows, room)
    axes = open_pixel_axes(_HEADING + room.height + _BOTTOM, wide)
    _draw_bands(axes, diagram, places, columns[0])
    _draw_bars(axes, diagram, places, columns[0])
    for node in diagram.nodes:
        lines = [*names[node.column][node.key], columns[node.column][node.key].numbers]
        _write(axes, places[node.column], _HEADING + node.middle, lines)
    beside = (places[1].left - places[0].right - _SPACE) / 2
    for number, (place, title) in enumerate(zip(places, headings, strict=True)):
        x, align = place.words, place.align
        if text_width(title, **_QUIET) > place.room:  # from the picture's edge on, above the bands
            x, align = {0: (place.left, "left"), len(places) - 1: (place.right, "right")}.get(
                number, (x, align)
            )
        text = fit(title, place.room + beside, **_QUIET)
        axes.text(x, _HEADING / 3, text, va="center", ha=align, gid="heading", **_QUIET)
    return figure_of(axes)


def wrap(text: str, room: float) -> list[str]:
    """A name on one line or, where it has not the room, on two even ones; what is still too long is cut.

    A name that was cut in the middle keeps its end, which tells it apart.
    """
    tail = _TAIL if "…" in text[:-1] else 0

    def measure(line: str) -> float:
        return text_width(line, **_NAME)

    words = text.split(" ")
    halves = [(" ".join(words[:place]), " ".join(words[place:])) for place in range(1, len(words))]
    if measure(text) <= room or not halves:
        return [cut(drawable(text), room, measure, tail)]
    evenest = min(halves, key=lambda half: max(map(measure, half)))
    if max(map(measure, evenest)) > room:  # then as much as there is room for
        evenest = next((half for half in reversed(halves) if measure(half[0]) <= room), halves[0])
    first, last = evenest
    return [cut(drawable(first), room, measure), cut(drawable(last), room, measure, tail)]


def _places(columns: Sequence[Sequence[Label]], headings: Sequence[str], width: float) -> list[_Place]:
    """Give the words of each column the room that they need, up to an even part, and bands the rest."""
    count = len(columns)
    sides = 2 * (count - 1) * (_BAR + _SPACE)
    most = (width - sides - (count - 1) * _BANDS) / count
    rooms = [
        min(most, max(_widest(column), text_width(title, **_QUIET)))
        for column, title in zip(columns, headings, strict=True)
    ]
    bands = (width - sides - sum(rooms)) / (count - 1)
    places, left = [], 0.0
    for number, room in enumerate(rooms):
        words = left if number == 0 else left + _BAR + _SPACE
        right = words + room + (0 if number == count - 1 else _SPACE + _BAR)
        align = "right" if number == 0 else "left"
        places.append(_Place(words + room if number == 0 else words, room, left, right, align))
        left = right + bands
    return places


def _widest(column: Sequence[Label]) -> float:
    return max(
        max(text_width(drawable(label.name), **_NAME), text_width(label.numbers, **_QUIET))
        for label in column
    )


def _draw_bands(axes: Axes, diagram: Alluvial, places: Sequence[_Place], first: Sequence[Label]) -> None:
    """Draw the large ones first: those from the first column in its nodes' colours, the others pale."""
    bands = sorted(diagram.bands, key=lambda band: -band.height)
    colors = [mix(first[band.source].color, GROUND, _PALER) if band.column == 0 else PALE for band in bands]
    paths = [_band_path(band, places) for band in bands]
    axes.add_collection(PathCollection(paths, facecolors=colors, linewidths=0, zorder=1, gid="bands"))


def _band_path(band: Band, places: Sequence[_Place]) -> Path:
    """The outline of a band: along its upper edge to the right, along its lower edge back."""
    left, right = places[band.column].right, places[band.column + 1].left
    middle = (left + right) / 2
    top, end = _HEADING + band.source_top, _HEADING + band.target_top
    edge = [(left, top), (middle, top), (middle, end), (right, end)]
    below = [(x, y + band.height) for x, y in reversed(edge)]
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    return Path([*edge, *below, edge[0]], codes)


def _draw_bars(axes: Axes, diagram: Alluvial, places: Sequence[_Place], first: Sequence[Label]) -> None:
    """Draw a node's bars where bands touch it: at its right, at its left, or in the middle at both."""
    bars, colors, grounds, last = [], [], [], len(places) - 1
    for node in diagram.nodes:
        place, height = places[node.column], max(node.height, 1)
        top = _HEADING + node.middle - height / 2
        sides = [place.left] * (node.column > 0) + [place.right - _BAR] * (node.column < last)
        bars += [Rectangle((side, top), _BAR, height) for side in sides]
        colors += [first[node.key].color if node.column == 0 else INK] * len(sides)
        if len(sides) > 1 and height > 2 * LINE:  # else it would strike its words through
            grounds.append(Rectangle((place.left, top), place.right - place.left, height))
    axes.add_collection(PatchCollection(grounds, facecolors=WEEKEND, linewidths=0, zorder=1, gid="grounds"))
    axes.add_collection(PatchCollection(bars, facecolors=colors, linewidths=0, zorder=2, gid="nodes"))


def _write(axes: Axes, place: _Place, middle: float, lines: Sequence[str]) -> None:
    """Write the lines of a name, and its numbers below them, around the middle of its node."""
    top = middle - (len(lines) - 1) * LINE / 2
    for number, line in enumerate(lines):
        is_name = number < len(lines) - 1
        style, gid = (_NAME, "name") if is_name else (_QUIET, "numbers")
        axes.text(place.words, top + number * LINE, line, va="center", ha=place.align, gid=gid, **style)
