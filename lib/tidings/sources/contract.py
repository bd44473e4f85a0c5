"""The data contract: the six tables that every source gives, declared once.

All instants are UTC; ids are strings. More columns are allowed and ignored.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, Protocol

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pandas as pd

from tidings.errors import ContractError
from tidings.sources.wording import names_in_words, row_in_words, shown

TENANT_COLUMN = "tenant_id"
FILE_COLUMN = "tidings_file"  # added by sources that know the file of each row


@dataclass(frozen=True)
class Column:
    """One column: what it holds, and whether it may be null.

    ``values`` names the only values allowed, where there is such a list.
    """

    name: str
    kind: Literal["id", "instant", "text"]
    nullable: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One table: its columns, its grain, and the instant that places a row in time.

    Attributes
    ----------
    key : str
        The id that no two rows share.
    happened_at : str or None
        The instant to which a period, a day or a partition refers; None for a table without one.
    ended_at : str or None
        Where a row is a stretch of time that is measured: its end, null while it lasts.
    ordered : tuple of pairs of str
        Pairs of instants of which the second is never before the first.
    judged_later : bool
        Whether rows that happened later change what a row means: a stay is handed on by a later one.
    """

    name: str
    grain: str
    key: str
    happened_at: str | None
    columns: tuple[Column, ...]
    ended_at: str | None = None
    ordered: tuple[tuple[str, str], ...] = ()
    judged_later: bool = False

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


@dataclass(frozen=True)
class Window:
    """The local days whose rows are wanted, first and last included; None: all of them."""

    first: date
    last: date

    def covers(self, day: date) -> bool:
        """Whether a partition of that day may hold rows of the window.

        A day more on either side: a partition's date may be the UTC date or the local one.
        """
        return self.first - timedelta(days=1) <= day <= self.last + timedelta(days=1)


def _id(name: str, nullable: bool = False) -> Column:
    return Column(name, "id", nullable)


def _instant(name: str, nullable: bool = False) -> Column:
    return Column(name, "instant", nullable)


def _text(name: str) -> Column:
    return Column(name, "text", nullable=True)


TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "messages",
            "one row per message",
            "message_id",
            "sent_at",
            (
                _id("message_id"),
                _id("conversation_id"),
                _id("user_id"),
                _instant("sent_at"),
                Column("direction", "text", values=("incoming", "outgoing")),
                Column("sender", "text", values=("user", "bot", "agent")),
                _id("assignment_id", nullable=True),
                _text("intent"),
                _text("language"),
                _text("channel"),
            ),
        ),
        Table(
            "conversations",
            "one row per conversation thread",
            "conversation_id",
            "started_at",
            (
                _id("conversation_id"),
                _id("user_id"),
                _instant("started_at"),
                _instant("ended_at", nullable=True),
                _text("channel"),
                _text("entry_point"),
                _text("start_flow"),
            ),
            ordered=(("started_at", "ended_at"),),
        ),
        Table(
            "users",
            "one row per end user",
            "user_id",
            "first_seen_at",
            (_id("user_id"), _instant("first_seen_at")),
        ),
        Table(
            "assignments",
            "one row per stay with the contact center",
            "assignment_id",
            "assigned_at",
            (
                _id("assignment_id"),
                _id("conversation_id"),
                _id("user_id"),
                _id("transferred_from", nullable=True),
                _text("queue"),
                _id("agent_id", nullable=True),
                Column("agent_role", "text", nullable=True, values=("support", "admin", "tech")),
                _instant("assigned_at"),
                _instant("answered_at", nullable=True),
                _instant("closed_at", nullable=True),
                _text("closing_reason"),
            ),
            ended_at="closed_at",
            judged_later=True,
            ordered=(
                ("assigned_at", "answered_at"),
                ("answered_at", "closed_at"),
                ("assigned_at", "closed_at"),
            ),
        ),
        Table(
            "agents",
            "one row per agent",
            "agent_id",
            None,
            (_id("agent_id"), _text("name"), _text("role")),
        ),
        Table(
            "agent_sessions",
            "one row per login of an agent",
            "session_id",
            "connected_at",
            (
                _id("session_id"),
                _id("agent_id"),
                _instant("connected_at"),
                _instant("disconnected_at", nullable=True),
            ),
            ended_at="disconnected_at",
            ordered=(("connected_at", "disconnected_at"),),
        ),
    )
}

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
    """Something that holds for every row: ``broken`` is true of the rows for which it does not."""

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
            broken = (value.notnull() & value.notin(column.values)).fill_null(False)
            yield Rule(column.name, "has an unknown value", f"write one of {allowed}", broken)
    for earlier, later in table.ordered:
        broken = (rows[later] < rows[earlier]).fill_null(False)
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
