"""Rows whose columns are text, as CSV and JSON files have them all, with the contract's types."""

from collections.abc import Callable
from functools import reduce
from operator import or_

import ibis
import ibis.expr.types as ir

from tidings.errors import ContractError
from tidings.sources.contract import FILE_COLUMN, TENANT_COLUMN, Table
from tidings.sources.epochs import with_instants
from tidings.sources.quoting import row_in_words

_DAY = r"(\d{4}[-/]\d{1,2}[-/]\d{1,2})"
_TIME = r"(\d{1,2}:\d{2}(?::\d{2})?)"
_FRACTION = r"(?:[.,](\d{1,6})\d*)?"  # of a second; what is finer than a microsecond is cut off
_NAME = r"(?:\s*(?:[A-Z]{2,5}|\[[\w/+-]+\]))?"  # of the zone, behind the offset that it had: 15:00 -0500 EST
_OFFSET = rf"(?:(?i:Z|UTC|GMT)(?:\[[\w/+-]+\])?|([+-](?:0\d|1[0-5])(?::?[0-5]\d)?){_NAME})?"
_INSTANT = rf"^\s*{_DAY}[Tt ]+{_TIME}{_FRACTION}\s*{_OFFSET}\s*$"
_ZONED = "timestamp('UTC')"
_NUMBER = r"^\s*\d{10,19}(?:[.,]\d+)?\s*$"
_BAD = "bad "  # begins the name of a column that holds what is no instant
_OF_FLOATS = (".0", ",0", "e+", "E+")  # in a column of whole numbers: some were written as floats
# A whole number, as a float or not, or what stands for a gap among floats; none with zeros before, a text's.
_WHOLE = r"^\s*(-?(0|[1-9]\d*)([.,]0+|([.,]\d+)?[eE][+]\d+)?|(?i:nan|none|null|<na>|n/?a)|\s*)\s*$"


def names_of(table: Table) -> tuple[str, ...]:
    """The columns of a file that are read."""
    return (*(column.name for column in table.columns), TENANT_COLUMN)


def keep_typed(
    connection: ibis.BaseBackend, text: ir.Table, table: Table, where: Callable[[str | None], str]
) -> ir.Table:
    """Keep the contract's columns of a table of texts, and ``FILE_COLUMN``, as a table of the connection.

    Instants are as ``with_instants_of_text`` has them. Ids are text, but numbers where each of them is a
    whole number and some were written as floats. Rows without any value are left out.

    Parameters
    ----------
    connection : ibis DuckDB connection
        Its session's time zone is UTC.
    text : ibis table
        The rows; columns that the contract does not know are left out.
    table : Table
        What they should be.
    where : callable
        The place of a file, by its address, for messages; None: of the table.

    Raises
    ------
    ContractError
        A timestamp is bad.
    """
    known = [name for name in names_of(table) if name in text.columns]
    given = text.filter(reduce(or_, (text[name].notnull() for name in known)))
    parsed = _parsed(given.select(*known, FILE_COLUMN), table)
    kept = _settled(connection.create_table(ibis.util.gen_name(table.name), parsed), table, where)
    floats = {name: kept[name].replace(",", ".") for name in _columns_of_floats(kept, table)}
    return kept.mutate(**{name: value.try_cast("float64") for name, value in floats.items()})


def with_instants_of_text(rows: ir.Table, table: Table, where: Callable[[str | None], str]) -> ir.Table:
    """Rows of DuckDB's in which an instant is no text any more.

    Instants are ISO 8601, UTC where they have no offset; or, where all of a column are whole numbers of as
    many digits, seconds, milliseconds, microseconds or nanoseconds since 1970.

    Parameters
    ----------
    rows, table, where
        As for ``keep_typed``; the rows may have columns of other types too.

    Raises
    ------
    ContractError
        A timestamp is bad.
    """
    is_text = any(rows[name].type().is_string() for name in _names(table, "instant") if name in rows.columns)
    return _settled(_parsed(rows, table), table, where) if is_text else rows


def _parsed(rows: ir.Table, table: Table) -> ir.Table:
    """The rows, with instants for texts, and for each such column one more: its text, where that is none."""
    texts = [
        name for name in _names(table, "instant") if name in rows.columns and rows[name].type().is_string()
    ]
    instants = {name: _instant(rows[name]) for name in texts}
    bad = {
        _BAD + name: (parsed.isnull() & (rows[name].strip() != "")).ifelse(rows[name], None)
        for name, parsed in instants.items()
    }
    return rows.mutate(**(instants | bad))


def _settled(parsed: ir.Table, table: Table, where: Callable[[str | None], str]) -> ir.Table:
    """What ``_parsed`` gave with numbers taken for instants, and without the bad, of which there are none."""
    settled = with_instants(parsed.mutate(**_numbers_for_instants(parsed, table)), table)
    _refuse_bad_instants(settled, table, where)
    return settled.drop(*(name for name in settled.columns if name.startswith(_BAD)))


def _names(table: Table, kind: str) -> list[str]:
    return [column.name for column in table.columns if column.kind == kind]


def _instant(value: ir.StringColumn) -> ir.TimestampColumn:
    """UTC, whether the text has an offset or none: the session's own time zone is UTC."""
    direct = value.try_cast(_ZONED)
    spelled = value.re_replace(_INSTANT, r"\1 \2.\3\4").re_replace(r"[.](\D|$)", r"\1").try_cast(_ZONED)
    parsed = ibis.coalesce(direct, spelled).cast("timestamp")
    return value.re_search(_INSTANT).ifelse(parsed, ibis.null("timestamp"))


def _numbers_for_instants(kept: ir.Table, table: Table) -> dict[str, ir.DecimalColumn]:
    """Columns that are to hold instants and hold none, but a number in each row that has a value."""
    likely = [name for name in _names(table, "instant") if _BAD + name in kept.columns]
    if not likely:
        return {}
    only = {name: kept[_BAD + name].re_search(_NUMBER).all() & (kept[name].count() == 0) for name in likely}
    found = kept.aggregate(**only).to_pandas().iloc[0]
    return {
        name: kept[_BAD + name].strip().replace(",", ".").cast("decimal(29, 9)")
        for name in likely
        if found[name] is not None and bool(found[name])
    }


def _refuse_bad_instants(kept: ir.Table, table: Table, where: Callable[[str | None], str]) -> None:
    for name in _names(table, "instant"):
        if _BAD + name not in kept.columns:
            continue
        is_bad = kept[_BAD + name].notnull()
        if kept[name].type().is_timestamp():  # else they are numbers of no plain unit
            is_bad &= kept[name].isnull()
        bad = kept.filter(is_bad).limit(1).to_pandas()
        if len(bad):
            row = bad.assign(**{name: bad[_BAD + name]})[
                [column.name for column in table.columns if column.name in bad]
            ]
            raise ContractError(
                f"column {name} of table {table.name} holds a bad timestamp in row {row_in_words(row)}",
                where=where(bad[FILE_COLUMN][0]),
                remedy="write instants in UTC, such as 2026-11-09 14:03:00 or 2026-11-09T14:03:00Z",
            )


def _columns_of_floats(kept: ir.Table, table: Table) -> list[str]:
    """Ids that are whole numbers written as floats, all of them: 1.0, 1,0 or 1e+05, beside a gap or 2."""
    ids = [name for name in (*_names(table, "id"), TENANT_COLUMN) if name in kept.columns]
    if not ids:
        return []
    marks = {name: [kept[name].contains(mark).any().fill_null(False) for mark in _OF_FLOATS] for name in ids}
    some = kept.aggregate(**{name: reduce(or_, found) for name, found in marks.items()}).to_pandas()
    likely = [name for name in ids if some[name][0]]
    if not likely:
        return []
    every = kept.aggregate(**{name: kept[name].re_search(_WHOLE).all() for name in likely}).to_pandas()
    return [name for name in likely if every[name][0]]
