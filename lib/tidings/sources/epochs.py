"""Instants kept as numbers: since 1970, in a unit that their own size shows."""

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from tidings.sources.contract import Table
from tidings.sources.values import make_timestamp_ns

_PER_SECOND = {10: 1, 13: 1_000, 16: 1_000_000, 19: 1_000_000_000}
"""How many units a second has, by the digits that instants from 2001 to 2286 have in them."""


def with_instants(rows: ir.Table, table: Table) -> ir.Table:
    """Rows of DuckDB's in which an instant is no number any more, where the unit is plain.

    It is where all numbers of a column, 10, 13, 16 or 19 digits long, are of one length; a column of others
    stays as it is, and so does one without a number.

    Parameters
    ----------
    rows : ibis table
        The rows of a file.
    table : Table
        What they are.
    """
    numbers = [
        column.name
        for column in table.columns
        if column.kind == "instant" and column.name in rows.columns and rows[column.name].type().is_numeric()
    ]
    if not numbers:
        return rows
    plain = {name: _without_nan(rows[name]) for name in numbers}
    ends = {f"{end} {name}": getattr(plain[name], end)() for name in numbers for end in ("min", "max")}
    found = rows.aggregate(**ends).to_pandas().iloc[0]
    units = {name: _unit(found[f"min {name}"], found[f"max {name}"]) for name in numbers}
    return rows.mutate(**{name: _instant(plain[name], unit) for name, unit in units.items() if unit})


@ibis.udf.scalar.builtin(signature=((dt.int64,), dt.timestamp))
def make_timestamp(value):
    """An instant from microseconds since 1970: a function of DuckDB's."""


def _without_nan(value: ir.NumericColumn) -> ir.NumericColumn:
    return value.isnan().ifelse(ibis.null(value.type()), value) if value.type().is_floating() else value


def _unit(least: float | None, most: float | None) -> int | None:
    """How many units a second has."""
    if least is None or most is None or least != least or least < 0 or most == float("inf"):
        return None
    digits = {len(str(int(least))), len(str(int(most)))}
    return _PER_SECOND.get(digits.pop()) if len(digits) == 1 else None


def _instant(value: ir.NumericColumn, per_second: int) -> ir.TimestampColumn:
    """What is finer than a microsecond is cut off; of floats, which have little that is finer, rounded."""
    if per_second == 1_000_000_000:
        nanoseconds = value.cast(dt.int64)  # of which a quotient would be a float
        return make_timestamp_ns(nanoseconds - nanoseconds % 1_000).cast(dt.timestamp)
    microseconds = value * (1_000_000 // per_second)
    if value.type().is_floating():
        microseconds = microseconds.round()
    elif value.type().is_decimal():
        microseconds = microseconds.floor()
    return make_timestamp(microseconds.cast(dt.int64))
