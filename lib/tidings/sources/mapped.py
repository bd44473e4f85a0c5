"""Sources whose tables a mapping makes: of a database, of a folder's files, or of a SQLite file."""

from dataclasses import dataclass
from pathlib import Path

import ibis
import ibis.expr.types as ir

from tidings.errors import SourceError
from tidings.sources.contract import FILE_COLUMN, Table, Window
from tidings.sources.data_file import DataFile, address, unreadable
from tidings.sources.files import FileSource, connect_duckdb
from tidings.sources.forms import Form
from tidings.sources.location import Location
from tidings.sources.mapping import View, relations_of
from tidings.sources.prepared import Relation
from tidings.sources.quoting import names_in_words, shown
from tidings.sources.sqlite import copy_tables
from tidings.sources.text_files import read_text

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
    files : FileSource or None
        The folder that they are of, which keeps rows at hand.
    """

    location: Location
    connection: ibis.BaseBackend
    views: dict[str, View]
    relations: dict[str, ir.Table]
    files: FileSource | None = None

    def has(self, table: Table) -> bool:
        return table.name in self.relations

    def read(self, table: Table, tenant_id: str, window: Window | None) -> ir.Table:
        """The view's rows: the engine itself reads no more of them than a query wants."""
        return self.relations[table.name]

    def materialize(self, rows: ir.Table) -> ir.Table:
        return self.files.materialize(rows) if self.files else rows

    def keep(self, rows: Relation) -> ir.Table | None:
        return self.files.keep(rows) if self.files else None

    def in_file_order(self, rows: ir.Table) -> bool:
        """No: a view puts its rows into an order of its own."""
        return False

    def where(self, table: Table, file: str | None = None) -> str:
        """The view's place, for messages."""
        return f"{self.views[table.name].where} (view {table.name})"


def map_files(source: FileSource, views: dict[str, View]) -> MappedSource:
    """A folder of which each file that a view reads is a table, by its name: ``tickets.csv`` is ``tickets``.

    So is each folder in it, with all its files. Columns of CSV are text, in small letters; those of JSON are
    JSON, one for each key of its objects; those of Parquet are as they are, with one for each Hive partition.

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
        _load(source.connection, [DataFile(path, name, source.folder.place_of(path)) for path in files[name]])
    relations = relations_of(views, source.connection, source.location)
    return MappedSource(source.location, source.connection, views, relations, source)


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
    return MappedSource(location, connection, views, relations)


def _load(connection: ibis.BaseBackend, files: list[DataFile]) -> None:
    def keep(rows: ir.Table) -> ir.Table:
        return connection.create_table(ibis.util.gen_name("file"), rows.drop(FILE_COLUMN))

    if files[0].form is not Form.PARQUET:
        connection.create_view(files[0].table, read_text(connection, files, None, keep))
        return
    places = [address(file.path) for file in files]
    try:
        connection.read_parquet(places, table_name=files[0].table, union_by_name=True)
    except Exception as error:  # of DuckDB, of Ibis, and of the file system
        raise unreadable(error, files[0]) from None
