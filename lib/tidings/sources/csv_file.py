"""CSV files, typed by the contract: UTF-8, a first line of names, commas, quotes doubled inside quotes."""

import csv
import re
from functools import reduce
from operator import or_

import duckdb
import ibis
import ibis.expr.types as ir
from upath import UPath

from tidings.errors import ContractError, SourceError
from tidings.sources.contract import TENANT_COLUMN, Table
from tidings.sources.quoting import row_in_words, shown

_LONGEST_HEADER = 1_000_000
_INSTANT = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-](0\d|1[0-5])(:?[0-5]\d)?)?$"
_BAD = "bad "  # begins the name of a column that holds what is no instant
_OF_FLOATS = (".0", "e+", "E+")  # in a column of whole numbers: some were written as floats
# A whole number, as a float or not, or what stands for a gap among floats; none with zeros before, a text's.
_WHOLE = r"^(-?(0|[1-9]\d*)(\.0+|(\.\d+)?[eE][+]\d+)?|(?i:nan|none|null|<na>|n/?a)|\s*)$"
_LINE = re.compile(r"CSV Error on Line: (\d+)")
_FAULTS = (
    (
        re.compile(r"Expected Number of Columns: (\d+) Found: (\d+)"),
        r"has \2 values where the first line has \1 names",
    ),
    (re.compile(r"Invalid unicode"), "is not UTF-8 text"),
    (re.compile(r"unterminated quote"), "has a quote that is never closed"),
    (re.compile(r"Maximum line size"), "has a line that is too long"),
)
_REMEDY = "write the file again, whole: UTF-8, commas, one form of line end, quotes doubled inside quotes"


def read_csv(connection: ibis.BaseBackend, path: UPath, address: str, table: Table, where: str) -> ir.Table:
    """Keep the rows of a CSV file as a table of the connection: they are read many times.

    Parameters
    ----------
    connection : ibis DuckDB connection
        Its session's time zone is UTC.
    path : UPath
        The file.
    address : str
        The same, as DuckDB names it.
    table : Table
        What it should hold; columns that the contract does not know are left out. Ids are text, but
        numbers where each of them is a whole number and some were written as floats.
    where : str
        The file, for messages.

    Raises
    ------
    SourceError, ContractError
        The file is not well-formed, names none of the columns, or holds a bad timestamp.
    """
    names = _header(path, where)
    _refuse_other_columns(names, table, where)
    text = connection.read_csv(
        address,
        auto_detect=False,
        columns=dict.fromkeys(names, "VARCHAR"),
        header=True,
        delim=",",
        quote='"',
        escape='"',
        nullstr="",
    )
    try:
        kept = connection.create_table(ibis.util.gen_name(table.name), _parsed(text, table))
    except duckdb.InvalidInputException as error:
        raise _malformed(error, where) from None
    _refuse_bad_instants(kept, table, where)
    return kept.mutate(**{name: kept[name].try_cast("float64") for name in _columns_of_floats(kept, table)})


def _header(path: UPath, where: str) -> list[str]:
    try:
        with path.open("r", encoding="utf-8-sig", newline="") as file:
            names = next(csv.reader([file.readline(_LONGEST_HEADER)], strict=True), [])
    except UnicodeDecodeError:
        raise SourceError("is not UTF-8 text", where=where, remedy=_REMEDY) from None
    except csv.Error as error:
        raise SourceError(f"its first line is not CSV: {error}", where=where, remedy=_REMEDY) from None
    if not names:
        raise SourceError("is empty", where=where, remedy="write at least the line that names the columns")
    # Spreadsheets and pandas leave columns without a name, such as that of row numbers.
    return [name or f"unnamed {number}" for number, name in enumerate(names, start=1)]


def _refuse_other_columns(names: list[str], table: Table, where: str) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ContractError(
            f"its first line names column {shown(twice[0])!r} twice",
            where=where,
            remedy="give each column a name of its own",
        )
    if not set(_names(table)) & set(names):
        raise ContractError(
            f"has none of the columns of table {table.name}",
            where=where,
            remedy=f"its first line names the columns: {','.join(_names(table))}",
        )


def _parsed(text: ir.Table, table: Table) -> ir.Table:
    """The contract's columns, and for each instant one more: its text, where that is no instant."""
    known = {name: text[name] for name in (TENANT_COLUMN, *_names(table)) if name in text.columns}
    instants = {name: _instant(text[name]) for name in _names(table, "instant") if name in known}
    bad = {_BAD + name: parsed.isnull().ifelse(text[name], None) for name, parsed in instants.items()}
    return text.select(**(known | instants | bad))


def _names(table: Table, kind: str | None = None) -> list[str]:
    return [column.name for column in table.columns if kind in (None, column.kind)]


def _refuse_bad_instants(kept: ir.Table, table: Table, where: str) -> None:
    for name in _names(table, "instant"):
        if _BAD + name not in kept.columns:
            continue
        bad = kept.filter(kept[_BAD + name].notnull()).limit(1).to_pandas()
        if len(bad):
            row = bad.assign(**{name: bad[_BAD + name]})[[c for c in _names(table) if c in bad]]
            raise ContractError(
                f"column {name} of table {table.name} holds a bad timestamp in row {row_in_words(row)}",
                where=where,
                remedy="write instants in UTC, such as 2026-11-09 14:03:00 or 2026-11-09T14:03:00Z",
            )


def _instant(value: ir.StringColumn) -> ir.TimestampColumn:
    """UTC, whether the text has an offset or none: the session's own time zone is UTC."""
    parsed = value.try_cast("timestamp('UTC')").cast("timestamp")
    return value.re_search(_INSTANT).ifelse(parsed, ibis.null("timestamp"))


def _columns_of_floats(kept: ir.Table, table: Table) -> list[str]:
    """Ids that are whole numbers written as floats, all of them: 1.0, or 1e+05, beside a gap or 2."""
    ids = [name for name in (TENANT_COLUMN, *_names(table, "id")) if name in kept.columns]
    if not ids:
        return []
    marks = {name: [kept[name].contains(mark).any().fill_null(False) for mark in _OF_FLOATS] for name in ids}
    some = kept.aggregate(**{name: reduce(or_, found) for name, found in marks.items()}).to_pandas()
    likely = [name for name in ids if some[name][0]]
    if not likely:
        return []
    every = kept.aggregate(**{name: kept[name].re_search(_WHOLE).all() for name in likely}).to_pandas()
    return [name for name in likely if every[name][0]]


def _malformed(error: Exception, where: str) -> SourceError:
    told = str(error)
    what = next((found.expand(words) for fault, words in _FAULTS if (found := fault.search(told))), None)
    line = _LINE.search(told)
    place = f"{where}, line {int(line[1]):,}" if line else where
    return SourceError(what or "is not well-formed CSV", where=place, remedy=_REMEDY)
