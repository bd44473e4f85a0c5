"""Engines that Ibis connects to, of which no test shows that they give equal numbers."""

from pathlib import Path

import ibis

from tidings.sources.engines.engine import Engine
from tidings.sources.location import Location


class Unverified(Engine):
    """An engine that may be tried, by Ibis's own URL, and the statement that sets UTC if it needs one."""

    is_equal = False

    def __init__(self, name: str, utc: str | None = None):
        self.name, self.schemes, self.utc = name, (name,), utc

    def connect(self, location: Location, root: Path, time_limit: int) -> ibis.BaseBackend:
        connection = ibis.connect(location.resolved)
        if self.utc:
            connection.raw_sql(self.utc)
        return connection
