"""Tables as databases of others have them, and what is said of those that cannot be read."""

import pytest
from support.tables import at, edition_in, tenant

from tidings.errors import SourceError
from tidings.sources.source import open_source

WEEK = "2026-W46"
COLUMNS = "message_id, conversation_id, user_id, sent_at, direction, sender"


@pytest.fixture
def url(postgres, database) -> str:
    return f"{postgres}&schema=reports"


def declare(ids: str, instant: str = "timestamp", text: str = "text", tenant: str = "") -> str:
    """The columns of a table of messages, whose ids, instants and texts are of other types."""
    return (
        f"{tenant} message_id {ids}, conversation_id {ids}, user_id {ids}, sent_at {instant}, "
        f"direction {text}, sender {text}, assignment_id {ids}, "
        f"intent {text}, language {text}, channel {text}"
    )


def refusal(url: str, root, **keys) -> SourceError:
    with pytest.raises(SourceError) as refused:
        open_source(tenant(url, services=["activity"], **keys), root)
    assert refused.value.remedy
    return refused.value


@pytest.mark.parametrize(
    ("kind", "given", "read"),
    [
        ("integer", "7", "7"),
        ("bigint", "9007199254740993", "9007199254740993"),
        ("numeric", "7", "7"),
        ("uuid", "'0e37df36-f698-11e6-8dd4-cb9ced3df976'", "0e37df36-f698-11e6-8dd4-cb9ced3df976"),
        ("char(3)", "'u1'", "u1"),
    ],
)
def test_ids_of_any_type_are_text(database, url, tmp_path, kind, given, read):
    database.execute(f"CREATE TABLE messages ({declare(ids=kind)})")
    values = f"{given}, {given}, {given}, '2026-11-10 12:00', 'incoming', 'user'"
    database.execute(f"INSERT INTO messages ({COLUMNS}) VALUES ({values})")
    edition = edition_in(url, WEEK, tmp_path, services=["activity"])
    found = edition.fetch(edition.rows("messages"))
    assert [found[name][0] for name in ("message_id", "conversation_id", "user_id")] == [read] * 3


def test_an_enumeration_and_a_domain_are_text(database, url, tmp_path):
    database.execute("CREATE TYPE word AS ENUM ('incoming', 'user', 'Refund')")
    database.execute("CREATE DOMAIN name AS text CHECK (length(VALUE) < 9)")
    database.execute(f"CREATE TABLE messages ({declare(ids='reports.name', text='word')})")
    values = "'m', 'c', 'u', '2026-11-10 12:00', 'incoming', 'user', 'Refund'"
    database.execute(f"INSERT INTO messages ({COLUMNS}, intent) VALUES ({values})")
    edition = edition_in(url, WEEK, tmp_path, services=["activity"])
    found = edition.fetch(edition.rows("messages"))
    assert (found["message_id"][0], found["intent"][0]) == ("m", "Refund")


@pytest.mark.parametrize(
    "made",
    [
        "CREATE MATERIALIZED VIEW messages AS SELECT * FROM stored",
        "CREATE VIEW messages AS SELECT * FROM stored",
        "CREATE TABLE messages (LIKE stored) PARTITION BY RANGE (sent_at); "
        "CREATE TABLE november PARTITION OF messages FOR VALUES FROM ('2026-11-01') TO ('2026-12-01'); "
        "INSERT INTO messages SELECT * FROM stored",
    ],
    ids=["materialized view", "view", "partitioned table"],
)
def test_whatever_rows_can_be_selected_from_is_a_table(database, url, tmp_path, made):
    database.execute(f"CREATE TABLE stored ({declare(ids='integer')})")
    database.execute(
        f"INSERT INTO stored ({COLUMNS}) VALUES (1, 1, 1, '2026-11-10 12:00', 'incoming', 'user')"
    )
    database.execute(made)
    edition = edition_in(url, WEEK, tmp_path, services=["activity"])
    assert len(edition.fetch(edition.rows("messages"))) == 1


def test_all_queries_of_a_report_see_one_state_and_none_writes(database, url, tmp_path):
    database.execute(f"CREATE TABLE messages ({declare(ids='integer')})")
    insert = f"INSERT INTO messages ({COLUMNS}) VALUES (%s, 1, 1, '2026-11-10 12:00', 'incoming', 'user')"
    database.execute(insert, [1])
    edition = edition_in(url, WEEK, tmp_path, services=["activity"])
    database.execute(insert, [2])
    assert len(edition.fetch(edition.rows("messages"))) == 1
    with pytest.raises(Exception, match="read-only transaction"):
        edition.source.backend.connection.con.execute("DELETE FROM messages")


def test_instants_are_utc_behind_any_zone_of_the_role(database, url, tmp_path):
    database.execute(f"CREATE TABLE messages ({declare(ids='integer', instant='timestamptz')})")
    database.execute("ALTER ROLE postgres SET timezone TO 'Asia/Kathmandu'")
    try:
        values = "1, 1, 1, '2026-11-10 12:00:00.123456-05', 'incoming', 'user'"
        database.execute(f"INSERT INTO messages ({COLUMNS}) VALUES ({values})")
        edition = edition_in(url, WEEK, tmp_path, services=["activity"])
        assert edition.fetch(edition.rows("messages"))["sent_at"][0] == at("2026-11-10 17:00:00.123456")
    finally:
        database.execute("ALTER ROLE postgres RESET timezone")


def test_a_query_that_takes_too_long_is_stopped_and_the_limit_named(database, url, tmp_path):
    database.execute(f"CREATE TABLE stored ({declare(ids='text')})")
    database.execute(f"INSERT INTO stored ({COLUMNS}) VALUES ('1', '1', '1', now(), 'incoming', 'user')")
    database.execute("CREATE VIEW messages AS SELECT * FROM stored WHERE pg_sleep(9) IS NOT NULL")
    told = refusal(url, tmp_path, query_time_limit=1)
    assert "statement timeout" in told.what
    assert "raise query_time_limit in the parameters" in told.remedy


def found(url: str, root) -> list[str]:
    """The ids of the tenant's messages."""
    edition = edition_in(url, WEEK, root, services=["activity"])
    return list(edition.fetch(edition.rows("messages"))["message_id"])


def guest(database, url: str) -> str:
    """The URL by which a role connects that may do nothing."""
    database.execute("DROP OWNED BY guest2" if _has_role(database, "guest2") else "CREATE ROLE guest2 LOGIN")
    return url.replace("postgres:@", "guest2:@")


def _has_role(database, name: str) -> bool:
    return bool(database.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone())


def test_a_role_without_the_right_to_read_is_told_to_be_granted_it(database, url, tmp_path):
    database.execute(f"CREATE TABLE messages ({declare(ids='text')})")
    there = guest(database, url)
    assert "may not use schema reports" in refusal(there, tmp_path).what
    database.execute("GRANT USAGE ON SCHEMA reports TO guest2")
    told = refusal(there, tmp_path)
    assert "permission denied for table messages" in told.what
    assert "grant the user SELECT" in told.remedy
    columns = f"{COLUMNS}, assignment_id, intent, language, channel"
    database.execute(
        f"ALTER TABLE messages ADD COLUMN content text; GRANT SELECT ({columns}) ON messages TO guest2"
    )
    database.execute(
        f"INSERT INTO messages ({COLUMNS}) VALUES ('1', '1', '1', '2026-11-10', 'incoming', 'user')"
    )
    assert found(there, tmp_path) == ["1"]


def test_a_schema_that_is_not_there_is_told_with_those_that_are(database, url, tmp_path):
    told = refusal(url.replace("=reports", "=report"), tmp_path)
    assert "there is no schema report" in told.what
    assert "reports" in told.remedy


def test_a_table_in_another_schema_or_another_case_is_found_and_named(database, url, postgres, tmp_path):
    database.execute(f"CREATE TABLE messages ({declare(ids='text')})")
    told = refusal(postgres, tmp_path)
    assert "there is no table messages in schema public, but there is one in reports" in told.what
    assert told.remedy == "name it in the URL: ?schema=reports"
    database.execute('ALTER TABLE messages RENAME TO "Messages"')
    told = refusal(url, tmp_path)
    assert "there is no table messages, but there is Messages" in told.what
    assert 'CREATE VIEW messages AS SELECT … FROM "Messages"' in told.remedy


def test_a_database_that_is_not_there_is_told(postgres, tmp_path):
    told = refusal(postgres.replace("/postgres?", "/absent?"), tmp_path)
    assert 'database "absent" does not exist' in told.what
    assert "names the right database" in told.remedy


@pytest.mark.parametrize(
    "address",
    [
        "postgres://u:MARK7Q/tail@127.0.0.1:5/db",
        "postgres://u:MARK7Q#x@127.0.0.1/db",
        "postgres://u:MARK7Q?x@127.0.0.1/db",
        "postgres://u:s3cr@127.0.0.1:MARK7Q/db",
        "postgres://u:1234/tail@127.0.0.1:5/db",
        "mysql://u:MARK7Q/tail@127.0.0.1:5/db",
        "clickhouse://u:MARK7Q/tail@127.0.0.1:5/db",
    ],
)
def test_no_piece_of_a_url_that_cannot_be_taken_apart_is_told(address, tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", address)
    told = refusal("${DATABASE_URL}", tmp_path)
    assert str(told).startswith("source ${DATABASE_URL}: the URL cannot be taken apart")
    assert "write / as %2F, # as %23, ? as %3F, @ as %40" in told.remedy


def test_no_piece_of_a_password_is_told_that_an_engine_took_for_something_else(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://127.0.0.1:1/${NAME}?user=MARK7Q")
    told = str(refusal("${DATABASE_URL}", tmp_path))
    assert "no connection to the database" in told
    assert "MARK7Q" not in told
    assert "127.0.0.1" not in told


def test_a_row_that_breaks_the_contract_is_still_named(database, url, tmp_path):
    database.execute(f"CREATE TABLE messages ({declare(ids='integer')})")
    database.execute(
        f"INSERT INTO messages ({COLUMNS}) VALUES (1, 1, NULL, '2026-11-10 12:00', 'incoming', 'user')"
    )
    with pytest.raises(
        SourceError, match=r"column user_id of table messages is null in row \{message_id: 1,"
    ):
        edition_in(url, WEEK, tmp_path, services=["activity"])


def test_a_server_that_goes_away_midway_is_one_error(database, url, tmp_path):
    database.execute(f"CREATE TABLE messages ({declare(ids='integer')})")
    database.execute(
        f"INSERT INTO messages ({COLUMNS}) VALUES (1, 1, 1, '2026-11-10 12:00', 'incoming', 'user')"
    )
    edition = edition_in(url, WEEK, tmp_path, services=["activity"])
    database.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    for _ in range(2):
        with pytest.raises(SourceError) as refused:
            edition.fetch(edition.rows("messages"))
        assert "cannot be read" in refused.value.what
        assert (
            refused.value.remedy == "make the report again: the connection was lost while the data were read"
        )
