import time
from datetime import date
from zoneinfo import ZoneInfo

import duckdb
import ibis
import pytest
from support.quick import slow_but
from support.random_rows import CLOCK_CHANGE, assert_same_numbers, random_tables
from support.tables import assignment, at, edition_in, edition_of, message, tenant, write_tables

from tidings.errors import ContractError, SourceError
from tidings.metrics import METRICS
from tidings.metrics.days import local_day
from tidings.metrics.intervals import by_day, length, merged
from tidings.metrics.observations import observe
from tidings.periods.clock import VARIABLE
from tidings.periods.period import Period
from tidings.review.explain import explain
from tidings.sources.contract import TABLES
from tidings.sources.engines.table import ENGINES
from tidings.sources.source import open_source


def columns(name: str, instant: str = "timestamp", tenant_type: str | None = None) -> str:
    """A table's columns as SQL declares them."""
    given = [f"{c.name} {instant if c.kind == 'instant' else 'text'}" for c in TABLES[name].columns]
    return ", ".join(([f"tenant_id {tenant_type}"] if tenant_type else []) + given)


def fill(database, name: str, rows: list[dict], target: str | None = None, **declared) -> None:
    """Create a table of the contract and put rows into it."""
    target = target or name
    database.execute(f"CREATE TABLE {target} ({columns(name, **declared)})")
    names = ["tenant_id"] * ("tenant_type" in declared) + [column.name for column in TABLES[name].columns]
    values = ", ".join(["%s"] * len(names))
    with database.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {target} ({', '.join(names)}) VALUES ({values})",
            [[row.get(column) for column in names] for row in rows],
        )


@pytest.fixture
def url(postgres, database) -> str:
    return f"{postgres}&schema=reports"


@pytest.mark.parametrize("instant", slow_but(["timestamptz"], ["timestamp", "timestamptz"]))
def test_every_number_is_the_same_in_postgresql_as_on_files(database, url, tmp_path, instant):
    database.execute("SET TIME ZONE 'UTC'")
    tables = random_tables(seed=7)
    for name, rows in tables.items():
        fill(database, name, rows, instant=instant)
    files = edition_of(tmp_path, CLOCK_CHANGE, tables, time_zone="Europe/Amsterdam")
    database_edition = edition_in(url, CLOCK_CHANGE, tmp_path, time_zone="Europe/Amsterdam")
    assert_same_numbers(files, database_edition)


def test_what_is_observed_is_the_same_in_postgresql_as_on_files(database, url, tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, "2026-11-24T12:00:00Z")
    instants = (
        "2026-11-05 03:00",
        "2026-11-16 03:00",
        "2026-11-16 09:00",
        "2026-11-16 09:00",
        "2026-11-17 10:00",
    )
    tables = random_tables(seed=11)
    tables["messages"] += [message(instant, assignment_id="7.0") for instant in instants]
    tables["assignments"] += [
        assignment("7", "2026-11-16 08:00"),
        assignment("8", "2026-11-16 08:00", None, "2027-01-01 08:00"),
    ]
    for name, rows in tables.items():
        fill(database, name, rows)
    there = observe(edition_in(url, "2026-W47", tmp_path, time_zone="America/Bogota"))
    assert there == observe(edition_of(tmp_path, "2026-W47", tables, time_zone="America/Bogota"))
    assert there["days"]["messages"]["2026-11-16"] == 2
    assert any("1.0 was written for 1" in (fault["cause"] or "") for fault in there["references"])


@pytest.mark.slow
def test_every_number_is_explained_in_postgresql_with_its_rows_and_its_own_sql(database, url, tmp_path):
    for name, rows in random_tables(seed=3).items():
        fill(database, name, rows)
    edition = edition_in(url, CLOCK_CHANGE, tmp_path, time_zone="Europe/Amsterdam")
    for compute in METRICS:
        found = explain(edition, compute.metric.name)
        assert found.agrees, found.name
        assert found.rows, found.name
        assert found.engine == "postgres"
    queries = explain(edition, "contact_center.agent_minutes").queries
    assert any("EXTRACT(epoch" in query or "DATE_TRUNC" in query for query in queries)


def test_only_the_tenants_own_rows_are_behind_its_numbers(database, url, tmp_path):
    rows = [message(NOON, tenant_id=who, message_id=f"of-{who}") for who in ("acme", "globex")]
    fill(database, "messages", rows, tenant_type="text")
    edition = edition_in(url, WEEK, tmp_path, services=["activity"], tenant_column=True)
    found = explain(edition, "activity.total_messages")
    assert [row["message_id"] for row in found.rows] == ["of-acme"]
    assert "'acme'" in found.queries[0]


WEEK = "2026-W46"
NOON = "2026-11-10 12:00:00"


def test_a_view_serves_as_a_table_and_a_table_of_another_schema_does_not(database, url, tmp_path):
    fill(database, "messages", [message(NOON), message(NOON)], target="stored")
    database.execute("CREATE VIEW messages AS SELECT * FROM stored WHERE message_id <> 'm0'")
    edition = edition_in(url, WEEK, tmp_path, services=["activity"])
    assert len(edition.fetch(edition.rows("messages"))) == 2
    assert not edition.has("users")
    database.execute("CREATE SCHEMA IF NOT EXISTS vacant")
    with pytest.raises(SourceError, match="there is no table messages"):
        open_source(tenant(url.replace("=reports", "=vacant"), services=["activity"]), tmp_path)


def test_instants_with_a_time_zone_are_read_as_utc_whatever_zone_the_server_has(database, url, tmp_path):
    database.execute("ALTER DATABASE postgres SET timezone TO 'Asia/Kathmandu'")
    try:
        fill(database, "messages", [], instant="timestamptz")
        columns = "message_id, conversation_id, user_id, sent_at, direction, sender"
        values = "'m', 'c', 'u', '2026-11-10 12:00:00-05', 'incoming', 'user'"
        database.execute(f"INSERT INTO messages ({columns}) VALUES ({values})")
        edition = edition_in(url, WEEK, tmp_path, services=["activity"])
        assert edition.fetch(edition.rows("messages"))["sent_at"][0] == at("2026-11-10 17:00:00")
    finally:
        database.execute("ALTER DATABASE postgres RESET timezone")


@pytest.mark.parametrize("kind", ["text", "varchar(9)"])
def test_only_the_tenants_rows_leave_a_shared_table(database, url, tmp_path, kind):
    stored = ["acme", "acme ", "ACME", "x' OR 1", "acme'--", "", "%", None]
    rows = [message(NOON, tenant_id=tenant_id) for tenant_id in stored]
    fill(database, "messages", rows, tenant_type=kind)
    edition = edition_in(url, WEEK, tmp_path, services=["activity"], tenant_column=True)
    assert list(edition.fetch(edition.rows("messages"))["message_id"]) == [rows[0]["message_id"]]


def test_a_number_tells_tenants_apart_as_well(database, url, tmp_path):
    rows = [message(NOON, tenant_id=number) for number in (7, 70, 7)]
    fill(database, "messages", rows, tenant_type="integer")
    edition = edition_in(url, WEEK, tmp_path, services=["activity"], tenant_column=True, id="7")
    assert len(edition.fetch(edition.rows("messages"))) == 2


@pytest.mark.parametrize("stored", ["other", "", None])
def test_rows_of_another_tenant_are_refused_where_the_source_has_one(database, url, tmp_path, stored):
    fill(database, "messages", [message(NOON, tenant_id=who) for who in ("acme", stored)], tenant_type="text")
    with pytest.raises(SourceError, match="table messages holds rows of another tenant, or of none"):
        open_source(tenant(url, services=["activity"]), tmp_path)


def test_a_bad_row_is_named_with_its_table(database, url, tmp_path):
    fill(database, "messages", [message(NOON, message_id="odd", direction="sideways")])
    with pytest.raises(ContractError) as refused:
        edition_in(url, WEEK, tmp_path, services=["activity"])
    assert "schema=reports, table messages: column direction" in str(refused.value)
    assert "{message_id: odd," in str(refused.value)


def test_a_duplicate_is_found(database, url, tmp_path):
    fill(database, "messages", [message(NOON, message_id="twin")] * 2)
    with pytest.raises(ContractError, match="column message_id of table messages holds 'twin' 2 times"):
        edition_in(url, WEEK, tmp_path, services=["activity"])


def test_a_table_that_may_not_be_read_is_one_clear_message(database, url, tmp_path):
    fill(database, "messages", [message(NOON)], target="stored")
    database.execute("CREATE VIEW messages AS SELECT *, 1 / 0 AS broken FROM stored")
    database.execute("ALTER TABLE messages RENAME TO unused")
    database.execute("CREATE VIEW messages AS SELECT * FROM unused WHERE broken = 1")
    with pytest.raises(SourceError, match="cannot be read: division by zero"):
        open_source(tenant(url, services=["activity"]), tmp_path)


def test_a_server_that_is_not_there(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_PASSWORD", "s3cret%2Fkey")
    source = "postgres://ana:${DATABASE_PASSWORD}@127.0.0.1:1/warehouse"
    with pytest.raises(SourceError) as refused:
        open_source(tenant(source), tmp_path)
    assert "source postgres://ana:${DATABASE_PASSWORD}@127.0.0.1:1/warehouse: no connection" in str(
        refused.value
    )
    assert "refused" in str(refused.value)
    assert "s3cret" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


def _reload(database) -> None:
    """Have the server read its rules again, and wait until it has: it does so when it gets round to it."""
    (before,) = database.execute("SELECT pg_conf_load_time()").fetchone()
    database.execute("SELECT pg_reload_conf()")
    while database.execute("SELECT pg_conf_load_time()").fetchone() == (before,):
        time.sleep(0.01)


def test_a_wrong_password_is_told_and_never_shown(database, postgres, tmp_path, monkeypatch):
    database.execute("DROP ROLE IF EXISTS guest")
    database.execute("CREATE ROLE guest LOGIN PASSWORD 'right'")
    rules = database.execute("SHOW hba_file").fetchone()[0]
    with open(rules) as file:
        before = file.read()
    with open(rules, "w") as file:
        file.write("local all guest scram-sha-256\n" + before)
    _reload(database)
    monkeypatch.setenv("PASSWORD", "wr0ng-one")
    source = postgres.replace("postgres:@", "guest:${PASSWORD}@")
    with pytest.raises(SourceError) as refused:
        open_source(tenant(source), tmp_path)
    assert "password authentication failed" in str(refused.value)
    assert "wr0ng-one" not in str(refused.value)


def test_a_duckdb_file_is_found_from_the_projects_folder_and_only_read(tmp_path):
    folder = write_tables(tmp_path / "files", messages=[message(NOON)])
    with duckdb.connect(tmp_path / "all.duckdb") as made:
        made.execute(f"CREATE TABLE messages AS FROM '{folder / 'messages.parquet'}'")
    edition = edition_in("duckdb://all.duckdb", WEEK, tmp_path, services=["activity"])
    assert len(edition.fetch(edition.rows("messages"))) == 1
    with pytest.raises(Exception, match="read-only"):
        edition.source.backend.connection.raw_sql("DROP TABLE messages")
    with pytest.raises(SourceError, match="there is no such file"):
        open_source(tenant("duckdb://absent.duckdb"), tmp_path)
    assert not (tmp_path / "absent.duckdb").exists()


def test_a_driver_that_is_not_installed_is_named(tmp_path):
    with pytest.raises(SourceError) as refused:
        open_source(tenant("snowflake://host/database", unverified=True), tmp_path)
    assert "no driver for snowflake is installed" in str(refused.value)
    assert 'pip install "ibis-framework[snowflake]"' in str(refused.value)


@pytest.mark.parametrize("source", ["bigquery://project/data", "trino://host/catalog", "mssql://host/data"])
def test_an_engine_that_is_not_shown_to_be_equal_is_refused_unless_the_parameters_ask_for_it(
    tmp_path, source
):
    with pytest.raises(SourceError) as refused:
        open_source(tenant(source), tmp_path)
    assert "nothing shows that" in refused.value.what
    assert "duckdb, postgres, postgresql, clickhouse, mysql, mariadb, pyspark" in refused.value.remedy
    with pytest.raises(SourceError, match="no driver for"):
        open_source(tenant(source, unverified=True), tmp_path)


@pytest.mark.parametrize("source", ["mongodb://host/db", "https://host/folder", "x://y"])
def test_an_engine_that_cannot_answer_is_refused_with_those_that_can(tmp_path, source):
    with pytest.raises(SourceError) as refused:
        open_source(tenant(source), tmp_path)
    assert "is of a kind that cannot be read" in str(refused.value)
    assert "postgres" in refused.value.remedy


@pytest.mark.parametrize("name", sorted({engine.name for engine in ENGINES.values()} - {"mysql"}))
def test_each_engine_has_the_operations_that_numbers_are_made_of(name):
    rows = ibis.table({"agent_id": "string", "begins": "timestamp", "ends": "timestamp"}, name="rows")
    zone = ZoneInfo("Europe/Amsterdam")
    period = Period("2026-10-24..2026-10-26", date(2026, 10, 24), date(2026, 10, 26), zone)
    lengths = rows.mutate(day=local_day(rows.begins, period), length=length(rows.begins, rows.ends))
    counted = lengths.group_by("day").aggregate(longest=lengths.length.max(), ids=rows.agent_id.nunique())
    for expression in (counted, by_day(merged(rows, "agent_id"), "agent_id", period)):
        assert "SELECT" in ibis.to_sql(expression, dialect=name)
