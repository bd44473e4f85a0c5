"""A DuckDB file."""

from pathlib import Path

import ibis

from tidings.errors import SourceError
from tidings.sources.engines.engine import Engine
from tidings.sources.location import Location


class DuckDB(Engine):
    """DuckDB, in whose file tables or views lie: ``duckdb://path``. It has no limit of time."""

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

    def names(self, connection: ibis.BaseBackend) -> dict[str, list[str]]:
        # Ibis 12.0 cannot list those of DuckDB 2 (ibis-project/ibis#12001)
        found = connection.con.sql("SELECT schema, name FROM (SHOW ALL TABLES)").fetchall()
        names: dict[str, list[str]] = {"main": []}
        for schema, name in found:
            names.setdefault(schema, []).append(name)
        return names
