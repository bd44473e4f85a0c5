"""Sources whose tables a mapping makes: of a database, of a folder's files, or of a SQLite file."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import ibis
import ibis.expr.types as ir

from tidings.errors import SourceError
from tidings.sources.contract import Table, Window
from tidings.sources.csv_file import read_csv
from tidings.sources.data_file import DataFile, address, unreadable
from tidings.sources.files import FileSource, connect_duckdb
from tidings.sources.forms import Form
from tidings.sources.location import Location
from tidings.sources.mapping import View, relations_of
from tidings.sources.quoting import names_in_words, shown
from tidings.sources.sqlite import copy_tables

DIALECT = "duckdb"
"""The SQL of mappings over files, and over SQLite, whose tables are copied."""


@dataclass(frozen=True)
class MappedSource:
    """The contract's tables, each a query of a mapping, in an embedded DuckDB.

    Attributes
    ----------
    location : Location
        The source's address.
    connection : ibis DuckDB connection
        What executes the queries.
    views : dict
        The mapping's views, by name.
    relations : dict
        The same as tables of the connection.
    keep : callable
        What ``materialize`` does with rows.
    """

    location: Location
    connection: ibis.BaseBackend
    views: dict[str, View]
    relations: dict[str, ir.Table]
    keep: Callable[[ir.Table], ir.Table]

    def has(self, table: Table) -> bool:
        return table.name in self.relations

    def read(self, table: Table, tenant_id: str, window: Window | None) -> ir.Table:
        """The view's rows: the engine itself reads no more of them than a query wants."""
        return self.relations[table.name]

    def materialize(self, rows: ir.Table) -> ir.Table:
        return self.keep(rows)

    def in_file_order(self, rows: ir.Table) -> bool:
        """No: a view puts its rows into an order of its own."""
        return False

    def where(self, table: Table, file: str | None = None) -> str:
        """The view's place, for messages."""
        return f"{self.views[table.name].where} (view {table.name})"


def map_files(source: FileSource, views: dict[str, View]) -> MappedSource:
    """A folder of which each file that a view reads is a table, by its name: ``tickets.csv`` is ``tickets``.

    Columns of CSV are text, in small letters; those of JSON are JSON, one for each key of its objects; those
    of Parquet are as they are.

    Raises
    ------
    SourceError
        A view reads a table of which there is no file, a file cannot be read, or DuckDB refuses a view.
    """
    files = source.folder.data_files()
    for view in views.values():
        for name in view.reads:
            if name.lower() not in files:
                raise SourceError(
                    f"view {view.name} reads {shown(name)}, of which there is no file; there are "
                    f"{names_in_words(sorted(files)) or 'none'}",
                    where=view.where,
                    remedy=f"put {shown(name)}.csv, .json or .parquet into the folder, or mend the name",
                )
    for name in sorted({name.lower() for view in views.values() for name in view.reads}):
        _load(source.connection, DataFile(files[name], name, source.folder.place_of(files[name])))
    relations = relations_of(views, source.connection, source.location)
    return MappedSource(source.location, source.connection, views, relations, source.materialize)


def map_sqlite(
    location: Location, root: Path, views: dict[str, View], engine: dict[str, str]
) -> MappedSource:
    """A SQLite file, of which the tables that the views read are copied.

    Raises
    ------
    SourceError
        The file cannot be read, lacks a table, or DuckDB refuses a view.
    """
    connection = connect_duckdb(engine)
    copy_tables(location, root, views, connection)
    relations = relations_of(views, connection, location)
    return MappedSource(location, connection, views, relations, keep=lambda rows: rows)


def _load(connection: ibis.BaseBackend, file: DataFile) -> None:
    keep = partial(connection.create_table, file.table, temp=True)
    try:
        if file.form is Form.CSV:
            read_csv(connection, file, (), keep)
        elif file.form is Form.JSON:
            with file.as_utf8() as place:
                keep(connection.read_json(place, maximum_depth=1, sample_size=-1))
        else:
            connection.read_parquet(address(file.path), table_name=file.table)
    except SourceError:
        raise
    except Exception as error:  # of DuckDB, of Ibis, and of the file system
        raise unreadable(error, file) from None
