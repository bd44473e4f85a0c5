"""How ClickHouse's queries are written, where Ibis writes them in another way."""

import ibis.expr.operations as ops
from ibis.backends.sql.compilers.clickhouse import ClickHouseCompiler


class Compiler(ClickHouseCompiler):
    """Counts what differs exactly: by Ibis's ``uniq``, two ids of one short hash are counted once."""

    SIMPLE_OPS = ClickHouseCompiler.SIMPLE_OPS | {ops.CountDistinct: "uniqExact"}
