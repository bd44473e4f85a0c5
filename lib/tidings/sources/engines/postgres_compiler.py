"""How PostgreSQL's queries are written, where Ibis writes them in another way."""

from typing import Any

import sqlglot.expressions as sge
from ibis.backends.sql.compilers.postgres import PostgresCompiler

from tidings.sources.engines.engine import BinaryText


class Compiler(PostgresCompiler):
    """Compares texts by their bytes, whatever a database's collation is."""

    def visit_BinaryText(self, op: BinaryText, *, arg: Any) -> sge.Expression:
        text = sge.Cast(this=arg, to=sge.DataType.build("text"))
        return sge.Collate(this=text, expression=sge.to_identifier("C", quoted=True))
