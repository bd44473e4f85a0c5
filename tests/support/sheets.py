"""What stands on a chart's sheet, as a reader finds it."""

import re
from unicodedata import category

import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath
from matplotlib.transforms import Bbox

from tidings.charts.draw.sheet import MIDDLE, Mark, Sheet, Word
from tidings.charts.style.fonts import families, quiet_fonts
from tidings.charts.style.theme import TEXT


def named(sheet: Sheet, *names: str) -> list[Mark]:
    """The marks of a name, from the lowest."""
    return [mark for mark in sheet.marks if mark.name in names]


def texts(sheet: Sheet, name: str) -> list[str]:
    """The words of a name, from the lowest."""
    return [word.text for word in named(sheet, name)]


def values_at(sheet: Sheet, heights: np.ndarray) -> np.ndarray:
    """Which values lie at some heights of the sheet, read against the highest tick of its axis."""
    [ground], tick = named(sheet, "ground"), named(sheet, "tick")[-1]
    value, bottom = float(re.search(r"[\d,.]+", tick.text)[0].replace(",", "")), ground.points[0, 1]
    return np.round((bottom - heights) * value / (bottom - tick.y + MIDDLE), 6)


def places_at(sheet: Sheet, positions: np.ndarray, days: int) -> np.ndarray:
    """Which days lie at some positions of the sheet, counted from 0."""
    [ground] = named(sheet, "ground")
    left, right = ground.points[:, 0]
    return np.round((positions - left) / (right - left) * days - 0.5, 6)


def readings(sheet: Sheet, points: np.ndarray, days: int = 7) -> list[list[float]]:
    """The day and the value of each point."""
    return np.column_stack([places_at(sheet, points[:, 0], days), values_at(sheet, points[:, 1])]).tolist()


def box_of(word: Word) -> Bbox:
    """The box of a text, as high as its font."""
    return Bbox.from_extents(word.left, word.y - 16, word.left + word.width, word.y + 5.2)


def ink_of(word: Word) -> Bbox:
    """The box of a text's letters alone."""
    # matplotlib makes no path of characters that have no ink, such as a lone soft hyphen
    inked = "".join(mark for mark in word.text if category(mark) != "Cf").strip()
    weight = "bold" if word.bold else "normal"
    with quiet_fonts():
        font = FontProperties(family=list(families(word.text)), weight=weight, size=TEXT)
        letters = TextPath((0, 0), inked or "x", prop=font).get_extents()
    high, low = (word.y - points * 100 / 72 for points in (letters.y1, letters.y0))
    return Bbox.from_extents(word.left, high, word.left + word.width, low)
