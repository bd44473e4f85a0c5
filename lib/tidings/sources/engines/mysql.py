"""MySQL and MariaDB."""

import warnings
from pathlib import Path

import ibis

from tidings.sources.engines.address import Address
from tidings.sources.engines.engine import Engine
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


class MySQL(Engine):
    """MySQL 8 and MariaDB: ``mysql://user:password@host/database``. All queries of a report see one state."""

    name = "mysql"
    schemes = ("mysql", "mariadb")
    extra = "mysql"
    has_collations = True

    def connect(self, location: Location, root: Path, time_limit: int) -> ibis.BaseBackend:
        address = Address.of(location)  # first: a URL that is wrong is wrong whatever is installed
        import MySQLdb

        from tidings.sources.engines.mysql_compiler import Compiler

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
        connection.compiler = Compiler()
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
