"""The embedded default: files in a folder or an object store, read by DuckDB."""

import tempfile
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from uuid import uuid4

import duckdb
import ibis
import ibis.expr.types as ir
from upath import UPath

from tidings.sources.contract import FILE_COLUMN, TENANT_COLUMN, Table, Window
from tidings.sources.data_file import DataFile, address, unreadable
from tidings.sources.engines.duckdb import keep_in_memory
from tidings.sources.epochs import with_instants
from tidings.sources.folder import TableFolder
from tidings.sources.forms import Form
from tidings.sources.location import Location
from tidings.sources.naming import plain_name
from tidings.sources.partitions import with_partitions
from tidings.sources.prepared import Relation, relation_of, view_of_parquet
from tidings.sources.text_files import read_text
from tidings.sources.typed_text import keep_typed, names_of, with_instants_of_text

_MOST_LOOKED_AT = 32  # files of which only the statistics are read, a third of a millisecond each


@dataclass(frozen=True)
class FileSource:
    """The tables of a folder, as an embedded DuckDB reads them."""

    folder: TableFolder
    engine: dict[str, str] = field(default_factory=dict)
    _opened: dict[tuple, ir.Table] = field(default_factory=dict, repr=False, compare=False)
    _views: set[str] = field(default_factory=set, repr=False, compare=False)

    @classmethod
    def open(cls, location: Location, root: Path, engine: dict[str, str] | None = None) -> "FileSource":
        """Open a folder.

        Parameters
        ----------
        location : Location
            A path or an object-store prefix.
        root : Path
            What a path is relative to.
        engine : dict, optional
            Settings of DuckDB's: ``memory_limit``, what it may use before it spills to disk, such as ``4GB``
            or ``40%``; ``threads``.

        Raises
        ------
        SourceError
            There is no such folder, or it cannot be reached.
        """
        return cls(TableFolder.open(location, root), engine or {})

    @property
    def location(self) -> Location:
        """The folder's address."""
        return self.folder.location

    @cached_property
    def connection(self) -> ibis.BaseBackend:
        """An embedded DuckDB, begun when it is first needed."""
        connection = connect_duckdb(self.engine)
        if self.folder.is_remote:
            connection.con.register_filesystem(self.folder.path.fs)
        return connection

    def has(self, table: Table) -> bool:
        return self.folder.has(table)

    def where(self, table: Table, file: str | None = None) -> str:
        return self.folder.where(table, file)

    def read(self, table: Table, tenant_id: str, window: Window | None) -> ir.Table:
        """A table's rows, of at least the tenant and the window: its columns as the files have them."""
        paths = self.folder.files(table, tenant_id, window)
        if window:
            paths += self._misplaced(table, tenant_id, window)
        key = (table.name, *map(str, paths))
        if key not in self._opened:
            self._opened[key] = self._open(paths, table)
        return self._opened[key]

    def materialize(self, rows: ir.Table) -> ir.Table:
        """The rows in memory, unless there are too many: else each query would search the files for them."""
        kept = self.keep(relation_of(self.connection, rows))
        if kept is not None:
            return kept
        name = f"rows_{uuid4().hex}"
        self._views.add(name)
        return self.connection.create_view(name, rows)

    def keep(self, rows: Relation) -> ir.Table | None:
        """The rows in memory; None where there are too many."""
        return keep_in_memory(self.connection, rows)

    def in_file_order(self, rows: ir.Table) -> bool:
        return rows.get_name() in self._views

    def _open(self, paths: list[UPath], table: Table) -> ir.Table:
        if not paths:  # the table has partitions, of other tenants or days: whatever they hold, none is read
            return self._empty(table)
        files = [DataFile(path, table.name, self.where(table, str(path))) for path in paths]
        place = partial(self.where, table)
        if files[0].form is not Form.PARQUET:
            rows = read_text(
                self.connection, files, table, lambda text: keep_typed(self.connection, text, table, place)
            )
            return with_partitions(rows, paths, table, self.where)
        try:
            rows = with_partitions(self._read_parquet(paths, table), paths, table, self.where)
            return with_instants_of_text(with_instants(rows, table), table, place)
        except (duckdb.Error, OSError) as error:
            raise unreadable(error, DataFile(paths[0], table.name, self.where(table))) from None

    def _empty(self, table: Table) -> ir.Table:
        types = {"instant": "timestamp(6)", "id": "string", "text": "string"}
        columns = {column.name: types[column.kind] for column in table.columns}
        schema = ibis.schema({TENANT_COLUMN: "string"} | columns)
        return self.connection.create_table(f"empty_{table.name}", schema=schema, temp=True, overwrite=True)

    def _read_parquet(self, paths: list[UPath], table: Table) -> ir.Table:
        rows = view_of_parquet(self.connection, map(address, paths), file_column=FILE_COLUMN)
        plain = {plain_name(name, names_of(table)): name for name in rows.columns}
        other = {name: own for name, own in plain.items() if name in names_of(table) and name != own}
        return rows.rename(other) if other else rows

    def _misplaced(self, table: Table, tenant_id: str, window: Window) -> list[UPath]:
        """Files that hold instants of a window, although the dates of their partitions are others.

        Looked for in the statistics of the nearest files, where these cost no request; what has no
        statistics, or cannot be read, is not found.
        """
        files = (
            [] if self.folder.is_remote else self.folder.left_out(table, tenant_id, window, _MOST_LOOKED_AT)
        )
        if not files:
            return []
        begin, end = window.instants
        query = """
            SELECT DISTINCT file_name FROM parquet_metadata($files) WHERE path_in_schema = $column
            AND stats_max_value::TIMESTAMPTZ >= $begin AND stats_min_value::TIMESTAMPTZ < $end
        """
        given = {"files": [address(path) for path in files], "column": table.happened_at}
        try:
            found = self.connection.con.execute(query, given | {"begin": begin, "end": end}).fetchall()
        except duckdb.Error:
            return []
        return [path for path in files if (str(path),) in found]


def connect_duckdb(engine: dict[str, str]) -> ibis.BaseBackend:
    """An embedded DuckDB with some settings, whose time zone is UTC."""
    settings = {
        "autoinstall_known_extensions": "false",  # a report makes no request that its source does not need
        "parquet_metadata_cache": "true",  # else each query reads the footers of all files anew
        "temp_directory": _spill_folder(),
    }
    connection = ibis.duckdb.connect(**settings, **engine)
    connection.raw_sql("SET TimeZone = 'UTC'")
    return connection


def _spill_folder() -> str:
    """Where what exceeds the memory goes: of each connection its own, made and removed by DuckDB at need."""
    return str(Path(tempfile.gettempdir()) / f"tidings-{uuid4().hex}")
