"""Letters: how wide a text is, and its letters as a small picture, each made once."""

import os
import threading
from dataclasses import dataclass
from functools import cache, lru_cache
from math import floor

import matplotlib as mpl
import numpy as np
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import FT2Font, LoadFlags

from tidings.charts.style.fonts import families, quiet_fonts
from tidings.charts.style.theme import PIXELS, TEXT

_lock = threading.Lock()  # of fonts: one is asked for one text at a time


@dataclass(frozen=True)
class Letters:
    """The letters of a text, in pixels of the picture.

    Attributes
    ----------
    ink : numpy.ndarray
        How far each pixel is covered: height × width, 0 to 255.
    left : int
        From where the text begins to the first column of `ink`; below 0 where a letter sticks out.
    above : int
        From the first row of `ink` to the baseline.
    """

    ink: np.ndarray
    left: int
    above: int


def text_width(text: str, bold: bool = False) -> float:
    """Measure the width of a text in CSS pixels."""
    return _set(text, bold)[0]


def letters(text: str, bold: bool = False) -> Letters:
    """Draw the letters of a text, black on nothing."""
    return _set(text, bold)[1]


@lru_cache(maxsize=256)
def halo(text: str, bold: bool = False) -> Letters:
    """The letters of a text, three pixels thicker to every side: what is behind them stays apart."""
    drawn = letters(text, bold)
    ink = np.pad(drawn.ink, 3)
    # An octagon: what five columns and seven rows reach, or seven columns and five rows.
    wide, tall = (_spread(_spread(ink, columns, 1), rows, 0) for columns, rows in ((3, 2), (2, 3)))
    return Letters(np.maximum(wide, tall), drawn.left - 3, drawn.above + 3)


def _spread(ink: np.ndarray, reach: int, axis: int) -> np.ndarray:
    shifts = range(-reach, reach + 1)
    return np.maximum.reduce([np.roll(ink, shift, axis) for shift in shifts])


@lru_cache(maxsize=1024)
def _set(text: str, bold: bool) -> tuple[float, Letters]:
    """Set a text in type: its width in CSS pixels, and its letters."""
    with _lock:
        font = _font(families(text), bold)
        font.clear()
        font.set_size(TEXT, 100 * PIXELS)
        # Hinting takes half of the time, and at two pixels for one nobody sees it.
        font.set_text(text, 0, flags=LoadFlags.NO_HINTING)
        width, height = font.get_width_height()
        font.draw_glyphs_to_bitmap(antialiased=True)
        ink = np.array(font.get_image())
        left, _ = font.get_bitmap_offset()
        above = floor((height - font.get_descent()) / 64 + 1)
    return width / 64 / PIXELS, Letters(ink, floor(left / 64), above)


@cache
def _font(names: tuple[str, ...], bold: bool) -> FT2Font:
    """The font of the first family, that takes from the others what it lacks; from matplotlib's defaults."""
    with quiet_fonts(), mpl.rc_context():
        mpl.rcdefaults()
        weight = "bold" if bold else "normal"
        return get_font([findfont(FontProperties(family=[name], weight=weight)) for name in names])


# A font is an open file, and two processes that read one would lose their places in it.
os.register_at_fork(after_in_child=_font.cache_clear)
