"""Colours: the greys that all charts share, and a tenant's own, told apart by how they look to the eye."""

from dataclasses import dataclass

from matplotlib.colors import to_hex, to_rgb

from tidings.parts.contrast import readable

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
        tint=mix(accent, GROUND, 0.62),
        wash=mix(accent, GROUND, 0.92),
        missed=VERMILLION if VERMILLION in others else WINE,
        series=(accent, *others[:3]),
    )


def text_color(color: str) -> str:
    """The colour, darkened as far as text needs on white."""
    return readable(color, GROUND, _WORD)


def mix(color: str, other: str, share: float) -> str:
    """The colour with a ``share`` (0 to 1) of another in it."""
    pairs = zip(to_rgb(color), to_rgb(other), strict=True)
    red, green, blue = (one + (two - one) * share for one, two in pairs)
    return to_hex((red, green, blue))


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
