"""Databases, through Ibis: the contract's tables or views in a schema, queried where they are."""

from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlsplit

import ibis
import ibis.expr.types as ir

from tidings.errors import SourceError
from tidings.sources.contract import Table, Window


@dataclass(frozen=True)
class DatabaseSource:
    """A database whose schema holds the contract's tables, or views of their names.

    The URL is Ibis's, such as ``postgres://${USER}:${PASSWORD}@host/database?schema=reports``.
    """

    SCHEMES: ClassVar[frozenset[str]] = frozenset(
        [
            "bigquery",
            "clickhouse",
            "databricks",
            "duckdb",
            "mssql",
            "mysql",
            "postgres",
            "postgresql",
            "pyspark",
            "snowflake",
            "sqlite",
            "trino",
        ]
    )

    name: str
    connection: ibis.BaseBackend
    tables: frozenset[str]

    @classmethod
    def open(cls, url: str, name: str) -> "DatabaseSource":
        """Connect.

        Parameters
        ----------
        url : str
            With its secrets.
        name : str
            The URL as the parameters write it: what messages may show.
        """
        try:
            connection = ibis.connect(url)
            if connection.name == "postgres":
                connection.raw_sql("SET TIME ZONE 'UTC'").close()
            return cls(name, connection, frozenset(connection.list_tables()))
        except Exception as error:  # each engine has a family of errors of its own
            raise SourceError(
                f"no connection to the {urlsplit(url).scheme} database ({type(error).__name__})",
                where=f"source {name}",
                remedy="see whether the address and the credentials are right, and the server is up",
            ) from None  # the engine's own message may hold the password

    def has(self, table: Table) -> bool:
        return table.name in self.tables

    def read(self, table: Table, tenant_id: str, window: Window | None) -> ir.Table:
        """The whole table: the engine itself reads no more of it than a query wants."""
        return self.connection.table(table.name)

    def where(self, table: Table) -> str:
        """The table's place, for messages."""
        return f"source {self.name}, table {table.name}"

    def fingerprint(self, tables: list[Table], tenant_id: str) -> None:
        """None: a database does not tell cheaply whether its rows have changed."""
        return
