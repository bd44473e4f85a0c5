"""PostgreSQL."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.schema as sch
import ibis.expr.types as ir

from tidings.errors import SourceError
from tidings.sources.engines.address import Address
from tidings.sources.engines.engine import MOST_KEPT, Engine
from tidings.sources.engines.trouble import Trouble
from tidings.sources.location import Location
from tidings.sources.quoting import names_in_words, shown

_IDLE = "10min"  # an edition left open in JupyterLab must not keep others from altering the tables for long

_BY_STATE = {
    "28": Trouble.PASSWORD,
    "3D": Trouble.DATABASE,
    "42501": Trouble.RIGHT,
    "42": Trouble.TABLE,
    "57014": Trouble.TIME,
    "57": Trouble.LOST,
    "25P03": Trouble.LOST,
    "08": Trouble.LOST,
}
_BY_WORDS = {  # a connection that was not made has no state
    "password": Trouble.PASSWORD,
    "authentication": Trouble.PASSWORD,
    "role": Trouble.PASSWORD,
    "pg_hba.conf": Trouble.HOST,
    "resolve": Trouble.HOST,
    "refused": Trouble.HOST,
    "timeout": Trouble.HOST,
    "database": Trouble.DATABASE,
    "closed": Trouble.LOST,
}


class Postgres(Engine):
    """PostgreSQL, and what speaks its protocol: ``postgres://user:password@host/database?schema=reports``.

    All queries of a report are of one transaction, which reads and sees one state of the database. What is
    set is set in it, so that it holds behind a pool of connections too. It is never committed: the rows of a
    report's periods are kept in temporary tables of it, and go with it.
    """

    name = "postgres"
    schemes = ("postgres", "postgresql")
    extra = "postgres"
    has_collations = True

    def connect(self, location: Location, root: Path, time_limit: int) -> ibis.BaseBackend:
        import psycopg

        from tidings.sources.engines.postgres_compiler import Compiler
        from tidings.sources.engines.postgres_connection import ReadingConnection

        address = Address.of(location)
        database, _, schema = address.path.partition("/")
        given: dict[str, Any] = {"connect_timeout": 10, "application_name": "tidings"} | address.given(
            host=address.host,
            port=address.port,
            user=address.user,
            password=address.password,
            dbname=database,
        )
        schema = given.pop("schema", schema)
        opened = ReadingConnection.connect(**given)
        opened.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection = ibis.postgres.from_connection(opened)  # its first statement begins the transaction
        connection.compiler = Compiler()
        limits = {
            "statement_timeout": f"{time_limit}s",
            "idle_in_transaction_session_timeout": _IDLE,
            **({"search_path": f'"{schema.replace(chr(34), chr(34) * 2)}"'} if schema else {}),
        }
        places = ", ".join(["set_config(%s, %s, true)"] * len(limits))
        opened.execute(f"SELECT {places}".encode(), [each for pair in limits.items() for each in pair])
        opened.begin_reading()
        if schema and not connection.current_database:
            raise _hidden(connection, schema, location)
        return connection

    def relations(self, connection: ibis.BaseBackend, names: Sequence[str]) -> dict[str, ir.Table]:
        """By one question of the catalogue; Ibis would ask three for each table."""
        query = """
            SELECT relname, attname, NOT attnotnull,
                CASE typtype WHEN 'e' THEN 'enum' ELSE format_type(atttypid, atttypmod) END
            FROM pg_catalog.pg_class JOIN pg_catalog.pg_namespace n ON n.oid = relnamespace
            JOIN pg_catalog.pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
            JOIN pg_catalog.pg_type t ON t.oid = atttypid
            WHERE relkind IN ('r', 'v', 'm', 'f', 'p') AND nspname = current_schema() AND relname = ANY(%s)
            ORDER BY relname, attnum
        """
        of = connection.compiler.type_mapper.from_string
        columns: dict[str, dict[str, dt.DataType]] = {}
        for table, column, is_nullable, kind in connection.con.execute(query, [list(names)]).fetchall():
            columns.setdefault(table, {})[column] = of(kind, nullable=is_nullable)
        return {
            name: ops.DatabaseTable(name, schema=sch.Schema(found), source=connection).to_expr()
            for name, found in columns.items()
        }

    def keep(self, connection: ibis.BaseBackend, rows: ir.Table) -> ir.Table:
        """In a temporary table, where the role may make one; it ends with the connection."""
        name = f"rows_{uuid4().hex}"
        query = connection.compile(rows.limit(MOST_KEPT + 1))
        if not connection.con.keep(name, query, MOST_KEPT):
            return rows
        place = ops.Namespace(database="pg_temp")
        return ops.DatabaseTable(name, schema=rows.schema(), source=connection, namespace=place).to_expr()

    def names(self, connection: ibis.BaseBackend) -> dict[str, list[str]]:
        query = """
            SELECT nspname, relname
            FROM pg_catalog.pg_class JOIN pg_catalog.pg_namespace n ON n.oid = relnamespace
            WHERE relkind IN ('r', 'v', 'm', 'f', 'p') AND nspname NOT LIKE 'pg!_%' ESCAPE '!'
            AND nspname <> 'information_schema' ORDER BY nspname <> current_schema(), nspname, relname
        """
        names: dict[str, list[str]] = {connection.current_database: []}
        for schema, name in connection.con.execute(query).fetchall():
            names.setdefault(schema, []).append(name)
        return names

    def trouble(self, error: Exception) -> Trouble | None:
        if state := getattr(error, "sqlstate", None):
            return next((_BY_STATE[start] for start in (state, state[:2]) if start in _BY_STATE), None)
        return next((trouble for word, trouble in _BY_WORDS.items() if word in str(error)), None)


def _hidden(connection: ibis.BaseBackend, schema: str, location: Location) -> SourceError:
    """What is wrong with a schema that a connection cannot use."""
    query = "SELECT nspname FROM pg_catalog.pg_namespace WHERE left(nspname, 3) <> 'pg_' ORDER BY nspname"
    schemas = [name for (name,) in connection.con.execute(query).fetchall()]
    if schema in schemas:
        what, remedy = f"the user may not use schema {shown(schema)}", "grant it USAGE on the schema"
    else:
        what, remedy = f"there is no schema {shown(schema)}", f"name one of {names_in_words(schemas)}"
    return SourceError(what, where=f"source {location.written}", remedy=remedy)
