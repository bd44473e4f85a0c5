"""Databases, through Ibis: the contract's tables or views in a schema, queried where they are."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import ibis
import ibis.expr.types as ir

from tidings.errors import SourceError
from tidings.sources.contract import Table, Window
from tidings.sources.location import Location

# The session's zone, in which an engine tells a timestamp with time zone as one without.
_UTC = {
    "clickhouse": "SET session_timezone = 'UTC'",
    "databricks": "SET TIME ZONE 'UTC'",
    "duckdb": "SET TimeZone = 'UTC'",
    "postgres": "SET TIME ZONE 'UTC'",
    "pyspark": "SET TIME ZONE 'UTC'",
    "snowflake": "ALTER SESSION SET TIMEZONE = 'UTC'",
}


@dataclass(frozen=True)
class DatabaseSource:
    """A database whose schema holds the contract's tables, or views of their names.

    The URL is Ibis's, such as ``postgres://${USER}:${PASSWORD}@host/database?schema=reports``; a DuckDB
    file is ``duckdb://path``. Engines for which Ibis has no median or no difference of instants (MySQL,
    SQLite, Trino, SQL Server, BigQuery) cannot answer a report's questions.
    """

    SCHEMES: ClassVar[frozenset[str]] = frozenset([*_UTC, "postgresql"])

    location: Location
    connection: ibis.BaseBackend
    tables: frozenset[str]

    @classmethod
    def open(cls, location: Location, root: Path) -> "DatabaseSource":
        """Connect.

        Parameters
        ----------
        location : Location
            The URL.
        root : Path
            What the path of a database in a file is relative to.

        Raises
        ------
        SourceError
            There is no driver, no server, or no admittance.
        """
        try:
            connection = _connect(location, root)
            return cls(location, connection, _tables(connection))
        except ImportError:
            raise SourceError(
                f"no driver for {location.scheme} is installed",
                where=f"source {location.written}",
                remedy=f'pip install "ibis-framework[{location.scheme.replace("postgresql", "postgres")}]"',
            ) from None
        except Exception as error:  # each engine has a family of errors of its own
            raise SourceError(
                f"no connection to the database: {location.quote(error)}",
                where=f"source {location.written}",
                remedy="see whether the address and the credentials are right, and the server is up; in "
                "a user's name and password write / as %2F, # as %23, ? as %3F and @ as %40",
            ) from None  # the engine's own error may hold the password

    def has(self, table: Table) -> bool:
        return table.name in self.tables

    def read(self, table: Table, tenant_id: str, window: Window | None) -> ir.Table:
        """The whole table: the engine itself reads no more of it than a query wants."""
        return self.connection.table(table.name)

    def materialize(self, rows: ir.Table) -> ir.Table:
        """The rows where they are: a database is read, and nothing is made in it, not even a view."""
        return rows

    def where(self, table: Table, file: str | None = None) -> str:
        """The table's place, for messages."""
        return f"source {self.location.written}, table {table.name}"


def _connect(location: Location, root: Path) -> ibis.BaseBackend:
    if location.scheme == "duckdb":
        path = root / location.resolved.removeprefix("duckdb://")
        connection = ibis.duckdb.connect(path, read_only=True)
    else:
        connection = ibis.connect(location.resolved)
    connection.raw_sql(_UTC[connection.name])
    return connection


def _tables(connection: ibis.BaseBackend) -> frozenset[str]:
    if connection.name == "duckdb":  # Ibis 12.0 cannot list those of DuckDB 2 (ibis-project/ibis#12001)
        return frozenset(name for (name,) in connection.con.sql("SHOW TABLES").fetchall())
    return frozenset(connection.list_tables())
