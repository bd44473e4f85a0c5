"""What several of Ibis's compilers have in a way of their own."""

from typing import Any

import ibis.expr.operations as ops
import sqlglot.expressions as sge
from ibis.backends.sql.compilers.base import NULL, STAR, SQLGlotCompiler


class CountsFromZero(SQLGlotCompiler):
    """Counts rows of which something holds, and says 0 where there is none: a sum of them would be null."""

    def visit_CountStar(self, op: ops.CountStar, *, arg: Any, where: Any) -> sge.Expression:
        return self.f.count(STAR if where is None else self.if_(where, 1, NULL))
