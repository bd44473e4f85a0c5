"""The shape `split`: a column for each day, divided by how its conversations went."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tidings.charts import daily
from tidings.charts.base import Words, chart_part, notice, table
from tidings.charts.draw.day_axes import (
    EndLabel,
    Look,
    look_of,
    open_days,
    pitch,
    say_nothing_happened,
    write_value,
)
from tidings.charts.draw.pixel_axes import text_width
from tidings.charts.style.colors import GREY, GROUND, text_color
from tidings.charts.style.fonts import drawable
from tidings.charts.style.theme import SMALL
from tidings.language import numbers
from tidings.metrics.metric import Result
from tidings.parts.part import Part

OUTCOMES = ("handled", "missed", "other")

_WIDTH = 0.62  # of the way from one day to the next
_SHARES = 7  # at most; one for each day of a week
_FONT = {"fontsize": SMALL, "weight": "bold"}


def split(
    result: Result,
    *,
    title: str | None = None,
    finding: str | None = None,
    height: int = 256,
    wide: bool = False,
) -> Part:
    """Show each day's conversations by outcome, one on top of the other, with the share that was missed.

    Parameters
    ----------
    result : Result
        A table of ``day``, ``handled``, ``missed`` and ``other``.
    title : str, optional
        In place of the metric's label.
    finding : str, optional
        The sentence under the title, in place of one made from the data.
    height : int
        Of the picture, in CSS pixels.
    wide : bool
        Whether it spans both columns of the page.
    """
    if not result.available:
        return notice(result, title)
    said = Words(
        title=daily.title_of(result, title),
        finding=finding or _finding(result),
        extent=_extent(result),
        table=_table(result),
    )
    return chart_part(result, said, lambda: draw_split(result, height, wide))


def draw_split(result: Result, height: int = 256, wide: bool = False) -> Figure:
    """Draw the columns, name their parts at the last of them, and write the share missed above each."""
    look, counts = look_of(result, height, wide), _counts(result)
    sums = counts.sum(axis=1)
    axes = open_days(look, sums.max(), _end_labels(counts, look), whole=True)
    if not sums.any():
        say_nothing_happened(axes, _finding(result))
    bottom = np.zeros(len(counts))
    for part, color in zip(counts.T, _colors(look), strict=True):
        axes.bar(
            range(len(part)),
            part,
            _width(look),
            bottom,
            color=color,
            edgecolor=GROUND,
            linewidth=0.8,
            zorder=2,
        )
        bottom += part
    _write_shares(axes, counts, look)
    return axes.figure


def _counts(result: Result) -> np.ndarray:
    """The outcomes of each day: a row for each day, a column for each outcome."""
    return result.value[list(OUTCOMES)].to_numpy(dtype=float)


def _colors(look: Look) -> tuple[str, str, str]:
    return look.colors.accent, look.colors.missed, GREY


def _width(look: Look) -> float:
    return _WIDTH if len(look.days) > 1 else _WIDTH / 5


def _end_labels(counts: np.ndarray, look: Look) -> list[EndLabel]:
    """The names of the outcomes that there are, each at the middle of its part of the last column."""
    middles = counts[-1].cumsum() - counts[-1] / 2
    named = zip(OUTCOMES, middles, _colors(look), counts.sum(axis=0), strict=True)
    return [EndLabel(middle, name, color) for name, middle, color, count in named if count]


def _write_shares(axes: Axes, counts: np.ndarray, look: Look) -> None:
    """Write the share missed above the days with the most missed, where no other column is in the way."""
    sums, color = counts.sum(axis=1), text_color(look.colors.missed)
    written: list[int] = []
    for place in np.argsort(-counts[:, 1], kind="stable")[:_SHARES]:
        if not counts[place, 1]:
            break
        text = drawable(numbers.percent(counts[place, 1] / sums[place], look.locale))
        reach = text_width(text, **_FONT) / 2 / pitch(axes)
        near = np.abs(np.arange(len(sums)) - place) < reach + _WIDTH / 2
        if sums[near].max() <= sums[place] and all(abs(other - place) > 2.3 * reach for other in written):
            write_value(axes, place, sums[place], text, color=color, **_FONT)
            written.append(place)


def _finding(result: Result) -> str:
    locale = result.edition.tenant.locale
    handled, missed, _ = totals = _counts(result).sum(axis=0)
    if not totals.any():
        return f"No conversations in {daily.this_period(result)}"
    share = numbers.percent(missed / totals.sum(), locale)
    return f"{numbers.number(handled, locale)} handled, {numbers.number(missed, locale)} missed ({share})"


def _extent(result: Result) -> str:
    locale, counts, days = result.edition.tenant.locale, _counts(result), daily.day_names(result)
    worst = int(counts[:, 1].argmax())
    if not counts[worst, 1]:
        return f"Daily columns from {days[0]} to {days[-1]}; none was missed."
    return (
        f"Daily columns from {days[0]} to {days[-1]}; most were missed on {days[worst]}: "
        f"{numbers.number(counts[worst, 1], locale)} of {numbers.number(counts[worst].sum(), locale)}."
    )


def _table(result: Result) -> dict:
    locale = result.edition.tenant.locale
    rows = [[numbers.number(count, locale) for count in counts] for counts in _counts(result)]
    labels = ["Day", *(outcome.capitalize() for outcome in OUTCOMES)]
    return table(labels, [[day, *row] for day, row in zip(daily.day_names(result), rows, strict=True)])
