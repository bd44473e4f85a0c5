"""JSON files: an object for each row, in a list or one after the other."""

import re
from collections.abc import Callable

import duckdb
import ibis
import ibis.expr.types as ir

from tidings.errors import ContractError, SourceError
from tidings.sources.data_file import DataFile
from tidings.sources.forms import has_lines

_PLACE = re.compile(r"in (?:line|record/value) (\d+)")
_FAULTS = (
    ("but got", "holds something else than objects, each a row with its columns by name"),
    ("UTF-8", "is not UTF-8 text"),
    ("unexpected end", "is cut short"),
)


def read_json(
    connection: ibis.BaseBackend,
    file: DataFile,
    wanted: tuple[str, ...],
    keep: Callable[[ir.Table], ir.Table],
) -> ir.Table:
    """Keep the rows of a JSON file: they are read once, and wanted many times.

    It is a list of objects, or has one object after the other, as on a line each. A column that no row has is
    none; text is as it stands, numbers are as written, and what is nested is JSON.

    Parameters
    ----------
    connection : ibis DuckDB connection
        What reads the file.
    file : DataFile
        The file.
    wanted : tuple of str
        The names of columns.
    keep : callable
        Makes a table that is kept of one whose columns are text.

    Raises
    ------
    SourceError, ContractError
        The file is not well-formed, or has rows, but none of the columns; or what ``keep`` raises.
    """
    if not file.beginning().strip() and not has_lines(file.path.name):
        raise SourceError("is empty", where=file.where, remedy="write a list of rows, [] if there are none")
    with file.as_utf8() as address:
        try:
            text = connection.read_json(address, columns=dict.fromkeys(wanted, "VARCHAR"))
            some = text.aggregate(**{name: text[name].count() for name in wanted}, rows=text.count())
            counts = some.to_pandas().iloc[0]
            there = [name for name in wanted if counts[name] or not counts["rows"]]
            if not there:
                raise ContractError(
                    f"none of its rows has a column of table {file.table}",
                    where=file.where,
                    remedy=f"write each row as an object with the columns {', '.join(wanted)}",
                )
            return keep(text.select(*there))
        except (duckdb.InvalidInputException, duckdb.ConversionException) as error:
            raise _malformed(error, file.where) from None


def _malformed(error: Exception, where: str) -> SourceError:
    told = str(error)
    what = next((words for sign, words in _FAULTS if sign in told), "is not well-formed JSON")
    place = _PLACE.search(told)
    return SourceError(
        what,
        where=f"{where}, near row {int(place[1]):,}" if place else where,
        remedy="write the file again, whole: UTF-8, an object for each row, in a list or a line each",
    )
