"""How charts look: fonts, colours, the size of a picture and its bytes."""

import io
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from unicodedata import category

import font_source_sans_pro
import matplotlib as mpl
import numpy as np
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font
from wcwidth import iter_graphemes

from tidings.charts.style.png import few_colors
from tidings.parts.contrast import readable

WIDTH = 568  # a mail's column of 600 px less its padding
WIDE = 800  # both columns of the page; still legible when a mail shrinks it to WIDTH
PIXELS = 2  # of the picture, for each that is shown

TEXT = 11.5  # points: 16 px of 568, 9 px where a phone shows the picture 320 px wide
SMALL = 10.5

INK = "#17212B"
QUIET = "#5B6776"
GREY = "#8A94A3"
PALE = "#DDE1E7"
RULE = "#E4E7EB"
WEEKEND = "#F5F7F9"
GROUND = "#FFFFFF"
VERMILLION = "#D55E00"
WINE = "#7B1E3A"

_SERIES = ("#0072B2", VERMILLION, "#8A4F9E", "#00805D", "#4A5563", "#8A6D00", "#B0267A")
_MARK, _WORD, _DARK = 3.0, 4.5, 9.0  # contrast: of a mark and of text after WCAG 2.2; of a mark beside grey
_NEAR = 0.12  # OKLab; below it two lines of a chart are taken for one another

_SCRIPTS = (
    *("Arabic", "Hebrew", "Devanagari", "Bengali", "Gujarati", "Gurmukhi", "Kannada", "Malayalam", "Oriya"),
    *("Sinhala", "Tamil", "Telugu", "Thai", "Lao", "Khmer", "Myanmar", "Georgian", "Armenian", "Ethiopic"),
    *("CJK JP", "CJK SC", "CJK TC", "CJK KR", "JP", "SC", "TC", "KR", "Symbols", "Symbols2", "Math"),
)
_SURE = "DejaVu Sans"  # comes with matplotlib
_FALLBACKS = (
    _SURE,
    *(f"Noto Sans {script}" for script in _SCRIPTS),
    *("Noto Emoji", "Arial Unicode MS", "Hiragino Sans", "Yu Gothic", "Microsoft YaHei", "Malgun Gothic"),
    *("PingFang SC", "Apple SD Gothic Neo", "WenQuanYi Zen Hei", "Droid Sans Fallback", "Segoe UI Symbol"),
)

_THEME = {
    "font.size": TEXT,
    "text.color": INK,
    "text.parse_math": False,  # a name may hold a dollar sign
    "axes.axisbelow": True,
    "axes.edgecolor": PALE,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.labelcolor": QUIET,
    "axes.spines.left": False,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.xmargin": 0.02,
    "figure.facecolor": GROUND,
    "grid.color": RULE,
    "grid.linewidth": 0.7,
    "lines.linewidth": 2,
    "lines.solid_capstyle": "round",
    "lines.solid_joinstyle": "round",
    "xtick.labelcolor": INK,
    "xtick.major.pad": 5,
    "xtick.major.size": 0,
    "ytick.labelcolor": QUIET,
    "ytick.major.pad": 6.5,
    "ytick.major.size": 0,
}
_lock = threading.RLock()


# Colours


@dataclass(frozen=True)
class Palette:
    """The colours of one tenant's charts, as ``#rrggbb``.

    Attributes
    ----------
    accent : str
        What the chart is about: the brand's colour, darkened where it would fade on white.
    tint : str
        The accent's pale shade, for the rest of the marks.
    wash : str
        Its palest, for areas.
    missed : str
        What went wrong: vermillion, or wine beside an accent that looks like vermillion.
    series : tuple of str
        Four colours for four lines, the accent first.
    """

    accent: str
    tint: str
    wash: str
    missed: str
    series: tuple[str, ...]


def palette(brand: str) -> Palette:
    """The colours of charts for a brand's colour (``#rrggbb``)."""
    accent = readable(brand, GROUND, _MARK)
    if _distance(accent, GREY) < _NEAR:  # grey is the period before
        accent = readable(brand, GROUND, _DARK)
    others = [color for color in _SERIES if _distance(color, accent) >= _NEAR]
    return Palette(
        accent=accent,
        tint=mixed(accent, GROUND, 0.62),
        wash=mixed(accent, GROUND, 0.92),
        missed=VERMILLION if VERMILLION in others else WINE,
        series=(accent, *others[:3]),
    )


def text_color(color: str) -> str:
    """The colour, darkened as far as text needs on white."""
    return readable(color, GROUND, _WORD)


def mixed(color: str, other: str, share: float) -> str:
    """The colour with a ``share`` (0 to 1) of another in it."""
    pairs = zip(to_rgb(color), to_rgb(other), strict=True)
    return to_hex([one + (two - one) * share for one, two in pairs])


def _linear(color: str) -> list[float]:
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(color)]


def _oklab(color: str) -> tuple[float, float, float]:
    red, green, blue = _linear(color)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _distance(color: str, other: str) -> float:
    pairs = zip(_oklab(color), _oklab(other), strict=True)
    return sum((one - two) ** 2 for one, two in pairs) ** 0.5


# Fonts


def families(text: str | None = None) -> tuple[str, ...]:
    """The font families of a chart, in the order in which a glyph is looked for.

    Source Sans Pro comes from its package; the fallbacks for other scripts are those of a short list that
    are installed. Given all the ``text`` that will be drawn, only those that it needs: each costs time.
    """
    first, *others = _installed()
    if text is None:
        return (first, *others)
    beyond = set(map(ord, text)) - _glyphs(first)
    return (
        first,
        *(family for family in others if family == _SURE or not beyond.isdisjoint(_glyphs(family))),
    )


@cache
def _installed() -> tuple[str, ...]:
    for path in font_source_sans_pro.font_files_ttf.values():
        font_manager.fontManager.addfont(path)
    installed = set(font_manager.get_font_names())
    return ("Source Sans Pro", *(family for family in _FALLBACKS if family in installed))


@cache
def _glyphs(family: str) -> frozenset[int]:
    """The code points that a font family can draw."""
    with _quiet_fonts():
        return frozenset(FT2Font(font_manager.findfont(family)).get_charmap())


@cache
def _characters() -> frozenset[int]:
    """The code points that at least one of the families can draw."""
    return frozenset().union(*map(_glyphs, families()))


def drawable(text: str) -> str:
    """The text as a picture can show it, on one line.

    A character (with all that belongs to it) that no font has becomes "·" in place of an empty box;
    control characters become spaces, invisible ones are left out. HTML keeps the real text.
    """
    printable = "".join(" " if category(mark) in ("Cc", "Zl", "Zp") else mark for mark in text)
    return "".join(_drawn(grapheme) for grapheme in iter_graphemes(" ".join(printable.split())))


def can_draw(text: str) -> bool:
    """Whether fonts have every character of a text."""
    return all(ord(mark) in _characters() for mark in text if mark != "\n")


def _drawn(grapheme: str) -> str:
    kept = "".join(mark for mark in grapheme if ord(mark) in _characters() or not _is_invisible(mark))
    return kept if all(ord(mark) in _characters() for mark in kept) else "·"


def _is_invisible(mark: str) -> bool:
    return category(mark) in ("Cf", "Cs") or "\ufe00" <= mark <= "\ufe0f"


@contextmanager
def _quiet_fonts() -> Iterator[None]:
    """Without the warning that a fallback has no bold: its regular weight does."""
    log = logging.getLogger("matplotlib.font_manager")
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(before)


# Pictures


@contextmanager
def theme(text: str | None = None) -> Iterator[None]:
    """Matplotlib's settings for a chart, from its defaults; afterwards all is as it was before.

    The settings belong to the whole process, so one thread draws at a time.

    Parameters
    ----------
    text : str, optional
        All that will be drawn, or more: fonts that it does not need are left out.
    """
    with _lock, _quiet_fonts(), mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_THEME | {"font.family": list(families(text))})
        yield


def figure(height: int = 256, wide: bool = False) -> Figure:
    """An empty figure, ``height`` CSS pixels tall; WIDTH wide, or WIDE."""
    made = Figure(figsize=((WIDE if wide else WIDTH) / 100, height / 100), dpi=100 * PIXELS)
    FigureCanvasAgg(made)
    return made


def picture(figure: Figure) -> bytes:
    """The figure as a PNG of few colours on opaque white, the same bytes each time."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    buffer = io.BytesIO()
    pixels = np.asarray(canvas.buffer_rgba())
    few_colors(pixels).save(buffer, "PNG", compress_level=8)  # 9 halves the pace for 2 % of size
    return buffer.getvalue()
