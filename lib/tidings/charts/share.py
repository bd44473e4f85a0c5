"""The shape `share`: the parts of a whole."""

from collections.abc import Sequence
from dataclasses import replace

from babel import Locale

from tidings.charts.base import shape
from tidings.charts.draw.slots import Slot, label, read_slots
from tidings.charts.kinds import SHARES
from tidings.charts.ranking import LEADERS, fold_several, rank, say_parts, write_shares
from tidings.language.languages import name_language, word_language
from tidings.language.sentences import brief, say
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
        Whether it spans both columns of the page.
    top : int
        How many languages have a bar; the others are said to be so many, and listed on the page on demand.
    """
    locale, codes = result.edition.tenant.locale, read_slots(result.value)
    slots, said = (
        [slot if slot.name is None else replace(slot, name=name(slot.name, locale)) for slot in codes]
        for name in (name_language, word_language)
    )
    lengths = [slot.share or 0 for slot in slots]
    made = finding or name_largest(said, write_shares(fold_several(slots, top), locale), locale)
    return rank(result, slots, lengths, top, title=title, finding=made, wide=wide, whole=True)


def name_largest(slots: Sequence[Slot], shares: Sequence[str | None], locale: Locale) -> str:
    """Say how large the first parts are, or that there is but one."""
    names = [brief(label(slot, locale)) for slot in slots[:LEADERS]]
    if len(slots) == 1:
        return say("All {language}", locale, language=names[0])
    finding = say_parts(names, shares, locale)
    return finding[:1].upper() + finding[1:]
