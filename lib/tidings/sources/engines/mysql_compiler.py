"""How MySQL's queries are written, where Ibis writes them in another way."""

from typing import Any

import ibis.expr.operations as ops
import sqlglot.expressions as sge
from ibis.backends.sql.compilers.base import SQLGlotCompiler
from ibis.backends.sql.compilers.mysql import MySQLCompiler

from tidings.sources.engines.counting import CountsFromZero
from tidings.sources.engines.engine import BinaryText


class Compiler(CountsFromZero, MySQLCompiler):
    """What Ibis 12 lacks of MySQL, or has of it in another way than of other engines."""

    UNSUPPORTED_OPS = ()  # those of Ibis's compiler stay so, but what is defined here

    is_mariadb = True

    def visit_BinaryText(self, op: BinaryText, *, arg: Any) -> sge.Expression:
        """Without padding: by most collations 'acme' is 'ACME', 'acme ' and 'äcme'."""
        collation = "utf8mb4_nopad_bin" if self.is_mariadb else "utf8mb4_0900_bin"
        text = sge.cast(arg, sge.DataType(this=sge.DataType.Type.CHARACTER_SET, kind=sge.Var(this="utf8mb4")))
        return sge.Collate(this=text, expression=sge.Var(this=collation))

    def visit_Equals(self, op: ops.Equals, *, left: Any, right: Any) -> sge.Expression:
        """By the collation, which is binary: as bytes, an index would be of no use."""
        return SQLGlotCompiler.visit_Equals(self, op, left=left, right=right)

    def visit_TimestampDelta(
        self, op: ops.TimestampDelta, *, left: Any, right: Any, part: Any
    ) -> sge.Expression:
        return self.f.timestampdiff(self.v[part.this.upper()], right, left)

    def visit_TimestampTruncate(self, op: ops.TimestampTruncate, *, arg: Any, unit: Any) -> sge.Expression:
        """An instant; Ibis's is text."""
        if unit.short == "us":
            return arg
        return sge.cast(super().visit_TimestampTruncate(op, arg=arg, unit=unit), "datetime")

    def visit_RegexReplace(
        self, op: ops.RegexReplace, *, arg: Any, pattern: Any, replacement: Any
    ) -> sge.Expression:
        if not self.is_mariadb:  # it writes groups as $1
            replacement = sge.convert(replacement.this.replace("\\", "$"))
        return sge.Anonymous(this="REGEXP_REPLACE", expressions=[arg, pattern, replacement])
