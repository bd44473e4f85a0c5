"""How Spark's queries are written, where Ibis writes them in another way."""

from ibis.backends.sql.compilers.pyspark import PySparkCompiler

from tidings.sources.engines.counting import CountsFromZero


class Compiler(CountsFromZero, PySparkCompiler):
    """Ibis's, but for how it counts."""
