"""What a report asks of PostgreSQL, what it keeps there, and that nothing of it stays."""

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from support.engines import create_in_postgres
from support.quick import slow_but
from support.random_rows import CLOCK_CHANGE, assert_same_numbers, random_tables
from support.tables import edition_in, edition_of, message

from tidings.errors import SourceError
from tidings.metrics import METRICS
from tidings.metrics.observations import observe
from tidings.sources.contract import TABLES
from tidings.sources.engines import postgres as engine

ZONE = "Europe/Amsterdam"
WEEK = "2026-W46"
NOON = "2026-11-10 12:00"
FROM_TABLES = re.compile(f'FROM "({"|".join(TABLES)})"')
KEPT = "SELECT relname FROM pg_class WHERE relpersistence = 't' AND relkind = 'r'"


@pytest.fixture
def url(postgres, database) -> str:
    return f"{postgres}&schema=reports"


@pytest.fixture
def log(database) -> Path:
    """The server's log, in which connections write their statements that ask for it."""
    [folder] = database.execute("SHOW data_directory").fetchone()
    return Path(folder, "log")


def stated(log: Path, begin: int) -> list[str]:
    """The statements in a log from a byte on."""
    text = log.read_bytes()[begin:].decode()
    return re.findall(r"LOG:  (?:statement|execute [^:]*): (.*(?:\n\t.*)*)", text)


def kept(edition) -> list[str]:
    """The temporary tables that the edition's own connection sees."""
    return [name for (name,) in edition.source.backend.connection.con.execute(KEPT).fetchall()]


def as_role(database, url: str, *, settings: str = "") -> str:
    """The URL by which a role connects that may read the tables, and no more."""
    database.execute("DROP ROLE IF EXISTS reader")
    database.execute("CREATE ROLE reader LOGIN")
    database.execute("GRANT USAGE ON SCHEMA reports TO reader")
    database.execute("GRANT SELECT ON ALL TABLES IN SCHEMA reports TO reader")
    if settings:
        database.execute(f"ALTER ROLE reader SET {settings}")
    return url.replace("postgres:@", "reader:@")


@pytest.fixture
def reader(database) -> Iterator[None]:
    """What is left of the role is removed."""
    yield
    database.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'reader'")
    database.execute("GRANT TEMPORARY ON DATABASE postgres TO PUBLIC")
    database.execute("DROP OWNED BY reader")
    database.execute("DROP ROLE reader")


def test_a_report_asks_few_questions_and_reads_the_tables_in_few_of_them(database, url, log, tmp_path):
    create_in_postgres(database, random_tables(seed=7))
    begin = log.stat().st_size
    logged = f"{url}&options=-c%20log_statement%3Dall"
    edition = edition_in(logged, CLOCK_CHANGE, tmp_path, time_zone=ZONE)
    for compute in METRICS:
        compute(edition)
    observe(edition)
    found = stated(log, begin)
    reading = [each for each in found if "CREATE TEMP" not in each and FROM_TABLES.search(each)]
    assert len(reading) <= 16
    assert len(found) <= 64


def test_what_is_kept_is_seen_by_nobody_else_and_gone_with_the_connection(database, url, tmp_path):
    create_in_postgres(database, random_tables(seed=7))
    edition = edition_in(url, CLOCK_CHANGE, tmp_path, time_zone=ZONE)
    assert len(kept(edition)) == 6
    assert not database.execute(KEPT).fetchall()
    edition.source.backend.connection.con.close()
    assert not database.execute(KEPT).fetchall()


@pytest.mark.parametrize(
    "settings",
    slow_but([""], ["", "default_transaction_read_only = on"]),
    ids=["no right", "replica"],
)
def test_where_no_temporary_table_can_be_made_the_numbers_are_the_same(
    database, url, reader, tmp_path, settings
):
    tables = random_tables(seed=7)
    create_in_postgres(database, tables)
    url = as_role(database, url, settings=settings)
    if not settings:
        database.execute("REVOKE TEMPORARY ON DATABASE postgres FROM PUBLIC")
    there = edition_in(url, CLOCK_CHANGE, tmp_path, time_zone=ZONE)
    assert not kept(there)
    assert_same_numbers(edition_of(tmp_path, CLOCK_CHANGE, tables, time_zone=ZONE), there)


def test_a_role_that_only_reads_keeps_rows_as_well(database, url, reader, tmp_path):
    create_in_postgres(database, random_tables(seed=7))
    url = as_role(database, url)
    assert len(kept(edition_in(url, CLOCK_CHANGE, tmp_path, time_zone=ZONE))) == 6


def test_rows_that_are_too_many_to_be_kept_are_read_where_they_are(database, url, tmp_path, monkeypatch):
    tables = random_tables(seed=8)
    create_in_postgres(database, tables)
    monkeypatch.setattr(engine, "MOST_KEPT", 40)
    there = edition_in(url, CLOCK_CHANGE, tmp_path, time_zone=ZONE)
    assert 0 < len(kept(there)) < 4
    assert_same_numbers(edition_of(tmp_path, CLOCK_CHANGE, tables, time_zone=ZONE), there)


def test_what_is_kept_outlives_a_query_that_fails(database, url, tmp_path):
    create_in_postgres(database, {"messages": [message(NOON)]})
    edition = edition_in(url, WEEK, tmp_path, services=["activity"])
    rows = edition.rows("messages")
    broken = rows.select(broken=rows.sent_at.second() / (rows.sent_at.minute() * 0))
    with pytest.raises(SourceError, match="division by zero"):
        edition.fetch(broken)
    assert len(edition.fetch(edition.rows("messages"))) == 1


def test_nothing_can_be_written_before_rows_are_kept_or_after(database, url, tmp_path):
    create_in_postgres(database, {"messages": [message(NOON)]})
    connection = edition_in(url, WEEK, tmp_path, services=["activity"]).source.backend.connection.con
    for interrupt in (connection.commit, connection.rollback):
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction), connection.transaction():
            connection.execute("DELETE FROM messages")
        interrupt()
    assert database.execute("SELECT count(*) FROM reports.messages").fetchone() == (1,)


def test_a_view_that_would_write_cannot_while_its_rows_are_kept(database, url, tmp_path):
    create_in_postgres(database, {"messages": [message(NOON)]})
    database.execute("ALTER TABLE messages RENAME TO stored")
    database.execute("CREATE TABLE seen (message_id text)")
    database.execute(
        "CREATE FUNCTION see(text) RETURNS text LANGUAGE sql VOLATILE "
        "AS 'INSERT INTO reports.seen VALUES ($1) RETURNING message_id'"
    )
    columns = ", ".join(column.name for column in TABLES["messages"].columns if column.name != "channel")
    database.execute(
        f"CREATE VIEW messages AS SELECT {columns}, reports.see(message_id) AS channel FROM stored"
    )
    with pytest.raises(SourceError, match="read-only transaction"):
        edition_in(url, WEEK, tmp_path, services=["activity"])
    assert not database.execute("SELECT * FROM seen").fetchall()


def test_numbers_and_texts_that_are_ids_are_one_where_they_are_kept(database, url, tmp_path):
    create_in_postgres(database, random_tables(seed=7))
    database.execute("UPDATE users SET user_id = substr(user_id, 2)")
    database.execute("ALTER TABLE messages ALTER user_id TYPE integer USING substr(user_id, 2)::integer")
    edition = edition_in(url, CLOCK_CHANGE, tmp_path, time_zone=ZONE)
    found = {(each["table"], each["column"]) for each in observe(edition)["references"]}
    assert ("messages", "user_id") not in found
    assert ("assignments", "user_id") in found
