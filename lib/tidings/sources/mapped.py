"""Sources whose tables a mapping makes: of a database, of a folder's files, or of a SQLite file."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import ibis
import ibis.expr.operations as ops
import ibis.expr.schema as sch
import ibis.expr.types as ir

from tidings.errors import SourceError
from tidings.sources.contract import Table, Window
from tidings.sources.csv_file import read_csv
from tidings.sources.data_file import DataFile, address, unreadable
from tidings.sources.files import FileSource
from tidings.sources.forms import Form
from tidings.sources.location import Location
from tidings.sources.mapping import View
from tidings.sources.quoting import names_in_words, shown


@dataclass(frozen=True)
class MappedSource:
    """The contract's tables, each a query of a mapping, in the engine of the source.

    Attributes
    ----------
    location : Location
        The source's address.
    connection : ibis connection
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

    @classmethod
    def of(
        cls,
        location: Location,
        connection: ibis.BaseBackend,
        views: dict[str, View],
        keep: Callable[[ir.Table], ir.Table] = lambda rows: rows,
    ) -> "MappedSource":
        """Try each view.

        Raises
        ------
        SourceError
            The engine refuses one: with its line, and what the engine says.
        """
        relations = {name: _relation(view, connection, location) for name, view in views.items()}
        return cls(location, connection, views, relations, keep)

    def has(self, table: Table) -> bool:
        return table.name in self.relations

    def read(self, table: Table, tenant_id: str, window: Window | None) -> ir.Table:
        """The view's rows: the engine itself reads no more of them than a query wants."""
        return self.relations[table.name]

    def materialize(self, rows: ir.Table) -> ir.Table:
        return self.keep(rows)

    def where(self, table: Table, file: str | None = None) -> str:
        """The view's place, for messages."""
        return f"{self.views[table.name].where} (view {table.name})"


def open_mapped_files(source: FileSource, views: dict[str, View]) -> MappedSource:
    """A folder of which each file that a view reads is a table, by its name: ``tickets.csv`` is ``tickets``.

    Columns of CSV are text, in small letters; those of JSON are JSON, one for each key of its objects; those
    of Parquet are as they are.

    Raises
    ------
    SourceError
        A view reads a table of which there is no file, or a file cannot be read.
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
    return MappedSource.of(source.location, source.connection, views, source.materialize)


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


def _relation(view: View, connection: ibis.BaseBackend, location: Location) -> ir.Table:
    try:
        schema = _schema(view.sql, connection)
    except Exception as error:  # each engine has a family of errors of its own
        raise SourceError(
            f"the source refuses view {view.name}: {location.quote(error)}",
            where=view.where,
            remedy="mend the view; it may read what the source's user may see, in the source's own SQL",
        ) from None
    return ops.SQLQueryResult(view.sql, schema, connection).to_expr()


def _schema(sql: str, connection: ibis.BaseBackend) -> sch.Schema:
    """The columns of a query, whose rows nobody reads for it."""
    of = connection.compiler.type_mapper.from_string
    if connection.name == "duckdb":  # of version 2, which Ibis 12 does not know yet
        columns = connection.con.execute(f"DESCRIBE {sql}").fetchall()
        return sch.Schema({name: of(kind) for name, kind, *_ in columns})
    if connection.name != "postgres":
        return connection._get_schema_using_query(sql)
    # Ibis would make a view, for which a user who only reads has no right.
    with connection.con.transaction(), connection.con.cursor() as cursor:
        columns = cursor.execute(f"SELECT * FROM ({sql}) AS mapped LIMIT 0").description
        kinds = dict(
            cursor.execute(
                "SELECT oid, format_type(oid, NULL) FROM pg_type WHERE oid = ANY(%s)",
                [[column.type_code for column in columns]],
            ).fetchall()
        )
    return sch.Schema({column.name: of(kinds[column.type_code]) for column in columns})
