"""The shape `ranking`: which are the largest, and how large."""

from collections.abc import Sequence

from babel import Locale

from tidings.charts.base import Caption, chart_part, heading, shape, table
from tidings.charts.draw.bar_rows import LEADERS, Bar, bar_color, draw_bars
from tidings.charts.draw.slots import Slot, fold, label, read_slots, total
from tidings.charts.kinds import RANKING
from tidings.charts.style.colors import Palette, palette
from tidings.language.numbers import number, percent, quantity
from tidings.language.sentences import brief, join
from tidings.metrics.metric import Result
from tidings.parts.part import DataTable, Part


@shape(RANKING, draws_nothing=False)
def ranking(
    result: Result,
    *,
    title: str = "",
    finding: str | None = None,
    wide: bool = False,
    top: int = 10,
) -> Part:
    """Show a table of names and values as horizontal bars, the largest first.

    Parameters
    ----------
    result : Result
        A table: a name, its value and, where there is one, its `share` (0 to 1); in the order to show.
    title : str, optional
        The metric's label unless given.
    finding : str, optional
        The sentence under the title; by default the leaders, with their number.
    wide : bool
        Whether the picture spans both columns of the page.
    top : int
        How many names have a bar; the others share one grey bar, last. The data lists them all.
    """
    tenant, unit = result.edition.tenant, result.metric.unit
    slots = read_slots(result.value)
    shown = fold(slots, top)
    caption = Caption(
        title,
        finding or name_leaders(slots, unit, tenant.locale),
        describe(shown, unit, tenant.locale),
        write_table(result.value.columns, slots, tenant.locale),
    )
    bars = rank_bars(shown, unit, palette(tenant.brand.color), tenant.locale)
    return chart_part(result, caption, lambda: draw_bars(bars, wide=wide))


def rank_bars(slots: Sequence[Slot], unit: str, colors: Palette, locale: Locale) -> list[Bar]:
    """Turn slots into bars: lengths by value, the value first and the share after it.

    The largest name of its own has the full length. Where the folded ones are more than that together,
    their bar is broken off there: else every other bar would vanish beside it.
    """
    longest = max(slot.value for slot in slots if not slot.folded)
    return [
        Bar(
            name=label(slot, locale),
            length=min(slot.value / longest, 1),
            strong=quantity(slot.value, unit, locale),
            quiet="" if slot.share is None else percent(slot.share, locale),
            color=bar_color(rank, slot, colors),
            broken=slot.value > longest,
        )
        for rank, slot in enumerate(slots)
    ]


def name_leaders(slots: Sequence[Slot], unit: str, locale: Locale) -> str:
    """Say who leads: with shares what the first three make up, without them the largest of the whole."""
    if len(slots) == 1:
        return f"Only {brief(label(slots[0], locale))}: {quantity(slots[0].value, unit, locale)}"
    if slots[0].share is None:
        tied = [brief(label(slot, locale)) for slot in slots if slot.value == slots[0].value]
        names = tied if len(tied) <= LEADERS else [tied[0], f"{len(tied) - 1} others"]
        most, whole = (quantity(x, unit, locale) for x in (slots[0].value, total(slots)))
        return f"{join(names, locale)} had the most: {most}{' each' if len(tied) > 1 else ''} of {whole}"
    if len(slots) <= LEADERS:
        return say_parts(slots, locale)
    first = slots[:LEADERS]
    share = percent(sum(slot.share or 0 for slot in first), locale)
    return f"{join([brief(label(slot, locale)) for slot in first], locale)} make up {share}"


def say_parts(slots: Sequence[Slot], locale: Locale) -> str:
    """Say how large each part is: "Spanish 71%, English 17% and French 4%"."""
    return join([f"{brief(label(slot, locale))} {percent(slot.share, locale)}" for slot in slots], locale)


def describe(shown: Sequence[Slot], unit: str, locale: Locale) -> str:
    """Describe the bars to those who cannot see them."""
    bars = [f"{brief(label(slot, locale))} {quantity(slot.value, unit, locale)}" for slot in shown]
    return f"Bars, from the largest: {'; '.join(bars)}."


def write_table(columns: Sequence[str], slots: Sequence[Slot], locale: Locale) -> DataTable:
    """Write out every row of a ranking: names in full, values in the unit that heads their column."""
    rows = [[label(slot, locale), number(slot.value, locale)] for slot in slots]
    if slots[0].share is None:
        return table([heading(column) for column in columns[:2]], rows)
    rows = [[*row, percent(slot.share, locale)] for row, slot in zip(rows, slots, strict=True)]
    return table([*(heading(column) for column in columns[:2]), "Share"], rows)
