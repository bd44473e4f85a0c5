"""Ids that refer to a row of another table: those that no row has, and what was likely done to them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

import ibis
import ibis.expr.types as ir
import pandas as pd

from tidings.sources.checks import Fetch
from tidings.sources.contract import TABLES

_MOST_EXAMPLES = 20
_WORDS_FOR_NOTHING = {"nan", "none", "null", "nat", "<na>", "na", "n/a", "nil", "undefined"}
_FRACTION = r"[.]0+$"
_ZEROS = r"^0+([0-9])"


@dataclass(frozen=True)
class Reference:
    """A column of a table that holds the key of another one, or null."""

    table: str
    column: str
    to: str

    @property
    def key(self) -> str:
        """The column of the other table that it holds."""
        return TABLES[self.to].key

    def __str__(self) -> str:
        return f"{self.table}.{self.column}"


REFERENCES = (
    Reference("messages", "assignment_id", "assignments"),
    Reference("messages", "conversation_id", "conversations"),
    Reference("messages", "user_id", "users"),
    Reference("assignments", "transferred_from", "assignments"),
    Reference("assignments", "conversation_id", "conversations"),
    Reference("assignments", "user_id", "users"),
    Reference("assignments", "agent_id", "agents"),
    Reference("agent_sessions", "agent_id", "agents"),
    Reference("conversations", "user_id", "users"),
)


class Cause(Enum):
    """What was likely done to an id that refers to no row: in words, and how to mend it."""

    BLANK = ("it is made of blanks", "write what is missing as null")
    WORD = ("it is a word for a missing value", "write what is missing as null, not as a word")
    FLOAT = (
        "1.0 was written for 1",
        'keep whole numbers whole: in pandas, astype("Int64").astype("string")',
    )
    BLANKS = ("there are blanks around it", "write ids without blanks around them, in both tables")
    ZEROS = ("zeros were put or lost before it", "write ids as text in both tables, with the same zeros")
    CASE = ("its letters are in another case", "write ids in the same case in both tables")
    SEVERAL = ("it was written in another way", "write ids in the same way in both tables")

    def __init__(self, what: str, remedy: str):
        self.what = what
        self.remedy = remedy


@dataclass(frozen=True)
class Unmatched:
    """The rows of a period whose id no row of the other table has.

    Attributes
    ----------
    reference : Reference
        Which column refers to which table.
    rows : int
        Rows of the period in which the column is not null.
    unmatched : int
        Those among them whose id no row has.
    examples : tuple of str
        The ids that most of them have.
    cause : Cause or None
        What was likely done to these ids, where that can be seen: a row has the same id, written otherwise.
    example : str or None
        With a cause, an id of which it is the cause.
    like : str or None
        The id like it that a row of the other table has, where the cause is not a missing value.
    """

    reference: Reference
    rows: int
    unmatched: int
    examples: tuple[str, ...]
    cause: Cause | None = None
    example: str | None = None
    like: str | None = None


def find_lost(
    references: Sequence[Reference],
    rows: Callable[[str], ir.Table],
    keys: Callable[[str], ir.Table],
) -> ir.Table:
    """Of each reference the ids that no row has, as far as they are examples, in one query for all tables.

    The ids of all tables are one table, and so are the keys: one join is sooner planned than nine.

    Parameters
    ----------
    references : sequence of Reference
        Of which both tables are there.
    rows : callable
        A table's rows of the period, by its name.
    keys : callable
        The keys of a table's rows, whenever they happened.

    Returns
    -------
    ibis table
        ``reference``, ``to``, ``id``, ``unmatched``, which are all rows with such an id; in order.
    """
    ids = ibis.union(
        *(
            rows(each.table).select(
                reference=ibis.literal(str(each)), to=ibis.literal(each.to), id=each.column
            )
            for each in references
        )
    )
    targets = {each.to: each.key for each in references}
    known = ibis.union(*(keys(to).select(to=ibis.literal(to), id=key) for to, key in targets.items()))
    lost = ids.filter(ids.id.notnull()).anti_join(known, ["to", "id"])
    by_id = lost.group_by(["reference", "to", "id"]).aggregate(rows=lost.count())
    most = ibis.window(group_by="reference", order_by=[by_id.rows.desc(), by_id.id])
    counted = by_id.mutate(
        unmatched=by_id.rows.sum().over(group_by="reference"), place=ibis.row_number().over(most)
    )
    return counted.filter(counted.place < _MOST_EXAMPLES).order_by(["reference", "place"])


def explain_unmatched(
    lost: pd.DataFrame,
    rows: Callable[[str], ir.Table],
    keys: Callable[[str], ir.Table],
    fetch: Fetch,
) -> list[Unmatched]:
    """The references of which some ids are lost, with the likely cause, for which keys like them are sought.

    Parameters
    ----------
    lost : pandas.DataFrame
        What ``find_lost`` gave.
    rows, keys : callable
        What it was given.
    fetch : callable
        Executes an expression.
    """
    found = [each for each in REFERENCES if (lost["reference"] == str(each)).any()]
    counted = fetch(ibis.union(*(_count_given(each, rows(each.table)) for each in found)))
    given = dict(zip(counted["reference"], counted["rows"], strict=True))
    ids = {each.to: lost["id"][lost["to"] == each.to] for each in found}
    like = {to: _find_like(ids[to], keys(to)[TABLES[to].key], fetch) for to in ids}
    return [
        _explain(each, int(given[str(each)]), lost[lost["reference"] == str(each)], like[each.to])
        for each in found
    ]


def likely_cause(id: str, key: str | None) -> Cause | None:
    """What was done to an id, so that it is not the key that a row has; None where nothing is to be seen.

    Parameters
    ----------
    id : str
        What refers to a row.
    key : str or None
        A key like it; None where there is none, as a word for a missing value is like no key.
    """
    if not id.strip():
        return Cause.BLANK
    if id.strip().casefold() in _WORDS_FOR_NOTHING:
        return Cause.WORD
    if key is None:
        return None
    for cause, plain in _PLAIN.items():
        if plain(id) == plain(key):
            return cause
    return Cause.SEVERAL if _canonical(id) == _canonical(key) else None


_PLAIN: dict[Cause, Callable[[str], str]] = {
    Cause.FLOAT: lambda text: re.sub(_FRACTION, "", text),
    Cause.BLANKS: str.strip,
    Cause.ZEROS: lambda text: re.sub(_ZEROS, r"\1", text),
    Cause.CASE: str.lower,
}


def _canonical(text: str) -> str:
    """An id without what is commonly put to it or lost; ``_canonical_keys`` does the same in an engine."""
    return re.sub(_ZEROS, r"\1", re.sub(_FRACTION, "", text.strip().lower()))


def _canonical_keys(keys: ir.Table) -> ir.StringColumn:
    return keys.key.strip().lower().re_replace(_FRACTION, "").re_replace(_ZEROS, r"\1")


def _count_given(reference: Reference, rows: ir.Table) -> ir.Table:
    """``reference`` and the ``rows`` whose column is not null."""
    return rows.aggregate(reference=ibis.literal(str(reference)), rows=rows[reference.column].count())


def _find_like(ids: pd.Series, key: ir.Column, fetch: Fetch) -> dict[str, str]:
    """The keys that are like some of the ids, by what they have in common."""
    keys = key.name("key").as_table().distinct()
    keys = keys.mutate(canonical=_canonical_keys(keys))
    alike = fetch(keys.filter(keys.canonical.isin([_canonical(id) for id in ids])).order_by("key"))
    return dict(zip(alike["canonical"], alike["key"], strict=True))


def _explain(reference: Reference, rows: int, lost: pd.DataFrame, like: dict[str, str]) -> Unmatched:
    examples, unmatched = tuple(lost["id"]), int(lost["unmatched"].iloc[0])
    for id in examples:
        key = like.get(_canonical(id))
        if cause := likely_cause(id, key):
            return Unmatched(reference, rows, unmatched, examples, cause, id, key)
    return Unmatched(reference, rows, unmatched, examples)
