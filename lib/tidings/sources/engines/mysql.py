"""MySQL and MariaDB."""

import warnings
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.operations as ops
import sqlglot.expressions as sge
from ibis.backends.sql.compilers.base import SQLGlotCompiler
from ibis.backends.sql.compilers.mysql import MySQLCompiler

from tidings.sources.engines.address import Address
from tidings.sources.engines.counting import CountsFromZero
from tidings.sources.engines.engine import BinaryText, Engine
from tidings.sources.engines.trouble import Trouble
from tidings.sources.location import Location

_TROUBLES = {
    Trouble.PASSWORD: (1045, 1698, 1251, 2059),
    Trouble.HOST: (1130, 2002, 2003, 2005, 1040),
    Trouble.DATABASE: (1044, 1049),
    Trouble.RIGHT: (1142, 1143, 1370),
    Trouble.TABLE: (1054, 1146, 1356),
    Trouble.TIME: (1969, 3024),
    Trouble.LOST: (2006, 2013, 1053, 1927),
}


class _Compiler(CountsFromZero, MySQLCompiler):
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


class MySQL(Engine):
    """MySQL 8 and MariaDB: ``mysql://user:password@host/database``. All queries of a report see one state."""

    name = "mysql"
    schemes = ("mysql", "mariadb")
    extra = "mysql"
    has_collations = True

    def connect(self, location: Location, root: Path, time_limit: int) -> ibis.BaseBackend:
        address = Address.of(location)  # first: a URL that is wrong is wrong whatever is installed
        import MySQLdb

        given = address.given(
            host=address.host,
            port=address.port,
            user=address.user,
            password=address.password,
            database=address.path,
        )
        opened = MySQLdb.connect(
            **{"connect_timeout": 10} | given,
            charset="utf8mb4",
            autocommit=True,
            init_command="SET SESSION time_zone = '+00:00'",
        )
        with warnings.catch_warnings():  # Ibis sets UTC by a name that not every server knows
            warnings.simplefilter("ignore")
            connection = ibis.mysql.from_connection(opened)
        connection.compiler = _Compiler()
        connection.compiler.is_mariadb = "mariadb" in opened.get_server_info().lower()
        is_mariadb = connection.compiler.is_mariadb
        limit = (
            f"max_statement_time = {time_limit}"
            if is_mariadb
            else f"max_execution_time = {time_limit * 1000}"
        )
        for statement in (
            f"SET SESSION {limit}",
            "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
            "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
        ):
            connection.raw_sql(statement).close()
        return connection

    def names(self, connection: ibis.BaseBackend) -> dict[str, list[str]]:
        query = """
            SELECT table_schema, table_name FROM information_schema.tables
            ORDER BY table_schema <> database(), table_schema, table_name
        """
        names: dict[str, list[str]] = {connection.current_database: []}
        with connection.raw_sql(query) as cursor:
            for schema, name in cursor.fetchall():
                names.setdefault(schema, []).append(name)
        return names

    def trouble(self, error: Exception) -> Trouble | None:
        code = error.args[0] if error.args else None
        return next((trouble for trouble, codes in _TROUBLES.items() if code in codes), None)
