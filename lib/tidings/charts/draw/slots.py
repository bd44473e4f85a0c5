"""Folding: the largest names of a ranking stay, the rest become one, and the parts still add up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from babel import Locale

from tidings.language import numbers
from tidings.language.sentences import say


@dataclass(frozen=True)
class Slot:
    """One place in a ranking: a name with its value, or all the names that were folded into one.

    Attributes
    ----------
    name : str or None
        The platform's own name; None where it gave none, and for a folded slot.
    value : float
        The name's value, or the sum of the folded names' values.
    share : float or None
        The part of the whole, from 0 to 1; None where the table has no shares.
    folded : int
        How many names this slot stands for; 0 where it stands for itself.
    """

    name: str | None
    value: float
    share: float | None = None
    folded: int = 0


def fold(slots: Sequence[Slot], top: int) -> list[Slot]:
    """Keep the first `top` slots and add the rest up in one more, which comes last.

    Parameters
    ----------
    slots : sequence of Slot
        In the order of the ranking, the largest first.
    top : int
        How many keep a place of their own, at least 1.
    """
    kept, rest = list(slots[:top]), slots[top:]
    if not rest:
        return kept
    shares = None if rest[0].share is None else sum(slot.share or 0 for slot in rest)
    return [*kept, Slot(None, sum(slot.value for slot in rest), shares, len(rest))]


def read_slots(table: pd.DataFrame) -> list[Slot]:
    """Read a ranking as slots: its first column is the name, its second the value, `share` the share.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per name, ordered as it is to be shown. Rows without a value are left out; what is 0 and has
        no share has none of the whole.
    """
    name, value = table.columns[:2]
    known = table[table[value].notna()]
    shares = known["share"].fillna(0.0).tolist() if "share" in known else [None] * len(known)
    return [
        Slot(given(name), value, share)
        for name, value, share in zip(known[name], known[value].tolist(), shares, strict=True)
    ]


def given(name: Any) -> str | None:
    """Return a name as text, or None where the platform gave none (null or nothing but blanks)."""
    if pd.isna(name) or not str(name).strip():
        return None
    return str(name)


def label(slot: Slot, locale: Locale) -> str:
    """Return what is written at a slot: its name, "not given", or "other (31 more)"."""
    if slot.folded:
        return say("other ({count} more)", locale, count=numbers.number(slot.folded, locale))
    return numbers.name(slot.name, locale)


def total(slots: Iterable[Slot]) -> float:
    """Add up the values of slots."""
    return sum(slot.value for slot in slots)
