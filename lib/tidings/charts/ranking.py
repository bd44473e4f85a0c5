"""The shape `ranking`: which are the largest, and how large."""

from collections.abc import Sequence
from dataclasses import replace

from babel import Locale

from tidings.charts.base import heading, shape
from tidings.charts.draw.slots import Slot, fold, label, read_slots, total
from tidings.charts.kinds import RANKING
from tidings.language.names import tell_apart
from tidings.language.numbers import number, percent, percents, quantity, shorten
from tidings.language.sentences import join, quote, say, say_count
from tidings.metrics.metric import Result
from tidings.parts.part import Amount, Line, Part, Ranking

LEADERS = 3  # names in the finding, and bars that are set off
FOLDED = 200  # of the others, that the page lists
WHOLE = 300  # characters of a name where it is whole


@shape(RANKING, draws_nothing=False)
def ranking(
    result: Result,
    *,
    title: str = "",
    finding: str | None = None,
    wide: bool = False,
    top: int = 10,
) -> Part:
    """Show a table of names and values as bars, the largest first.

    Parameters
    ----------
    result : Result
        A table: a name, its value and, where there is one, its `share` (0 to 1).
    title : str, optional
        The metric's label unless given.
    finding : str, optional
        The sentence under the title; by default the leaders, with their number.
    wide : bool
        Whether it spans both columns of the page.
    top : int
        How many names have a bar; the others are said to be so many, and listed on the page on demand.
    """
    # What is counted comes in this order; a data frame may not.
    slots = sorted(read_slots(result.value), key=lambda slot: slot.value, reverse=True)
    locale = result.edition.tenant.locale
    longest = max(slot.value for slot in slots)
    lengths = [slot.value / longest for slot in slots]
    shares = write_shares(fold_several(slots, top), locale)
    made = finding or name_leaders(slots, shares, result.metric.unit, locale)
    return rank(result, slots, lengths, top, title=title, finding=made, wide=wide)


def rank(
    result: Result,
    slots: Sequence[Slot],
    lengths: Sequence[float],
    top: int,
    *,
    title: str,
    finding: str,
    wide: bool,
    whole: bool = False,
) -> Ranking:
    """Write slots as a ranking: the first ``top`` with bars of these lengths, the others together.

    A single other has a bar as well. The shares of the lines and of the rest add up.
    """
    locale, unit = result.edition.tenant.locale, result.metric.unit

    def line(slot: Slot, name: tuple[str, str | None], length: float | None, share: str | None) -> Line:
        return Line(*name, (Amount(quantity(slot.value, unit, locale), length),), share)

    shown = fold_several(slots, top)
    own = [slot for slot in shown if not slot.folded]
    others = slots[len(own) :]
    listed = others[:FOLDED]
    names = write_names([label(slot, locale) for slot in (*own, *listed)])
    shares = write_shares(shown, locale)
    return Ranking(
        metric=result.metric.name,
        title=title,
        finding=finding,
        definition=result.definition,
        notes=(*result.notes, *say_unlisted(len(others), locale)),
        columns=tuple(heading(column, locale) for column in result.value.columns),
        lines=tuple(
            line(slot, name, round(length, 4), share)
            for slot, name, length, share in zip(own, names, lengths, shares, strict=False)
        ),
        rest=line(shown[-1], (say_together(len(others), locale), None), None, shares[-1]) if others else None,
        folded=tuple(
            line(slot, name, None, None if slot.share is None else percent(slot.share, locale))
            for slot, name in zip(listed, names[len(own) :], strict=True)
        ),
        leading=LEADERS,
        whole=whole,
        wide=wide,
    )


def fold_several(slots: Sequence[Slot], top: int) -> list[Slot]:
    """Fold what is beyond ``top``, but never a single slot: that takes no more room by itself."""
    return fold(slots, top if len(slots) > top + 1 else len(slots))


def write_names(names: Sequence[str]) -> list[tuple[str, str | None]]:
    """Names as they are shown beside each other; those that are cut for it with what they are."""
    return [
        (shown, None if shown == name else shorten(name, WHOLE))
        for shown, name in zip(tell_apart(names), names, strict=True)
    ]


def write_shares(slots: Sequence[Slot], locale: Locale) -> Sequence[str | None]:
    """The slots' shares in percent that add up; None each where the table has no shares."""
    shares = [slot.share for slot in slots if slot.share is not None]
    return percents(shares, locale) if shares else [None] * len(slots)


def say_together(count: int, locale: Locale) -> str:
    """Say of how many names a line is that stands for those without one."""
    return say_count("{count} other together", "{count} others together", count, locale)


def say_unlisted(count: int, locale: Locale) -> tuple[str, ...]:
    """Say where the others are, if they are too many to be listed one by one."""
    if count <= FOLDED:
        return ()
    first = number(FOLDED, locale)
    return (say("Of the others the first {first} are listed; the data have them all.", locale, first=first),)


def name_leaders(slots: Sequence[Slot], shares: Sequence[str | None], unit: str, locale: Locale) -> str:
    """Say who leads: with shares what the first three make up, without them the largest of the whole."""
    first, whole = slots[0], quantity(total(slots), unit, locale)
    if len(slots) == 1:
        return say("Only {name}: {value}", locale, name=quote_slots([first], locale)[0], value=whole)
    if first.share is not None:
        return _say_shares(slots, shares, locale)
    most = quantity(first.value, unit, locale)
    tied = quote_slots([slot for slot in slots if slot.value == first.value], locale)
    if len(tied) == 1:
        return say("{name} had the most: {value} of {whole}", locale, name=tied[0], value=most, whole=whole)
    names = join_first(tied, locale)
    return say("{names} had the most: {value} each of {whole}", locale, names=names, value=most, whole=whole)


def _say_shares(slots: Sequence[Slot], shares: Sequence[str | None], locale: Locale) -> str:
    if len(slots) <= LEADERS:
        return say_parts(quote_slots(slots, locale), shares, locale)
    first = slots[:LEADERS]
    names = join(quote_slots(first, locale), locale)
    share = percent(sum(slot.share or 0 for slot in first), locale)
    return say("{names} make up {share}", locale, names=names, share=share)


def say_parts(names: Sequence[str], shares: Sequence[str | None], locale: Locale) -> str:
    """Say how large each part is, in the percent that stand beside it: "Spanish 71% and English 29%"."""
    parts = [
        say("{name} {share}", locale, name=name, share=share or "")
        for name, share in zip(names, shares, strict=False)
    ]
    return join(parts, locale)


def join_first(names: Sequence[str], locale: Locale) -> str:
    """Names as a list; of more than three the first, and how many others there are."""
    if len(names) <= LEADERS:
        return join(names, locale)
    others = len(names) - 1
    return say_count("{name} and {count} other", "{name} and {count} others", others, locale, name=names[0])


def quote_slot(slot: Slot, locale: Locale) -> str:
    """A slot's name as a sentence holds it."""
    return label(slot, locale) if slot.name is None else quote(slot.name, locale)


def quote_slots(slots: Sequence[Slot], locale: Locale) -> list[str]:
    """The slots' names as a sentence holds them, told apart."""
    names = tell_apart([label(slot, locale) for slot in slots])
    return [
        quote_slot(slot if slot.name is None else replace(slot, name=name), locale)
        for slot, name in zip(slots, names, strict=True)
    ]
