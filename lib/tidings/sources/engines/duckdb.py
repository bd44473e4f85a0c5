"""A DuckDB file."""

from pathlib import Path
from uuid import uuid4

import ibis
import ibis.expr.types as ir

from tidings.errors import SourceError
from tidings.sources.engines.engine import MOST_KEPT, Engine
from tidings.sources.location import Location
from tidings.sources.prepared import Relation, relation_of, stored_table


class DuckDB(Engine):
    """DuckDB, in whose file tables or views lie: ``duckdb://path``. It has no limit of time.

    The rows of a report's periods are kept in its memory, and never in the file.
    """

    name = "duckdb"
    schemes = ("duckdb",)

    def connect(self, location: Location, root: Path, time_limit: int) -> ibis.BaseBackend:
        path = root / location.resolved.removeprefix("duckdb://")
        if not path.is_file():
            raise SourceError(
                "there is no such file",
                where=f"source {location.written}",
                remedy="mend the source in the parameters",
            )
        connection = ibis.duckdb.connect(path, read_only=True)
        connection.raw_sql("SET TimeZone = 'UTC'")
        return connection

    def keep(self, connection: ibis.BaseBackend, rows: ir.Table) -> ir.Table:
        kept = keep_in_memory(connection, relation_of(connection, rows))
        return rows if kept is None else kept

    def names(self, connection: ibis.BaseBackend) -> dict[str, list[str]]:
        # Ibis 12.0 cannot list those of DuckDB 2 (ibis-project/ibis#12001)
        found = connection.con.sql("SELECT schema, name FROM (SHOW ALL TABLES)").fetchall()
        names: dict[str, list[str]] = {"main": []}
        for schema, name in found:
            names.setdefault(schema, []).append(name)
        return names


def keep_in_memory(connection: ibis.BaseBackend, rows: Relation) -> ir.Table | None:
    """Rows in a temporary table of a connection to DuckDB; None where there are more than ``MOST_KEPT``."""
    name = f"rows_{uuid4().hex}"
    query = f"CREATE TEMP TABLE {name} AS FROM ({rows.sql}) LIMIT {MOST_KEPT + 1}"
    # By Ibis's own create_table it would take twice as long, and not tell how many rows there are.
    [(count,)] = connection.con.execute(query, dict(rows.values)).fetchall()
    if count <= MOST_KEPT:
        return stored_table(connection, name, rows.schema)
    connection.drop_table(name)
    return None
