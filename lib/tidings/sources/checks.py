"""The contract kept: a source's tables brought into its form, and rows that break it refused."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, cast

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pandas as pd

from tidings.errors import ContractError
from tidings.language.english import counted
from tidings.sources import values
from tidings.sources.contract import (
    DAY_COLUMN,
    FILE_COLUMN,
    INEXACT_COLUMN,
    SKEW,
    Column,
    Table,
)
from tidings.sources.quoting import names_in_words, row_in_words, shown

Fetch = Callable[[ir.Expr], pd.DataFrame]
Counts = Callable[[ir.Table], Mapping[str, ir.IntegerScalar]]
"""What is counted of rows besides, by name."""

_AS_TEXT = 'text: in pandas, by astype("Int64").astype("string") if it holds whole numbers'
_WANTED = {
    "id": ("text (ids are strings)", _AS_TEXT),
    "instant": ("a timestamp in UTC", "a timestamp in UTC"),
    "text": ("text", _AS_TEXT),
}
_TYPES = {"id": dt.string, "instant": values.MICROSECONDS, "text": dt.string}
CLOCKS_APART = timedelta(hours=1)
"""How far a row may lie ahead of the clock of the machine that reads it."""

_PREVIOUS = "tidings_previous"
_FIRST_IDS = 10_000  # looked at beforehand: whether it is worth asking for the order of all of them


def conform(raw: ir.Table, table: Table, where: str, fetch: Fetch) -> ir.Table:
    """The contract's columns of a source's table, in order, with the contract's types.

    A column that may be null may be absent. Blank text is null, and whole numbers are text. Beside the
    contract's columns there may be those by which ``rules`` finds rows to refuse: ``INEXACT_COLUMN``, and the
    source's own ``DAY_COLUMN``.

    Parameters
    ----------
    raw : ibis table
        The table as the source holds it.
    table : Table
        What it should be.
    where : str
        The file or table, for messages.
    fetch : callable
        Executes an expression: needed only where a column is of the wrong type, to see whether it holds
        anything at all.

    Raises
    ------
    ContractError
        A column that every row needs is missing, or one has the wrong type.
    """
    return raw.select(**typed_columns(raw, table, where, fetch))


def typed_columns(raw: ir.Table, table: Table, where: str, fetch: Fetch) -> dict[str, ir.Column]:
    """What ``conform`` selects, by name."""
    refuse_missing([name for name in raw.columns if name not in (FILE_COLUMN, DAY_COLUMN)], table, where)
    typed = {
        column.name: _typed(raw[column.name], column, table, where, fetch)
        if column.name in raw.columns
        else ibis.null(_TYPES[column.kind])
        for column in table.columns
    }
    inexact = [
        (values.is_inexact(raw[column.name]), column.name)
        for column in table.columns
        if column.name in raw.columns
        and column.kind != "instant"
        and values.is_fractional(raw[column.name].type())
    ]
    if inexact:
        typed[INEXACT_COLUMN] = ibis.cases(*inexact, else_=ibis.null(dt.string))
    if DAY_COLUMN in raw.columns:
        typed[DAY_COLUMN] = raw[DAY_COLUMN]
    return typed


def refuse_missing(found: Iterable[str], table: Table, where: str) -> None:
    """Refuse a table without a column that every row needs.

    Parameters
    ----------
    found : iterable of str
        The names of the columns that it has.
    table : Table
        What it should be.
    where : str
        The file or table, for messages.

    Raises
    ------
    ContractError
        With the columns that are missing, and those found.
    """
    names = [*found]
    missing = [each.name for each in table.columns if each.name not in names and not each.nullable]
    if missing:
        several = len(missing) > 1
        raise ContractError(
            f"column{'s' if several else ''} {', '.join(missing)} of table {table.name} "
            f"{'are' if several else 'is'} missing",
            where=where,
            remedy=f"add {'them' if several else 'it'}; the columns found are {names_in_words(names)}",
        )


def _typed(value: ir.Column, column: Column, table: Table, where: str, fetch: Fetch) -> ir.Column:
    found = value.type()
    if column.kind == "instant" and values.is_instant(found):
        return values.instant(value)
    if column.kind != "instant" and values.is_text(found):
        is_one_of_few = column.values and not column.nullable and found.is_string()
        return value if is_one_of_few else values.text(value)  # blank or not, what is not one is refused
    if values.is_null(found) or not len(fetch(value.as_table().filter(values.is_given(value)).limit(1))):
        return ibis.null(_TYPES[column.kind])
    wanted, remedy = _WANTED[column.kind]
    raise ContractError(
        f"column {column.name} of table {table.name} is of type {shown(found)}, "
        f"where the contract wants {wanted}",
        where=where,
        remedy=f"write {column.name} as {remedy}",
    )


@dataclass(frozen=True)
class Rule:
    """Something that holds for every row: ``broken`` is true of the rows for which it does not.

    Of the others it is false, or null.
    """

    column: str
    what: str
    remedy: str
    broken: ir.BooleanValue


def rules(rows: ir.Table, table: Table, latest: datetime | ir.TimestampScalar) -> Iterator[Rule]:
    """What the contract says of a table's values, row by row.

    Parameters
    ----------
    rows : ibis table
        The rows that a report would use.
    table : Table
        What they are.
    latest : datetime or ibis scalar
        The last instant (naive UTC) that a row may have.
    """
    if INEXACT_COLUMN in rows.columns:
        yield from _rules_of_numbers(rows, table)
    if DAY_COLUMN in rows.columns:
        yield _rule_of_partitions(rows, table)
    for column in table.columns:
        value = rows[column.name]
        if not column.nullable:
            yield Rule(column.name, "is null", f"every row needs a {column.name}", value.isnull())
        if column.values:
            allowed = ", ".join(column.values)
            unknown = value.notin(column.values)
            yield Rule(column.name, "has an unknown value", f"write one of {allowed}", unknown)
    yield from _rules_of_future(rows, table, latest)


def runs_backwards(begins: ir.TimestampColumn, ends: ir.TimestampColumn) -> ir.BooleanColumn:
    """Whether an end is before its beginning, by more than clocks may differ; null without one of them."""
    return ends < begins - ibis.interval(seconds=int(SKEW.total_seconds()))


def _rules_of_future(rows: ir.Table, table: Table, latest: datetime | ir.TimestampScalar) -> Iterator[Rule]:
    # A parameter stands in a query that is counted alone: its words are never told.
    now = f"{latest - CLOCKS_APART:%Y-%m-%d %H:%M} UTC" if isinstance(latest, datetime) else ""
    for column in table.columns:
        if column.kind == "instant":
            yield Rule(
                column.name,
                f"is later than now ({now})",
                "write an instant that has come, or null for what has not happened yet",
                rows[column.name] > latest,
            )


def _rules_of_numbers(rows: ir.Table, table: Table) -> Iterator[Rule]:
    for column in table.columns:
        yield Rule(
            column.name,
            "is a number that has a fraction, or is too large to be exact,",
            f"write {column.name}, from where its numbers are whole, as {_AS_TEXT}",
            rows[INEXACT_COLUMN] == column.name,
        )


def _rule_of_partitions(rows: ir.Table, table: Table) -> Rule:
    """Partitions are chosen by their dates: rows that lie a day or more away from theirs may be missed."""
    day, instant = rows[DAY_COLUMN].cast(dt.timestamp), rows[table.happened_at]
    return Rule(
        cast(str, table.happened_at),  # of the tables that have partitions by day
        "is on another day than the date of the partition that holds it,",
        "put each row into the partition of its own day, by UTC or by the tenant's clock",
        (instant < day - ibis.interval(days=1)) | (instant >= day + ibis.interval(days=2)),
    )


class Reader(Protocol):
    """What checking rows needs of the source that they come from."""

    def fetch(self, expression: ir.Expr) -> pd.DataFrame: ...

    def where(self, name: str, row: pd.DataFrame | None = None) -> str: ...

    def in_file_order(self, rows: ir.Table) -> bool: ...


def measure(
    rows: ir.Table,
    table: Table,
    latest: datetime | ir.TimestampScalar,
    counts: Counts,
    *,
    may_increase: bool,
) -> ir.Table:
    """What ``check_rows`` judges, counted in one pass with what else is to be known of the rows.

    Parameters
    ----------
    rows : ibis table
        The rows that a report would use.
    table : Table
        What they should be.
    latest : datetime or ibis scalar
        The last instant (naive UTC) that a row may have.
    counts : callable
        What is counted of the rows besides.
    may_increase : bool
        Whether ids are to be held against the one before, in place of counting how many differ.

    Returns
    -------
    ibis table
        One row: ``rows``; ``ids``, at least as many where no two are the same; ``rule_0`` and so on, how many
        rows break each of the ``rules``; and the counts.
    """
    told = _beside_previous(rows, table.key) if may_increase else rows
    ids = _increasing(told, table.key) if may_increase else _distinct(told, table.key)
    broken = {
        f"rule_{number}": told.count(where=rule.broken)
        for number, rule in enumerate(rules(told, table, latest))
    }
    return told.aggregate(rows=told.count(), ids=ids, **broken, **counts(told))


def check_rows(
    found: pd.Series,
    rows: ir.Table,
    table: Table,
    source: Reader,
    latest: datetime,
    *,
    may_increase: bool,
) -> None:
    """Refuse rows that break the contract.

    Parameters
    ----------
    found : pandas.Series
        What ``measure`` gave of them.
    source : Reader
        Where they come from: ``fetch`` executes an expression, ``where`` gives a table's place.
    rows, table, latest, may_increase
        What ``measure`` was given.

    Raises
    ------
    ContractError
        With the file or table, the column and an example row.
    """
    for number, rule in enumerate(rules(rows, table, latest)):
        if found[f"rule_{number}"] > 0:
            _refuse(rule, int(found[f"rule_{number}"]), rows, table, source)
    if found["ids"] < found["rows"] and not (may_increase and _are_distinct(rows, table.key, source)):
        _refuse_duplicate(rows, table, source)


def may_increase(rows: ir.Table, table: Table, source: Reader) -> bool:
    """Whether it is worth asking if each id comes after the one before: of many rows, whose first ids do."""
    if not source.in_file_order(rows):
        return False
    first = _beside_previous(rows.select(table.key).limit(_FIRST_IDS), table.key)
    found = source.fetch(first.aggregate(rows=first.count(), ids=_increasing(first, table.key))).iloc[0]
    return bool(found["ids"] >= found["rows"])


def _distinct(rows: ir.Table, key: str) -> ir.IntegerScalar:
    """How many different ids there are; by their hashes where the engine has them, as they need less memory.

    Two ids of one hash make this number too small, which leads to an exact look, never to a wrong refusal.
    """
    ids = rows[key]
    has_hashes = values.is_duckdb(ids) or rows.get_backend().has_operation(ops.Hash)
    return (ids.hash() if has_hashes else ids).nunique()


def _are_distinct(rows: ir.Table, key: str, source: Reader) -> bool:
    found = source.fetch(rows.aggregate(rows=rows.count(), ids=_distinct(rows, key))).iloc[0]
    return found["ids"] == found["rows"]


def _beside_previous(rows: ir.Table, key: str) -> ir.Table:
    """Rows with the id of the one before each, in whatever order the engine reads them."""
    return rows.mutate(**{_PREVIOUS: rows[key].lag()})


def _increasing(rows: ir.Table, key: str) -> ir.IntegerScalar:
    """How many ids come after the one before, the first one included: m2 after m1, and m10 after both.

    Where all of them do, no two are the same, whatever the order of the rows: far less work than to count
    different ones, and no memory. Where one does not, nothing is known.
    """
    id_, previous = rows[key], rows[_PREVIOUS]
    longer = id_.length() > previous.length()
    return rows.count(where=longer | ((id_.length() == previous.length()) & (id_ > previous))) + 1


def _refuse(rule: Rule, count: int, rows: ir.Table, table: Table, source: Reader) -> None:
    broken = rows.filter(rule.broken).select(*(column.name for column in table.columns))
    example = source.fetch(broken.order_by(table.key).limit(1))
    others = f" (and in {counted(count - 1, 'more row')})" if count > 1 else ""
    raise ContractError(
        f"column {rule.column} of table {table.name} {rule.what} in row {row_in_words(example)}{others}",
        where=source.where(table.name, example),
        remedy=rule.remedy,
    )


def _refuse_duplicate(rows: ir.Table, table: Table, source: Reader) -> None:
    counted = rows.group_by(table.key).aggregate(times=rows.count())
    example = source.fetch(counted.filter(counted.times > 1).order_by(table.key).limit(1))
    if len(example):
        found = f"{shown(example[table.key][0])!r} {example['times'][0]:,} times"
        raise ContractError(
            f"column {table.key} of table {table.name} holds {found}",
            where=source.where(table.name, example[[table.key]]),
            remedy=f"the table has {table.grain}: keep one row for each {table.key}",
        )
