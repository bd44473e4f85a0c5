"""SQLite files: the tables of one are copied into an embedded DuckDB, since SQLite has no instants."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pyarrow as pa

from tidings.errors import SourceError
from tidings.sources.location import Location
from tidings.sources.mapping import View
from tidings.sources.quoting import names_in_words, shown

_ROWS_AT_ONCE = 50_000
_INCOMING = "tidings_incoming"


def copy_tables(location: Location, root: Path, views: dict[str, View], connection: ibis.BaseBackend) -> None:
    """Copy the tables that a mapping's views read into a connection to DuckDB; the file is only read.

    A column is of whole numbers or of numbers where all its values are, and else text.

    Parameters
    ----------
    location : Location
        ``sqlite://`` and a path, relative to ``root``.
    root : Path
        The project's folder.
    views : dict
        The views.
    connection : ibis DuckDB connection
        Where the tables are to be.

    Raises
    ------
    SourceError
        There is no such file, it is no SQLite file, or it lacks a table.
    """
    path = location.sqlite_file(root)
    where = f"source {location.written}"
    if not path.is_file():
        raise SourceError("there is no such file", where=where, remedy="mend the source in the parameters")
    try:
        # DuckDB reads the rows in a thread of its own, while this one waits.
        opened = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False)
        with closing(opened) as database:
            database.execute("BEGIN")  # so that all tables are of one state
            _refuse_unknown(views, [name for (name,) in database.execute("SELECT name FROM sqlite_master")])
            for name in sorted({name for view in views.values() for name in view.reads}):
                rows = pa.RecordBatchReader.from_batches(*_rows(database, name))
                connection.con.register(_INCOMING, rows)
                connection.raw_sql(f"CREATE TEMP TABLE {_quoted(name)} AS FROM {_INCOMING}")
                connection.con.unregister(_INCOMING)
    except (sqlite3.Error, duckdb.Error) as error:
        raise SourceError(
            f"cannot be read: {location.quote(error)}",
            where=where,
            remedy="see whether it is a SQLite file, whole and not being written to",
        ) from None


def _refuse_unknown(views: dict[str, View], known: list[str]) -> None:
    for view in views.values():
        for name in view.reads:
            if name not in known:
                raise SourceError(
                    f"view {view.name} reads {shown(name)}, which is no table; there are "
                    f"{names_in_words(sorted(known)) or 'none'}",
                    where=view.where,
                    remedy="mend the name of the table",
                )


def _rows(database: sqlite3.Connection, table: str) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    quoted = _quoted(table)
    # With those that are generated, as SELECT * has them; 1 marks what a virtual table hides from it.
    told = database.execute(f"PRAGMA table_xinfo({quoted})")
    names = [name for _, name, *_, hidden in told if hidden != 1]
    schema = pa.schema([(name, _type(database, quoted, name)) for name in names])

    def batches() -> Iterator[pa.RecordBatch]:
        cursor = database.execute(f"SELECT * FROM {quoted}")
        while rows := cursor.fetchmany(_ROWS_AT_ONCE):
            columns = [
                pa.array([None if v is None else _MAKERS[field.type](v) for v in values], field.type)
                for field, values in zip(schema, zip(*rows, strict=True), strict=True)
            ]
            yield pa.RecordBatch.from_arrays(columns, schema=schema)

    return schema, batches()


def _type(database: sqlite3.Connection, table: str, column: str) -> pa.DataType:
    query = f"SELECT DISTINCT typeof({_quoted(column)}) FROM {table}"
    kinds = {kind for (kind,) in database.execute(query)} - {"null"}
    if kinds == {"integer"}:
        return pa.int64()
    return pa.float64() if kinds and kinds <= {"integer", "real"} else pa.string()


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


_MAKERS: dict[pa.DataType, Callable[[Any], Any]] = {pa.int64(): int, pa.float64(): float, pa.string(): _text}
"""What makes a value of each type of column: a whole number beside fractions may be too large to be exact."""


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
