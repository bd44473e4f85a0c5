"""The engines, by how a URL of theirs begins.

Every report imports all of them: the compiler of each, and its driver, are imported when it is connected to.
"""

from tidings.sources.engines.clickhouse import ClickHouse
from tidings.sources.engines.duckdb import DuckDB
from tidings.sources.engines.engine import Engine
from tidings.sources.engines.mysql import MySQL
from tidings.sources.engines.postgres import Postgres
from tidings.sources.engines.spark import Spark
from tidings.sources.engines.unverified import Unverified

ENGINES: dict[str, Engine] = {
    scheme: engine
    for engine in (
        DuckDB(),
        Postgres(),
        ClickHouse(),
        MySQL(),
        Spark(),
        Unverified("athena"),
        Unverified("bigquery"),  # its instants are UTC
        Unverified("databricks", "SET TIME ZONE 'UTC'"),
        Unverified("mssql"),
        Unverified("snowflake", "ALTER SESSION SET TIMEZONE = 'UTC'"),
        Unverified("trino", "SET TIME ZONE 'UTC'"),
    )
    for scheme in engine.schemes
}

EQUAL = tuple(scheme for scheme, engine in ENGINES.items() if engine.is_equal)
"""Those of engines of which the tests show that every number is the same as on files."""
