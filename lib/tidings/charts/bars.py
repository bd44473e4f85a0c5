"""The shape `bars`: a column for each day, the highest in the accent."""

from itertools import pairwise

import numpy as np

from tidings.charts.base import chart_part, shape
from tidings.charts.draw.day_axes import (
    ChartSpec,
    DayAxes,
    draw_ground,
    open_day_axes,
    read_spec,
    say_nothing_happened,
    write_value,
)
from tidings.charts.draw.series import Series, caption_series, read_series, say_nothing
from tidings.charts.draw.sheet import Shape, Sheet
from tidings.charts.kinds import DAILY, SCALAR
from tidings.charts.style.fonts import drawable
from tidings.charts.style.letters import text_width
from tidings.charts.style.theme import HEIGHT, WIDE, WIDTH
from tidings.metrics.metric import Result
from tidings.parts.part import Part

_WIDTH = 0.62  # of the way from one day to the next
_MONTH = 31  # of more columns, nobody reads each value
_APART = 8  # CSS pixels between values


@shape(DAILY, total=SCALAR)
def bars(
    result: Result,
    *,
    title: str = "",
    finding: str | None = None,
    total: Result | None = None,
    height: int = HEIGHT,
    wide: bool = False,
) -> Part:
    """Show a daily series as columns, the highest in the accent, and all that are as high.

    Every column carries its value where there is room for all; else the highest does, beside an axis.

    Parameters
    ----------
    result : Result
        A table by ``day``; the column after it is drawn.
    title : str, optional
        In place of the metric's label.
    finding : str, optional
        The sentence under the title, in place of one made from the data.
    total : Result, optional
        The period's own number, for the title, where days do not add up to it.
    height : int
        Of the picture, in CSS pixels.
    wide : bool
        Whether it spans both columns of the page.
    """
    caption = caption_series(result, title, finding, total)
    return chart_part(result, caption, draw_bars(result, height, wide))


def draw_bars(result: Result, height: int = HEIGHT, wide: bool = False) -> Sheet:
    """Draw the columns and their values."""
    spec, series = read_spec(result, height, wide), read_series(result)
    texts = [drawable(series.write(value)) for value in series.values]
    every = len(texts) <= _MONTH and _have_room(texts, spec)
    axes = open_day_axes(spec, series.top, whole=series.is_whole, axis=not every)
    _draw_columns(axes, series, spec)
    draw_ground(axes)
    if series.is_empty:
        say_nothing_happened(axes, say_nothing(result))
    else:
        _write_values(axes, series, texts, every)
    return axes.sheet


def _have_room(texts: list[str], spec: ChartSpec) -> bool:
    """Whether all values fit above their columns."""
    pitch = (WIDE if spec.wide else WIDTH) / len(texts)
    widths = [text_width(text, bold=True) for text in texts]
    return all((one + two) / 2 + _APART <= pitch for one, two in pairwise(widths))


def _draw_columns(axes: DayAxes, series: Series, spec: ChartSpec) -> None:
    is_top = series.values == series.top
    colors = np.where(is_top & ~series.is_empty, spec.colors.accent, spec.colors.tint)
    width = _WIDTH if len(colors) > 1 else _WIDTH / 5
    for place, (value, color) in enumerate(zip(series.values.fillna(0), colors.tolist(), strict=True)):
        axes.sheet.add(Shape("column", axes.column(place, width, value), color))


def _write_values(axes: DayAxes, series: Series, texts: list[str], every: bool) -> None:
    for place, (value, text) in enumerate(zip(series.values, texts, strict=True)):
        if value == series.top and (every or place == series.peak):
            write_value(axes, place, value, text)
        elif every and value == value:  # a gap has no value to write
            write_value(axes, place, value, text, bold=False)
