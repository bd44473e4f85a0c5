"""The shape `share`: the parts of a whole."""

from collections.abc import Sequence
from dataclasses import replace

from babel import Locale

from tidings.charts.base import Caption, chart_part, shape
from tidings.charts.draw.bar_rows import LEADERS, Bar, bar_color, draw_bars
from tidings.charts.draw.slots import Slot, fold, label, read_slots
from tidings.charts.kinds import SHARES
from tidings.charts.ranking import describe, say_parts, write_table
from tidings.charts.style.colors import Palette, palette
from tidings.language.languages import name_language
from tidings.language.numbers import percent, quantity
from tidings.language.sentences import brief
from tidings.metrics.metric import Result
from tidings.parts.part import Part


@shape(SHARES, draws_nothing=False)
def share(
    result: Result,
    *,
    title: str = "",
    finding: str | None = None,
    wide: bool = False,
    top: int = 10,
) -> Part:
    """Show a table of languages and their shares, each as a part of the whole.

    Parameters
    ----------
    result : Result
        A table: a language (BCP 47), its value, its `share` (0 to 1); in the order to show.
    title : str, optional
        The metric's label unless given.
    finding : str, optional
        The sentence under the title; by default the largest parts.
    wide : bool
        Whether the picture spans both columns of the page.
    top : int
        How many languages have a row; the others share one, last. The data lists them all.
    """
    tenant, unit = result.edition.tenant, result.metric.unit
    slots = [
        slot if slot.name is None else replace(slot, name=name_language(slot.name, tenant.locale))
        for slot in read_slots(result.value)
    ]
    shown = fold(slots, top)
    caption = Caption(
        title,
        finding or name_largest(slots, tenant.locale),
        describe(shown, unit, tenant.locale),
        write_table(result.value.columns, slots, tenant.locale),
    )
    bars = share_bars(shown, unit, palette(tenant.brand.color), tenant.locale)
    return chart_part(result, caption, lambda: draw_bars(bars, wide=wide, track=True))


def share_bars(slots: Sequence[Slot], unit: str, colors: Palette, locale: Locale) -> list[Bar]:
    """Turn slots into bars: lengths by share of the whole, the share first and the value after it."""
    return [
        Bar(
            name=label(slot, locale),
            length=slot.share or 0,
            strong=percent(slot.share, locale),
            quiet=quantity(slot.value, unit, locale),
            color=bar_color(rank, slot, colors),
        )
        for rank, slot in enumerate(slots)
    ]


def name_largest(slots: Sequence[Slot], locale: Locale) -> str:
    """Say how large the first parts are, or that there is but one."""
    return say_parts(slots[:LEADERS], locale) if len(slots) > 1 else f"All {brief(label(slots[0], locale))}"
