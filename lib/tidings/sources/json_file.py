"""JSON files: an object for each row, in a list or one after the other."""

import re
from collections.abc import Callable
from contextlib import ExitStack

import duckdb
import ibis
import ibis.expr.types as ir

from tidings.errors import ContractError, SourceError
from tidings.sources.checks import refuse_missing
from tidings.sources.contract import FILE_COLUMN, Table
from tidings.sources.data_file import DataFile
from tidings.sources.forms import has_lines
from tidings.sources.quoting import names_in_words
from tidings.sources.typed_text import names_of

_PLACE = re.compile(r"in (?:line|record/value) (\d+)")
_NO_TEXT = "UTF-8"
_FAULTS = (
    ("but got", "holds something else than objects, each a row with its columns by name"),
    ("unexpected end", "is cut short"),
)
_EVERY_KEY = {  # and each file is looked at, not the first few alone
    "maximum_depth": 1, "sample_size": -1, "maximum_sample_files": 2**31 - 1, "union_by_name": True,
}  # fmt: skip
_KEYS = (
    "SELECT DISTINCT unnest(json_keys(json)) AS name FROM read_json_objects($places) ORDER BY name LIMIT 99"
)


def read_json(
    connection: ibis.BaseBackend,
    files: list[DataFile],
    table: Table | None,
    keep: Callable[[ir.Table], ir.Table],
) -> ir.Table:
    """Keep the rows of JSON files as one table: they are read once, and wanted many times.

    Each is a list of objects, or has one object after the other, as on a line each. A column that no row has
    is none; text is as it stands, numbers are as written, and what is nested is JSON.

    Parameters
    ----------
    connection : ibis DuckDB connection
        What reads the files.
    files : list of DataFile
        The files; of several, each is UTF-8.
    table : Table or None
        The contract's table that they hold, whose columns are text. None: a table of another kind, with a
        column of JSON for each key.
    keep : callable
        Makes a table that is kept of one with these columns and ``FILE_COLUMN``.

    Raises
    ------
    SourceError, ContractError
        A file is not well-formed, or has rows, but lacks columns; or what ``keep`` raises.
    """
    for file in files:
        if not file.beginning().strip() and not has_lines(file.path.name):
            raise SourceError(
                "is empty", where=file.where, remedy="write a list of rows, [] if there are none"
            )
    columns = {"columns": dict.fromkeys(names_of(table), "VARCHAR")} if table else _EVERY_KEY
    with ExitStack() as copies:
        places = [copies.enter_context(file.as_utf8()) for file in files]
        try:
            rows = connection.read_json(places, filename=FILE_COLUMN, **columns)
            if len(files) == 1:  # which may be read from a copy
                rows = rows.mutate(**{FILE_COLUMN: ibis.literal(str(files[0].path))})
            return keep(_there(connection, rows, table, places, files[0]) if table else rows)
        except (duckdb.InvalidInputException, duckdb.ConversionException) as error:
            raise _malformed(error, files[0]) from None


def _there(
    connection: ibis.BaseBackend, rows: ir.Table, table: Table, places: list[str], file: DataFile
) -> ir.Table:
    """The columns that some row has; all of them where there is no row."""
    some = rows.aggregate(**{name: rows[name].count() for name in names_of(table)}, rows=rows.count())
    counts = some.to_pandas().iloc[0]
    there = [name for name in names_of(table) if counts[name] or not counts["rows"]]
    if not {column.name for column in table.columns if not column.nullable} <= {*there}:
        keys = [name for (name,) in connection.con.execute(_KEYS, {"places": places}).fetchall()]
        if not there:
            raise ContractError(
                f"none of its rows has a column of table {table.name}; they have "
                f"{names_in_words(keys) or 'none'}",
                where=file.where,
                remedy=f"write each row as an object with the columns {', '.join(names_of(table))}",
            )
        refuse_missing([*there, *(key for key in keys if key not in there)], table, file.where)
    return rows.select(*there, FILE_COLUMN)


def _malformed(error: Exception, file: DataFile) -> SourceError:
    told = str(error)
    place = _PLACE.search(told)
    where = f"{file.where}, near row {int(place[1]):,}" if place else file.where
    if _NO_TEXT in told:
        return file.no_text(where)
    what = next((words for sign, words in _FAULTS if sign in told), "is not well-formed JSON")
    return SourceError(
        what,
        where=where,
        remedy="write the file again, whole: UTF-8, an object for each row, in a list or a line each",
    )
