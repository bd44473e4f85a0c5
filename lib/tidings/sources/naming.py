"""Columns by their names, as files spell them, and tables put together by them."""

import re

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

_AROUND = " \t\r\n\v\f\u00a0\ufeff\u200b"  # blanks, seen or not
_BETWEEN = re.compile(r"[\s_-]+")


def plain_name(name: str, wanted: tuple[str, ...] = ()) -> str:
    """A column's name in small letters and without blanks around it.

    ``Sent At``, ``sent-at`` and ``sentAt`` are ``sent_at``, where that is wanted.
    """
    plain = name.strip(_AROUND).lower()
    if plain in wanted:
        return plain
    joined = _BETWEEN.sub("", plain)
    return next((each for each in wanted if each.replace("_", "") == joined), plain)


def union_by_name(tables: list[ir.Table]) -> ir.Table:
    """The rows of tables that may lack some of each other's columns: these are null then."""
    types = {name: kind for table in reversed(tables) for name, kind in table.schema().items()}
    return _union([_with_columns(table, types) for table in tables])


def _with_columns(table: ir.Table, types: dict[str, dt.DataType]) -> ir.Table:
    lacking = {name: ibis.null(kind) for name, kind in types.items() if name not in table.columns}
    return table.mutate(**lacking).select(*types)


def _union(tables: list[ir.Table]) -> ir.Table:
    """Halves of halves: one after the other, a thousand would be nested too deeply for any engine."""
    if len(tables) == 1:
        return tables[0]
    half = len(tables) // 2
    return ibis.union(_union(tables[:half]), _union(tables[half:]))
