"""A picture in the making: marks on a sheet, in CSS pixels from its top left corner."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox

from tidings.charts.style.colors import GROUND, INK
from tidings.charts.style.letters import Letters, halo, letters, text_width
from tidings.charts.style.png import encode_png
from tidings.charts.style.theme import HEIGHT, PIXELS, TEXT, WIDE, WIDTH

_EM = TEXT / 72 * 100
MIDDLE = 0.337 * _EM  # from the middle of a line of text down to its baseline
DESCENT = 0.326 * _EM  # from its baseline to its lower edge

_lock = threading.Lock()  # of the pens: sheets are drawn one at a time


@dataclass(frozen=True)
class Box:
    """A rectangle, its sides parallel to those of the sheet."""

    left: float
    top: float
    right: float
    bottom: float


class Pen:
    """What marks are drawn with: Agg, on an opaque white ground of one size."""

    def __init__(self, width: int, height: int):
        # At 72 dots an inch, widths of lines are given in pixels.
        self._agg = RendererAgg(width * PIXELS, height * PIXELS, 72 * PIXELS)
        self._place = Affine2D.from_values(PIXELS, 0, 0, -PIXELS, 0, height * PIXELS)
        self.pixels = np.asarray(self._agg.buffer_rgba())

    def clear(self) -> None:
        """Make all white."""
        self.pixels[:] = 255

    def stroke(
        self, path: Path, color: str, width: float, dash: Sequence[float], cap: str, clip: Box | None
    ) -> None:
        """Draw along a path, within ``clip`` alone."""
        context = self._context(color, width)
        context.set_capstyle(cap)
        if dash:
            context.set_dashes(0, dash)
        if clip:
            corners = self._place.transform([(clip.left, clip.bottom), (clip.right, clip.top)])
            context.set_clip_rectangle(Bbox(corners))
        self._agg.draw_path(context, path, self._place)

    def fill(self, path: Path, color: str, edge: str, width: float) -> None:
        """Fill what a path encloses, then draw along its edge, ``width`` wide."""
        context = self._context(edge, width)
        context.set_joinstyle("miter")
        self._agg.draw_path(context, path, self._place, to_rgba(color))

    def print(self, drawn: Letters, x: float, y: float, color: str) -> None:
        """Print letters that begin at x, on a baseline at y; what lies beyond the sheet is not seen."""
        ink, left, top = drawn.ink, round(x * PIXELS) + drawn.left, round(y * PIXELS) - drawn.above
        ink = ink[max(-top, 0) :, max(-left, 0) :]
        left, top = max(left, 0), max(top, 0)
        ground = self.pixels[top : top + ink.shape[0], left : left + ink.shape[1], :3]
        ink = ink[: ground.shape[0], : ground.shape[1], np.newaxis].astype(np.int32)
        full = np.array(to_rgba(color)[:3]) * 255
        ground += ((full.round().astype(np.int32) - ground) * ink // 255).astype(np.uint8)

    def _context(self, color: str, width: float) -> Any:
        context = self._agg.new_gc()
        context.set_foreground(color)
        context.set_linewidth(width)
        return context


class Mark(Protocol):
    """What can be drawn on a sheet; its `name` says what it shows."""

    @property
    def name(self) -> str: ...

    def draw(self, pen: Pen) -> None:
        """Draw it."""


@dataclass(frozen=True, eq=False)
class Line:
    """A line through points, a row each; it breaks at one that is NaN.

    Attributes
    ----------
    dash : tuple of float
        The lengths of its dashes and of the gaps between them; none for a whole line.
    clip : Box, optional
        Beyond which nothing of it is drawn.
    """

    name: str
    points: np.ndarray
    color: str
    width: float
    dash: tuple[float, ...] = ()
    clip: Box | None = None

    def draw(self, pen: Pen) -> None:
        """Draw it, its ends round unless it is straight or dashed."""
        path = Path(self.points)
        path.should_simplify = False
        cap = "butt" if self.dash or len(self.points) == 2 else "round"
        pen.stroke(path, self.color, self.width, self.dash, cap, self.clip)


@dataclass(frozen=True, eq=False)
class Shape:
    """What a path encloses, and a white edge around it."""

    name: str
    path: Path
    color: str
    edge: float = 0

    def draw(self, pen: Pen) -> None:
        """Draw it."""
        pen.fill(self.path, self.color, GROUND, self.edge)


@dataclass(frozen=True, eq=False)
class Dots:
    """A dot at each point, a row each; `size` is its diameter, `ring` the width of a white edge around it."""

    name: str
    points: np.ndarray
    color: str
    size: float
    ring: float = 0

    def draw(self, pen: Pen) -> None:
        """Draw them."""
        circle = Path.unit_circle()
        around = np.asarray(circle.vertices) * self.size / 2
        for point in self.points:
            path = Path(around + point, circle.codes)
            pen.fill(path, self.color, GROUND, self.ring)


@dataclass(frozen=True)
class Word:
    """A line of text.

    Attributes
    ----------
    x, y : float
        Where it begins, and its baseline; for another ``align``, 0.5 or 1, its middle or its end is at x.
    apart : bool
        Whether a white outline keeps it apart from what lies below it.
    """

    name: str
    text: str
    x: float
    y: float
    color: str = INK
    bold: bool = False
    align: float = 0
    apart: bool = False

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.x - self.align * self.width

    @property
    def width(self) -> float:
        """How wide it is."""
        return text_width(self.text, self.bold)

    def draw(self, pen: Pen) -> None:
        """Draw it."""
        if self.apart:
            pen.print(halo(self.text, self.bold), self.left, self.y, GROUND)
        pen.print(letters(self.text, self.bold), self.left, self.y, self.color)


@dataclass
class Sheet:
    """What a chart is drawn on: marks, each above those that were added before it."""

    height: int = HEIGHT
    wide: bool = False
    marks: list[Mark] = field(default_factory=list)

    @property
    def width(self) -> int:
        """Of the whole sheet."""
        return WIDE if self.wide else WIDTH

    def add(self, *marks: Mark) -> None:
        """Add marks on top."""
        self.marks.extend(marks)

    def png(self) -> bytes:
        """Draw all marks: a PNG of few colours on opaque white, the same bytes each time."""
        with _lock:
            pen = _pen(self.width, self.height)
            pen.clear()
            for mark in self.marks:
                mark.draw(pen)
            return encode_png(pen.pixels)


def rectangle(left: float, top: float, width: float, height: float) -> Path:
    """The outline of a rectangle."""
    right, bottom = left + width, top + height
    corners = [(left, bottom), (right, bottom), (right, top), (left, top), (left, bottom)]
    return Path(corners, closed=True)


@lru_cache(maxsize=4)
def _pen(width: int, height: int) -> Pen:
    """One pen for all sheets of a size: to make it takes longer than to draw a plain chart."""
    return Pen(width, height)
