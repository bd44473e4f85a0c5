"""The contract kept: a source's tables brought into its form, and rows that break it refused."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pandas as pd

from tidings.errors import ContractError
from tidings.sources.contract import TENANT_COLUMN, Column, Table
from tidings.sources.quoting import names_in_words, row_in_words, shown

_KIND_IN_WORDS = {"id": "text (ids are strings)", "instant": "a timestamp in UTC", "text": "text"}


def conform(raw: ir.Table, table: Table, where: str) -> ir.Table:
    """The contract's columns of a source's table, in order, with the contract's types.

    Parameters
    ----------
    raw : ibis table
        The table as the source holds it.
    table : Table
        What it should be.
    where : str
        The file or table, for messages.

    Raises
    ------
    ContractError
        A column is missing or has the wrong type.
    """
    return raw.select(**typed_columns(raw, table, where))


def typed_columns(raw: ir.Table, table: Table, where: str) -> dict[str, ir.Column]:
    """What ``conform`` selects, by name."""
    missing = [column.name for column in table.columns if column.name not in raw.columns]
    if missing:
        raise ContractError(
            f"column {', '.join(missing)} of table {table.name} is missing",
            where=where,
            remedy=f"add it; the columns found are {names_in_words(raw.columns)}",
        )
    return {column.name: _typed(raw[column.name], column, table, where) for column in table.columns}


def _typed(value: ir.Column, column: Column, table: Table, where: str) -> ir.Column:
    found = value.type()
    if found.is_null() and column.nullable:
        return value.cast(dt.timestamp if column.kind == "instant" else dt.string)
    if column.kind == "instant" and found.is_timestamp():
        return value.cast(dt.timestamp)
    if column.kind != "instant" and found.is_string():
        return value
    raise ContractError(
        f"column {column.name} of table {table.name} is of type {shown(found)}, where the contract wants "
        f"{_KIND_IN_WORDS[column.kind]}",
        where=where,
        remedy=f"write {column.name} as {_KIND_IN_WORDS[column.kind]}",
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


def rules(rows: ir.Table, table: Table) -> Iterator[Rule]:
    """What the contract says of a table's values, row by row."""
    for column in table.columns:
        value = rows[column.name]
        if not column.nullable:
            yield Rule(column.name, "is null", f"every row needs a {column.name}", value.isnull())
        if column.values:
            allowed = ", ".join(column.values)
            unknown = value.notin(column.values)
            yield Rule(column.name, "has an unknown value", f"write one of {allowed}", unknown)
    for earlier, later in table.ordered:
        broken = rows[later] < rows[earlier]
        yield Rule(later, f"is before {earlier}", f"mend the row: {later} is never before {earlier}", broken)


class Reader(Protocol):
    """What checking rows needs of the source that they come from."""

    def fetch(self, expression: ir.Expr) -> pd.DataFrame: ...

    def where(self, name: str, row: pd.DataFrame | None = None) -> str: ...


def check_rows(rows: ir.Table, table: Table, source: Reader) -> None:
    """Refuse rows that break the contract.

    Parameters
    ----------
    rows : ibis table
        The rows that a report would use.
    table : Table
        What they should be.
    source : Reader
        Where they come from: ``fetch`` executes an expression, ``where`` gives a table's place.

    Raises
    ------
    ContractError
        With the file or table, the column and an example row.
    """
    checked = list(rules(rows, table))
    counts = {f"rule_{number}": rows.count(where=rule.broken) for number, rule in enumerate(checked)}
    measured = rows.aggregate(rows=rows.count(), ids=_distinct(rows, table.key), **counts)
    found = source.fetch(measured).iloc[0]
    for number, rule in enumerate(checked):
        if found[f"rule_{number}"] > 0:
            _refuse(rule, int(found[f"rule_{number}"]), rows, table, source)
    if found["ids"] < found["rows"]:
        _refuse_duplicate(rows, table, source)


def _distinct(rows: ir.Table, key: str) -> ir.IntegerScalar:
    """How many different ids there are; by their hashes where the engine has them, as they need less memory.

    Two ids of one hash make this number too small, which leads to an exact look, never to a wrong refusal.
    """
    ids = rows[key]
    return (ids.hash() if rows.get_backend().has_operation(ops.Hash) else ids).nunique()


def _refuse(rule: Rule, count: int, rows: ir.Table, table: Table, source: Reader) -> None:
    example = source.fetch(rows.filter(rule.broken).order_by(table.key).limit(1))
    others = f" (and in {count - 1:,} more rows)" if count > 1 else ""
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


def empty(table: Table) -> ir.Table:
    """A table of the contract without rows."""
    types = {column.name: "timestamp" if column.kind == "instant" else "string" for column in table.columns}
    return ibis.memtable([], schema=ibis.schema({TENANT_COLUMN: "string"} | types))
