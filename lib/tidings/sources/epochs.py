"""Instants kept as numbers: since 1970, in a unit that their own size shows."""

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from tidings.sources.contract import Table
from tidings.sources.values import make_timestamp_ns

_PER_SECOND = {10: 1, 13: 1_000, 16: 1_000_000, 19: 1_000_000_000}
"""How many units a second has, by the digits that instants from 2001 to 2286 have in them."""
_MOST = 2**63  # which no nanosecond reaches before 2262


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
        if column.kind == "instant" and column.name in rows.columns and _is_exact(rows[column.name].type())
    ]
    if not numbers:
        return rows
    plain = {name: _in_one_type(rows[name]) for name in numbers}
    ends = {f"{end} {name}": getattr(plain[name], end)() for name in numbers for end in ("min", "max")}
    found = rows.aggregate(**ends).to_pandas().iloc[0]
    units = {name: _unit(found[f"min {name}"], found[f"max {name}"]) for name in numbers}
    return rows.mutate(**{name: _instant(plain[name], unit) for name, unit in units.items() if unit})


@ibis.udf.scalar.builtin(signature=((dt.int64,), dt.timestamp))
def make_timestamp(value):
    """An instant from microseconds since 1970: a function of DuckDB's."""


def _is_exact(kind: dt.DataType) -> bool:
    """Whether a type of numbers tells seconds apart: floats of 32 bits have one for two minutes."""
    return kind.is_numeric() and not (kind.is_float16() or kind.is_float32())


def _in_one_type(value: ir.NumericColumn) -> ir.NumericColumn:
    """Floats without NaN, and others with as many digits as any unit needs."""
    kind = value.type()
    if kind.is_floating():
        return value.isnan().ifelse(ibis.null(kind), value)
    return value.cast("decimal(29, 9)" if kind.is_decimal() or kind.is_uint64() else dt.int64)


def _unit(least: float | None, most: float | None) -> int | None:
    """How many units a second has."""
    if least is None or most is None or least != least or least < 0 or most >= _MOST:
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
