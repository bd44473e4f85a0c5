"""Database engines of which each test has its own database: filled with the contract's tables."""

import atexit
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pgserver
import psycopg
import pyarrow as pa
from support.tables import arrow_table
from support.tools import missing

Fill = Callable[[dict[str, list[dict]]], str]
"""Puts rows into tables of an empty database, and gives its URL."""


def arrow_tables(tables: dict[str, list[dict]]) -> dict[str, pa.Table]:
    """Rows in the contract's types, with a column ``tenant_id`` where they have one."""
    made = {}
    for name, rows in tables.items():
        made[name] = arrow_table(name, rows)
        if any("tenant_id" in row for row in rows):
            who = pa.array([row.get("tenant_id") for row in rows], pa.string())
            made[name] = made[name].append_column("tenant_id", who)
    return made


@contextmanager
def postgres() -> Iterator[Fill]:
    """A PostgreSQL server."""
    # Not below pytest's own folder: where root runs the tests, the server's user may not go there.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = pgserver.get_server(folder, cleanup_mode="delete")
        try:
            yield lambda tables: _fill_postgres(server.get_uri(), tables)
        finally:
            server.cleanup()


def _fill_postgres(url: str, tables: dict[str, list[dict]]) -> str:
    with psycopg.connect(url, autocommit=True) as connection:
        # An edition that was read before is of a transaction, which keeps its tables from being dropped.
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        )
        connection.execute("DROP SCHEMA IF EXISTS reports CASCADE")
        connection.execute("CREATE SCHEMA reports")
        create_in_postgres(connection, tables)
    return f"{url}&schema=reports"


def create_in_postgres(connection: psycopg.Connection, tables: dict[str, list[dict]]) -> None:
    """Create tables in the schema ``reports``, and put rows into them."""
    for name, rows in arrow_tables(tables).items():
        kinds = {pa.string(): "text", pa.timestamp("us"): "timestamp"}
        columns = ", ".join(f"{each.name} {kinds[each.type]}" for each in rows.schema)
        connection.execute(f"CREATE TABLE reports.{name} ({columns})")
        places = ", ".join(["%s"] * rows.num_columns)
        with connection.cursor() as cursor:
            values = [tuple(row.values()) for row in rows.to_pylist()]
            cursor.executemany(f"INSERT INTO reports.{name} VALUES ({places})", values)


@contextmanager
def clickhouse_client(folder: str | None = None) -> Iterator[tuple[Any, str]]:
    """A client of a ClickHouse inside this process, and the folder that it keeps its data in, or is to.

    There is one folder for the process: as long as anything in it is still connected, there can be no other.
    """
    from clickhouse_connect import get_client

    folder = folder or _clickhouse_folder()
    client = get_client(interface="chdb", path=folder)
    try:
        yield client, folder
    finally:
        client.close()


@cache
def _clickhouse_folder() -> str:
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@contextmanager
def clickhouse() -> Iterator[Fill]:
    """ClickHouse inside this process."""
    with clickhouse_client() as (client, folder):

        def fill(tables: dict[str, list[dict]]) -> str:
            client.command("DROP DATABASE IF EXISTS reports")
            client.command("CREATE DATABASE reports")
            for name, rows in arrow_tables(tables).items():
                columns = ", ".join(f"{each.name} {_clickhouse_type(each)}" for each in rows.schema)
                client.command(f"CREATE TABLE reports.{name} ({columns}) ENGINE = MergeTree ORDER BY tuple()")
                if rows:
                    client.insert_arrow(f"reports.{name}", rows)
            return f"clickhouse://localhost/reports?interface=chdb&path={folder}"

        yield fill


@contextmanager
def mysql() -> Iterator[Fill]:
    """A MariaDB server, by whose collation A, a, ä and a with a blank are one."""
    try:
        import MySQLdb
    except ImportError:
        missing("MySQL's driver", "make .venv/mysql")
    server = shutil.which("mariadbd") or shutil.which("mariadbd", path="/usr/sbin")
    if not server:
        missing("MariaDB", "install the system's package mariadb-server")
    with tempfile.TemporaryDirectory() as folder:
        data, socket = Path(folder, "data"), Path(folder, "socket")
        install = ["mariadb-install-db", "--no-defaults", f"--datadir={data}", "--user=root"]
        subprocess.run(
            [*install, "--auth-root-authentication-method=normal", "--skip-test-db"],
            check=True,
            capture_output=True,
        )
        options = [f"--datadir={data}", f"--socket={socket}", "--user=root", "--skip-networking"]
        started = subprocess.Popen(
            [server, "--no-defaults", *options, "--default-time-zone=+05:45"], stderr=subprocess.DEVNULL
        )
        try:
            _wait_for(lambda: MySQLdb.connect(unix_socket=str(socket), user="root").close())
            yield lambda tables: _fill_mysql(socket, tables)
        finally:
            started.terminate()
            started.wait()


def _fill_mysql(socket: Path, tables: dict[str, list[dict]]) -> str:
    import MySQLdb

    with MySQLdb.connect(
        unix_socket=str(socket), user="root", charset="utf8mb4", autocommit=True
    ) as connection:
        cursor = connection.cursor()
        for (process,) in _rows(cursor, "SELECT id FROM information_schema.processlist WHERE user = 'root'"):
            if process != connection.thread_id():  # an edition that was read before has locks on its tables
                cursor.execute(f"KILL {process}")
        cursor.execute("DROP DATABASE IF EXISTS reports")
        cursor.execute("CREATE DATABASE reports COLLATE utf8mb4_unicode_ci")
        for name, rows in arrow_tables(tables).items():
            kinds = {pa.string(): "varchar(100)", pa.timestamp("us"): "datetime(6)"}
            columns = ", ".join(f"{each.name} {kinds[each.type]}" for each in rows.schema)
            cursor.execute(f"CREATE TABLE reports.{name} ({columns})")
            places = ", ".join(["%s"] * rows.num_columns)
            values = [tuple(row.values()) for row in rows.to_pylist()]
            cursor.executemany(f"INSERT INTO reports.{name} VALUES ({places})", values)
    return f"mysql://root@localhost/reports?unix_socket={socket}"


def _rows(cursor, query: str) -> list[tuple]:
    cursor.execute(query)
    return cursor.fetchall()


@contextmanager
def spark_session(folder: Path) -> Iterator[Any]:
    """A Spark session on this machine, whose tables lie in a folder."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        missing("Spark", "make .venv/spark")
    if not shutil.which("java"):
        missing("Java", "install a Java runtime of version 17")
    builder = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    small = {"spark.sql.shuffle.partitions": "1", "spark.sql.session.timeZone": "UTC"}
    session = builder.config(map=small).config("spark.sql.warehouse.dir", str(folder)).getOrCreate()
    try:
        yield session
    finally:
        session.stop()


@contextmanager
def spark() -> Iterator[Fill]:
    """Spark on this machine, whose tables are views of its session."""
    with tempfile.TemporaryDirectory() as folder, spark_session(Path(folder)) as session:

        def fill(tables: dict[str, list[dict]]) -> str:
            for view in session.catalog.listTables():
                session.catalog.dropTempView(view.name)
            for name, rows in arrow_tables(tables).items():
                session.createDataFrame(rows).createOrReplaceTempView(name)
            return "pyspark://"

        yield fill


def _clickhouse_type(column: pa.Field) -> str:
    return "Nullable(String)" if column.type == pa.string() else "Nullable(DateTime64(6, 'UTC'))"


def _wait_for(ready: Callable[[], None]) -> None:
    last = time.monotonic() + 60
    while True:
        try:
            return ready()
        except Exception:
            if time.monotonic() > last:
                raise
            time.sleep(0.1)


ENGINES = {"postgres": postgres, "clickhouse": clickhouse, "mysql": mysql, "pyspark": spark}
"""Each engine by Ibis's name of it."""
