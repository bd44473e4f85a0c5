"""Text that fits into its place."""

from collections.abc import Callable
from functools import partial

from wcwidth import iter_graphemes

from tidings.charts.style.fonts import drawable
from tidings.charts.style.letters import text_width


def fit(text: str, room: float, bold: bool = False) -> str:
    """Return the text as a picture can show it, cut with an ellipsis to at most `room` CSS pixels."""
    return cut(drawable(text), room, partial(text_width, bold=bold))


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
