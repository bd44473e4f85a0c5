"""The styles that a table's cells may bring along: how they are set, and their colours."""

import re

from PIL import ImageColor

from tidings.parts.contrast import contrast

_SETTING = ("text-align", "vertical-align", "font-weight", "font-style", "text-decoration", "white-space")
_GRADIENT = "background"  # the bars of a Styler
_VALUE = re.compile(r"[\w#.,%()+\s-]{1,300}")
_FUNCTIONS = {"", "rgb", "rgba", "hsl", "hsla", "linear-gradient"}
_PAPER, _INK = "#ffffff", "#16202c"


def safe_style(style: str) -> str | None:
    """What is kept of the style of a cell: no address, no place on the page, no colour that cannot be read.

    Dark words on white are left to the page and the mail, which have their own, also for the dark. A cell
    that has other colours gets both, words and ground, so that it looks the same everywhere.
    """
    declared = _declarations(style)
    kept = {name: declared[name] for name in _SETTING if name in declared}
    ink, ground = _color(declared.get("color")), _color(declared.get("background-color"))
    bar = declared.get(_GRADIENT, "")
    if bar.startswith("linear-gradient("):
        kept["background"] = bar
    else:
        ground = ground or _color(bar)
    ground = ground or _PAPER
    if "background" in kept or not (_is_grey(ground, 0xF5, 0xFF) and (not ink or _is_grey(ink, 0, 0x55))):
        ink = ink or max(_INK, _PAPER, key=lambda words: contrast(words, ground))
        kept |= {"background-color": f"{ground} !important", "color": f"{ink} !important"}
    return "; ".join(f"{name}: {value}" for name, value in kept.items()) or None


def _declarations(style: str) -> dict[str, str]:
    """The declarations of which every word is harmless, by their names."""
    found = {}
    for declaration in style.split(";"):
        name, _, value = declaration.partition(":")
        value = value.replace("!important", "").strip().lower()
        if _VALUE.fullmatch(value) and set(re.findall(r"([\w-]*)\(", value)) <= _FUNCTIONS:
            found[name.strip().lower()] = value
    return found


def _color(value: str | None) -> str | None:
    """A colour as ``#rrggbb``; None for one that is none, or is transparent."""
    try:
        red, green, blue, *alpha = ImageColor.getrgb(value or "")
    except ValueError:
        return None
    if alpha == [0]:
        return None
    return "#" + "".join(f"{min(channel, 255):02x}" for channel in (red, green, blue))  # as browsers do


def _is_grey(color: str, low: int, high: int) -> bool:
    """Whether each of its channels is within two bounds, so that it is nearly black, or nearly white."""
    return all(low <= channel <= high for channel in bytes.fromhex(color[1:]))
