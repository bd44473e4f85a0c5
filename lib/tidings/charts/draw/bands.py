"""An alluvial diagram as a picture: coloured bands, the bars of their nodes, and words beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.path import Path
from matplotlib.patheffects import withStroke

from tidings.charts.draw.alluvial import Alluvial, Band, Node, Room
from tidings.charts.draw.pixel_axes import fit, open_pixel_axes
from tidings.charts.style.colors import GROUND, INK, QUIET, mix
from tidings.charts.style.theme import TEXT, figure_of

_LABEL, _GAP = 40, 6
_PER_NODE, _LEAST = 60, 180  # of the height, for each node of the longest column; and in any case

_HEADING, _BOTTOM = 32, 6
_BAR, _SPACE = 8, 8  # a node's bar; from it to its label
_LAST = 0.24  # of the picture's width, for the last column's labels: no band runs under them
_PALER = 0.7  # the white in a band's colour; bands cover each other, as see-through ones turn to mud
_HALO = [withStroke(linewidth=3, foreground=GROUND, alpha=0.75)]
_NAME: dict[str, Any] = {"fontsize": TEXT, "fontweight": "bold", "color": INK, "path_effects": _HALO}
_NUMBERS: dict[str, Any] = {"fontsize": TEXT, "color": INK, "path_effects": _HALO}
_TITLE: dict[str, Any] = {"fontsize": TEXT, "fontweight": "bold", "color": QUIET}


@dataclass(frozen=True)
class Label:
    """What is written at a node, and the colour of what flows from it."""

    name: str
    numbers: str
    color: str


@dataclass(frozen=True)
class _Place:
    """A column in the picture, in CSS pixels: where its bars begin, and the room for a label."""

    left: float
    room: float


def room_for(nodes: int) -> Room:
    """Return the room of a diagram whose longest column has so many nodes."""
    return Room(height=max(nodes * _PER_NODE, _LEAST), label=_LABEL, gap=_GAP)


def draw_flow(
    diagram: Alluvial,
    labels: Mapping[tuple[int, int], Label],
    headings: Sequence[str],
    *,
    wide: bool = True,
) -> Figure:
    """Draw an alluvial diagram: the bands first, then the nodes, then the words.

    Parameters
    ----------
    diagram : Alluvial
        Laid out in the room of `room_for`.
    labels : mapping of (column, key) to Label
        One for each node.
    headings : sequence of str
        One for each column.
    wide : bool
        Whether the picture spans both columns of the page.
    """
    longest = max(len(diagram.column(index)) for index in range(len(headings)))
    axes = open_pixel_axes(_HEADING + room_for(longest).height + _BOTTOM, wide)
    places = _places(axes.get_xlim()[1], len(headings))
    _draw_bands(axes, sorted(diagram.bands, key=lambda band: -band.height), places, labels)
    for node in diagram.nodes:
        _draw_node(axes, node, places[node.column], labels[node.column, node.key])
    for place, title in zip(places, headings, strict=True):
        text = fit(title.upper(), place.room + _BAR + _SPACE, **_TITLE)
        axes.text(place.left, _HEADING / 3, text, va="center", gid="heading", **_TITLE)
    return figure_of(axes)


def _places(width: float, count: int) -> list[_Place]:
    last = width * (1 - _LAST) - _BAR - _SPACE
    step = last / (count - 1)
    inner = [_Place(step * index, step - _BAR - 2 * _SPACE) for index in range(count - 1)]
    return [*inner, _Place(last, width * _LAST)]


def _draw_bands(
    axes: Axes,
    bands: Sequence[Band],
    places: Sequence[_Place],
    labels: Mapping[tuple[int, int], Label],
) -> None:
    colors = [mix(labels[0, band.origin].color, GROUND, _PALER) for band in bands]
    paths = [_band_path(band, places) for band in bands]
    axes.add_collection(PathCollection(paths, facecolors=colors, linewidths=0, zorder=1, gid="bands"))


def _band_path(band: Band, places: Sequence[_Place]) -> Path:
    """The outline of a band: along its upper edge to the right, along its lower edge back."""
    left, right = places[band.column].left + _BAR, places[band.column + 1].left
    middle = (left + right) / 2
    top, end = _HEADING + band.source_top, _HEADING + band.target_top
    edge = [(left, top), (middle, top), (middle, end), (right, end)]
    below = [(x, y + band.height) for x, y in reversed(edge)]
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    return Path([*edge, *below, edge[0]], codes)


def _draw_node(axes: Axes, node: Node, place: _Place, label: Label) -> None:
    x, middle = place.left + _BAR + _SPACE, _HEADING + node.middle
    color, height = label.color if node.column == 0 else INK, max(node.height, 1)
    corner = (place.left, middle - height / 2)
    axes.add_patch(Rectangle(corner, _BAR, height, color=color, linewidth=0, gid="node"))
    name = fit(label.name, place.room, **_NAME)
    axes.text(x, middle - 9, name, va="center", gid="name", **_NAME)
    axes.text(x, middle + 10, label.numbers, va="center", gid="numbers", **_NUMBERS)
