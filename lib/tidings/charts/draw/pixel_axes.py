"""Axes measured in the page's own pixels, and text that fits into its place on them."""

from collections.abc import Callable
from functools import cache, lru_cache, partial

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties
from wcwidth import iter_graphemes

from tidings.charts.style.fonts import drawable
from tidings.charts.style.theme import PIXELS, WIDE, WIDTH, open_figure


def open_pixel_axes(height: float, wide: bool) -> Axes:
    """Open axes that cover a whole new figure: x and y in CSS pixels from its top left corner."""
    axes = open_figure(round(height), wide).add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, WIDE if wide else WIDTH), ylim=(height, 0))
    axes.set_axis_off()
    return axes


def text_width(text: str, **font) -> float:
    """Measure the width of a text in CSS pixels, as any figure under the theme draws it."""
    weight = font.get("fontweight", font.get("weight"))
    return _width(text, FontProperties(size=font.get("fontsize"), weight=weight))


@lru_cache(maxsize=4096)
def _width(text: str, font: FontProperties) -> float:
    return _renderer().get_text_width_height_descent(text, font, ismath=False)[0] / PIXELS


@cache
def _renderer() -> RendererAgg:
    """A renderer that is asked for widths alone: laying a text out to measure it takes five times as long."""
    return RendererAgg(1, 1, 100 * PIXELS)


def fit(text: str, room: float, **font) -> str:
    """Return the text as a picture can show it, cut with an ellipsis to at most `room` CSS pixels."""
    return cut(drawable(text), room, partial(text_width, **font))


def cut(text: str, room: float, measure: Callable[[str], float], tail: int = 0) -> str:
    """Cut a text with an ellipsis so that it measures at most `room`; between characters, never inside one.

    Parameters
    ----------
    text : str
        A line of text.
    room : float
        What it may measure.
    measure : callable
        The measure of a text; no shorter for a longer one.
    tail : int
        How many of the last characters to keep, where the end tells one name from another.
    """
    if measure(text) <= room:
        return text
    characters = list(iter_graphemes(text))
    end = "…" + "".join(characters[len(characters) - tail :])
    fits, too_long = 0, len(characters)
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        kept = measure(_first(characters, middle) + end) <= room
        fits, too_long = (middle, too_long) if kept else (fits, middle)
    return _first(characters, fits) + end


def _first(characters: list[str], count: int) -> str:
    return "".join(characters[:count]).rstrip()
