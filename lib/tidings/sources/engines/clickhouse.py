"""ClickHouse."""

import logging
import re
from pathlib import Path

import ibis

from tidings.sources.engines.address import Address
from tidings.sources.engines.engine import Engine
from tidings.sources.engines.trouble import Trouble
from tidings.sources.location import Location

_SETTINGS = {
    "session_timezone": "UTC",
    "join_use_nulls": 1,  # else what a join does not find is an empty text, and not null
    "aggregate_functions_null_for_empty": 1,
}
_TROUBLES = {
    Trouble.PASSWORD: (192, 193, 194, 516),
    Trouble.DATABASE: (81,),
    Trouble.RIGHT: (497,),
    Trouble.TABLE: (47, 60),
    Trouble.TIME: (159, 160),
    Trouble.LOST: (209, 210),
}
# What goes wrong is told by its error; else the driver would write words of its own to the console beside it.
logging.getLogger("clickhouse_connect").addHandler(logging.NullHandler())


class ClickHouse(Engine):
    """ClickHouse, by HTTP: ``clickhouse://user:password@host:8443/database?secure=True``.

    It has no state that all queries of a report could see: what is written meanwhile is in some of them.
    """

    name = "clickhouse"
    schemes = ("clickhouse",)
    extra = "clickhouse"

    def connect(self, location: Location, root: Path, time_limit: int) -> ibis.BaseBackend:
        from tidings.sources.engines.clickhouse_compiler import Compiler

        address = Address.of(location)
        given = address.given(
            host=address.host,
            port=address.port,
            user=address.user,
            password=address.password,
            database=address.path,
        )
        given["secure"] = str(given.get("secure", "")).lower() in ("true", "1")
        settings = _SETTINGS | {"max_execution_time": time_limit}
        connection = ibis.clickhouse.connect(**{"connect_timeout": 10} | given, settings=settings)
        connection.compiler = Compiler()
        return connection

    def trouble(self, error: Exception) -> Trouble | None:
        if found := re.search(r"[Cc]ode:? (\d+)", str(error)):
            code = int(found[1])
            return next((trouble for trouble, codes in _TROUBLES.items() if code in codes), None)
        return Trouble.HOST if "refused" in str(error) or "resolve" in str(error) else None
