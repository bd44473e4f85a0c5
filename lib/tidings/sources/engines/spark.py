"""Spark."""

from pathlib import Path

import ibis

from tidings.sources.engines.engine import Engine
from tidings.sources.location import Location


class Spark(Engine):
    """Spark SQL: ``pyspark://warehouse?spark.master=…``, with Spark's own settings after the question mark.

    It has neither a limit of time nor a state that all queries of a report could see.
    """

    name = "pyspark"
    schemes = ("pyspark",)
    extra = "spark"

    def connect(self, location: Location, root: Path, time_limit: int) -> ibis.BaseBackend:
        from tidings.sources.engines.spark_compiler import Compiler

        connection = ibis.connect(location.resolved)  # Ibis itself sets UTC
        connection.compiler = Compiler()
        return connection
