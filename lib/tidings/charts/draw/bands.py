"""An alluvial diagram as a picture: coloured bands, the bars of their nodes, and words beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd
from matplotlib.path import Path

from tidings.charts.draw.alluvial import Alluvial, Band, Room, lay_out
from tidings.charts.draw.day_axes import LINE
from tidings.charts.draw.fitting import cut, fit
from tidings.charts.draw.sheet import MIDDLE, Shape, Sheet, Word, rectangle
from tidings.charts.style.colors import GROUND, INK, PALE, QUIET, WEEKEND, mix
from tidings.charts.style.fonts import drawable
from tidings.charts.style.letters import text_width
from tidings.charts.style.theme import WIDE, WIDTH

_GAP, _SPARE = 8, 24  # between labels; what the diagram is higher than its labels need
_LEAST = 160  # high in any case
_HEADING, _BOTTOM = 30, 4
_BAR, _SPACE = 6, 6  # a node's bar; from it to its label
_BANDS = 64  # wide at least
_TAIL = 7  # characters of a name cut in the middle that it keeps in any case
_PALER = 0.7  # the white in a band's colour; bands cover each other, as see-through ones turn to mud


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
    align: float


def draw_flow(
    flows: pd.DataFrame,
    columns: Sequence[Sequence[Label]],
    headings: Sequence[str],
    *,
    wide: bool = False,
) -> Sheet:
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
    sheet = Sheet(round(_HEADING + room.height + _BOTTOM), wide)
    _draw_bands(sheet, diagram, places, columns[0])
    _draw_bars(sheet, diagram, places, columns[0])
    for node in diagram.nodes:
        lines, numbers = names[node.column][node.key], columns[node.column][node.key].numbers
        _write(sheet, places[node.column], _HEADING + node.middle, lines, numbers)
    beside = (places[1].left - places[0].right - _SPACE) / 2
    for number, (place, title) in enumerate(zip(places, headings, strict=True)):
        x, align = place.words, place.align
        if text_width(title) > place.room:  # from the picture's edge on, above the bands
            x, align = {0: (place.left, 0.0), len(places) - 1: (place.right, 1.0)}.get(number, (x, align))
        text = fit(title, place.room + beside)
        sheet.add(Word("heading", text, x, _HEADING / 3 + MIDDLE, QUIET, align=align))
    return sheet


def wrap(text: str, room: float) -> list[str]:
    """A name on one line or, where it has not the room, on two even ones; what is still too long is cut.

    A name that was cut in the middle keeps its end, which tells it apart.
    """
    tail = _TAIL if "…" in text[:-1] else 0
    measure, words = partial(text_width, bold=True), text.split(" ")
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
        min(most, max(_widest(column), text_width(title)))
        for column, title in zip(columns, headings, strict=True)
    ]
    bands = (width - sides - sum(rooms)) / (count - 1)
    places, left = [], 0.0
    for number, room in enumerate(rooms):
        words = left if number == 0 else left + _BAR + _SPACE
        right = words + room + (0 if number == count - 1 else _SPACE + _BAR)
        align = 1.0 if number == 0 else 0.0
        places.append(_Place(words + room if number == 0 else words, room, left, right, align))
        left = right + bands
    return places


def _widest(column: Sequence[Label]) -> float:
    return max(
        max(text_width(drawable(label.name), bold=True), text_width(label.numbers)) for label in column
    )


def _draw_bands(sheet: Sheet, diagram: Alluvial, places: Sequence[_Place], first: Sequence[Label]) -> None:
    """Draw the large ones first: those from the first column in its nodes' colours, the others pale."""
    for band in sorted(diagram.bands, key=lambda band: -band.height):
        color = mix(first[band.source].color, GROUND, _PALER) if band.column == 0 else PALE
        sheet.add(Shape("band", _band_path(band, places), color))


def _band_path(band: Band, places: Sequence[_Place]) -> Path:
    """The outline of a band: along its upper edge to the right, along its lower edge back."""
    left, right = places[band.column].right, places[band.column + 1].left
    middle = (left + right) / 2
    top, end = _HEADING + band.source_top, _HEADING + band.target_top
    edge = [(left, top), (middle, top), (middle, end), (right, end)]
    below = [(x, y + band.height) for x, y in reversed(edge)]
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    return Path([*edge, *below, edge[0]], codes)


def _draw_bars(sheet: Sheet, diagram: Alluvial, places: Sequence[_Place], first: Sequence[Label]) -> None:
    """Draw a node's bars where bands touch it: at its right, at its left, or in the middle at both."""
    last = len(places) - 1
    for node in diagram.nodes:
        place, height = places[node.column], max(node.height, 1)
        top = _HEADING + node.middle - height / 2
        sides = [place.left] * (node.column > 0) + [place.right - _BAR] * (node.column < last)
        color = first[node.key].color if node.column == 0 else INK
        if len(sides) > 1 and height > 2 * LINE:  # else it would strike its words through
            ground = rectangle(place.left, top, place.right - place.left, height)
            sheet.add(Shape("ground", ground, WEEKEND))
        sheet.add(*(Shape("node", rectangle(side, top, _BAR, height), color) for side in sides))


def _write(sheet: Sheet, place: _Place, middle: float, names: Sequence[str], numbers: str) -> None:
    """Write the lines of a name, and its numbers below them, around the middle of its node."""
    y = middle - len(names) * LINE / 2 + MIDDLE
    for line in names:
        sheet.add(Word("name", line, place.words, y, INK, bold=True, align=place.align))
        y += LINE
    sheet.add(Word("numbers", numbers, place.words, y, QUIET, align=place.align))
