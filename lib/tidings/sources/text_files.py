"""Files of text, CSV or JSON, as one table: one file, or thousands."""

from collections.abc import Callable

import duckdb
import ibis
import ibis.expr.types as ir

from tidings.errors import SourceError
from tidings.sources.contract import Table
from tidings.sources.csv_file import read_csv
from tidings.sources.data_file import DataFile, unreadable
from tidings.sources.forms import Form
from tidings.sources.json_file import read_json
from tidings.sources.naming import union_by_name


def read_text(
    connection: ibis.BaseBackend,
    files: list[DataFile],
    table: Table | None,
    keep: Callable[[ir.Table], ir.Table],
) -> ir.Table:
    """Keep the rows of files of one form, CSV or JSON, as one table.

    They are read together where that can be; else half of them, and then the other half, down to the one file
    that is at fault, or is in another encoding.

    Parameters
    ----------
    connection, files, table, keep
        As for ``read_csv`` and ``read_json``.

    Raises
    ------
    SourceError, ContractError
        A file cannot be read, or what its reader or ``keep`` raises.
    """
    read = read_csv if files[0].form is Form.CSV else read_json
    if len(files) == 1:
        try:
            return read(connection, files, table, keep)
        except (duckdb.Error, OSError) as error:
            raise unreadable(error, files[0]) from None
    try:
        if all(file.is_utf8 for file in files):
            return read(connection, files, table, keep)
    except (SourceError, duckdb.Error, OSError):
        pass
    half = len(files) // 2
    halves = [read_text(connection, some, table, keep) for some in (files[:half], files[half:])]
    # Of JSON without rows nobody knows the columns: it is given all, and the others would seem to lack some.
    return union_by_name([rows for rows in halves if rows.limit(1).count().to_pandas()] or halves[:1])
