"""Values as the contract wants them, from what sources really hold: text, and instants in UTC."""

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.types as ir

MICROSECONDS = dt.Timestamp(scale=6)
"""The type of all instants; without its scale, some engines would keep whole seconds."""

_DIGITS_OF_DECIMALS = 18  # fit into 64 bits


def is_text(kind: dt.DataType) -> bool:
    """Whether values of a type are text, or ids that are written as text without doubt."""
    return kind.is_string() or kind.is_uuid() or kind.is_integer() or kind.is_floating() or kind.is_decimal()


def is_fractional(kind: dt.DataType) -> bool:
    """Whether numbers of a type may have a fraction, so that not every one of them is an id."""
    return kind.is_floating() or (kind.is_decimal() and kind.scale != 0)


def is_null(kind: dt.DataType) -> bool:
    """Whether a type has no value but null."""
    return kind.is_null() or _is_duckdbs(kind, '"NULL"')


def is_instant(kind: dt.DataType) -> bool:
    """Whether values of a type are instants."""
    return kind.is_timestamp() or _is_duckdbs(kind, "TIMESTAMPTZ_NS")


def is_given(value: ir.Column) -> ir.BooleanColumn:
    """Whether there is a value, of any type: neither null nor NaN nor blank."""
    kind = value.type()
    if kind.is_string():
        return _without_blanks(value).notnull()
    return _without_nan(value).notnull() if kind.is_floating() else value.notnull()


def text(value: ir.Column) -> ir.StringColumn:
    """Text, of a column of which ``is_text`` holds: null where it is blank, 1 where it is 1.0.

    A gap makes pandas keep whole numbers as floats: they are whole numbers all the same, and NaN is a gap.
    What ``is_inexact`` keeps the digits that the source has.
    """
    kind = value.type()
    if kind.is_string():
        return _without_blanks(value)
    if not is_fractional(kind):
        return value.cast(dt.string)
    number = _without_nan(value)
    whole = _whole_part(number)
    return (whole == number).ifelse(whole.cast(dt.string), number.cast(dt.string))


def is_inexact(value: ir.Column) -> ir.BooleanColumn:
    """Whether a number is no id: it has a fraction, is infinite, or so large that digits may be lost.

    False, or null, of the others; of a column of which ``is_fractional`` holds.
    """
    number = _without_nan(value)
    return _whole_part(number) != number


def instant(value: ir.Column) -> ir.TimestampColumn:
    """An instant in UTC, without zone, in microseconds: what is finer is cut off.

    Rounded, the last nanosecond of a day would be the first of the next one.
    """
    kind = value.type()
    if not (kind.is_unknown() or (kind.scale or 0) > 6):
        return value.cast(MICROSECONDS)
    if not is_duckdb(value):
        return value.truncate("us").cast(MICROSECONDS)
    nanoseconds = epoch_ns(value)  # DuckDB's own casts and its date_trunc round
    beyond = (nanoseconds % 1000 + 1000) % 1000  # instants before 1970 are negative
    return make_timestamp_ns(nanoseconds - beyond).cast(MICROSECONDS)


def is_duckdb(value: ir.Column) -> bool:
    """Whether DuckDB will compute a value: as well where the value is of no engine's table, but in memory."""
    tables = value.op().find((ops.DatabaseTable, ops.SQLQueryResult))
    return all(table.source.name == "duckdb" for table in tables)


@ibis.udf.scalar.builtin
def epoch_ns(value) -> dt.int64:
    """An instant in nanoseconds since 1970: a function of DuckDB's."""


@ibis.udf.scalar.builtin(signature=((dt.int64,), dt.Timestamp(scale=9)))
def make_timestamp_ns(value):
    """An instant from nanoseconds since 1970: a function of DuckDB's."""


def _without_blanks(value: ir.StringColumn) -> ir.StringColumn:
    is_blank = value.strip() == ""
    if is_duckdb(value):  # compares bytes, and knows from a file's statistics that this holds of none
        is_blank = (value < "!") & is_blank
    return is_blank.ifelse(ibis.null(dt.string), value)


def _without_nan(value: ir.NumericColumn) -> ir.NumericColumn:
    """A number, and null in place of NaN: before any comparison, as Parquet's statistics leave NaN out."""
    return value.isnan().ifelse(ibis.null(value.type()), value) if value.type().is_floating() else value


def _whole_part(value: ir.NumericColumn) -> ir.IntegerColumn:
    """A number without its fraction, and 0 in place of one too large to be exact, which would fit no cast."""
    kind = value.type()
    exact = 10**_DIGITS_OF_DECIMALS if kind.is_decimal() else 2**24 if kind.is_float32() else 2**53
    return (value.abs() < exact).ifelse(value, ibis.literal(0, kind)).cast(dt.int64)


def _is_duckdbs(kind: dt.DataType, name: str) -> bool:
    """Whether a type is one of DuckDB's that Ibis has no name for."""
    return kind.is_unknown() and kind.raw_type.sql("duckdb") == name
