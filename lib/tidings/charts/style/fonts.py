"""The fonts of charts: Source Sans 3, which is in the package, and what is installed for other scripts."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from unicodedata import category

from matplotlib import font_manager
from matplotlib.ft2font import FT2Font
from wcwidth import iter_graphemes

FAMILY = "Source Sans 3"

_FILES = Path(__file__).parent / "source_sans"
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
    "Symbola",
)


def families(text: str | None = None) -> tuple[str, ...]:
    """The font families of a chart, in the order in which a glyph is looked for.

    The first comes with the package; the fallbacks for other scripts are those of a short list that are
    installed. Given a ``text``, only those that it needs: each costs time.
    """
    first, *others = _installed()
    if text is not None:
        beyond = set(map(ord, text)) - _glyphs(first)
        others = [name for name in others if name == _SURE or not beyond.isdisjoint(_glyphs(name))]
    return (first, *others)


@cache
def _installed() -> tuple[str, ...]:
    known = font_manager.fontManager
    _add_new_fonts(known)
    for path in sorted(_FILES.glob("*.ttf")):
        known.addfont(path)
        known.ttflist.insert(0, known.ttflist.pop())  # before a copy of another version in the system
    installed = set(font_manager.get_font_names())
    return (FAMILY, *(family for family in _FALLBACKS if family in installed))


def _add_new_fonts(known: font_manager.FontManager) -> None:
    """Add what was installed after matplotlib wrote its list of fonts, which it never does again."""
    listed = {font.fname for font in known.ttflist}
    for path in sorted(set(font_manager.findSystemFonts()) - listed):
        # A bitmap of emoji and the like, that matplotlib left out of its list for the same reason.
        with suppress(OSError, RuntimeError):
            known.addfont(path)


@cache
def _glyphs(family: str) -> frozenset[int]:
    """The code points that a font family can draw."""
    with quiet_fonts():
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


def lacking(text: str) -> tuple[str, ...]:
    """The characters of a text that can be seen but that no font has, in order, each once."""
    return tuple(sorted(mark for mark in set(text) if mark.isprintable() and _is_unknown(mark)))


def _drawn(grapheme: str) -> str:
    kept = "".join(mark for mark in grapheme if ord(mark) in _characters() or not _is_invisible(mark))
    return kept if all(ord(mark) in _characters() for mark in kept) else "·"


def _is_unknown(mark: str) -> bool:
    return not can_draw(mark) and not _is_invisible(mark)


def _is_invisible(mark: str) -> bool:
    return category(mark) in ("Cf", "Cs") or "\ufe00" <= mark <= "\ufe0f"


@contextmanager
def quiet_fonts() -> Iterator[None]:
    """Without the warning that a fallback has no bold: its regular weight does."""
    log = logging.getLogger("matplotlib.font_manager")
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(before)
