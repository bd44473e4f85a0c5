import json
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from support.tables import at, tenant

from tidings.errors import SourceError
from tidings.sources.fingerprint import fingerprint
from tidings.sources.mapping import load_mapping
from tidings.sources.source import open_source

USERS = "CREATE VIEW users AS SELECT id AS user_id, seen AS first_seen_at FROM people;\n"
MESSAGES = """
CREATE OR REPLACE VIEW messages AS
SELECT m.id AS message_id, thread AS conversation_id, "from" AS user_id, CAST("at" AS TIMESTAMP) AS sent_at,
    'incoming' AS direction, 'user' AS sender, to_json(d)->>'topic' AS intent
FROM mails AS m LEFT JOIN details AS d ON d.mail->>'$' = m.id
WHERE m.team = :team;
"""


def views(folder: Path, sql: str, dialect: str = "postgres", **values):
    (folder / "own.sql").write_text(sql)
    return load_mapping(tenant(folder, mapping="own.sql", source_parameters=values), folder, dialect)


def refusal(folder: Path, sql: str, **values) -> str:
    with pytest.raises(SourceError) as refused:
        views(folder, sql, **values)
    return str(refused.value)


def mapped_folder(folder: Path) -> Path:
    (folder / "own.sql").write_text(MESSAGES)
    (folder / "data").mkdir()
    (folder / "data" / "mails.csv").write_text(
        "id;thread;from;At;team\n007;c1;u1;2026-11-10 12:00;a\n008;c1;u2;2026-11-10 13:00;b\n"
    )
    (folder / "data" / "details.json").write_text(json.dumps([{"mail": "007", "topic": "bill"}]))
    pq.write_table(pa.table({"x": [1]}), folder / "data" / "unread.parquet")
    return folder


def open_mapped(folder: Path, **values):
    given = {"mapping": "own.sql", "services": ["activity"], "source_parameters": {"team": "a"} | values}
    return open_source(tenant("data", **given), folder)


def test_each_file_that_a_view_reads_is_a_table_of_its_name(tmp_path):
    source = open_mapped(mapped_folder(tmp_path))
    [row] = source.fetch(source.rows("messages")).to_dict("records")
    assert (row["message_id"], row["sent_at"], row["intent"]) == ("007", at("2026-11-10 12:00:00"), "bill")
    assert not source.has("users")
    assert source.where("messages") == "mapping own.sql, line 2 (view messages)"


def test_a_view_of_a_file_that_is_not_there_is_refused_by_the_files_that_are(tmp_path):
    folder = mapped_folder(tmp_path)
    (folder / "own.sql").write_text(MESSAGES + USERS)
    with pytest.raises(SourceError, match=r"line 7: view users reads people, .* details, mails, unread"):
        open_mapped(folder)


def test_what_the_engine_refuses_is_told_with_the_line_of_the_view(tmp_path):
    folder = mapped_folder(tmp_path)
    (folder / "own.sql").write_text(MESSAGES.replace("thread AS", "thrad AS"))
    with pytest.raises(SourceError, match=r"line 2: the source refuses view messages: .*thrad"):
        open_mapped(folder)


@pytest.mark.parametrize("depth", ["(" * 3000, "NOT " * 3000, "CASE " * 3000])
def test_a_view_that_is_nested_without_end_is_refused_by_its_line(tmp_path, depth):
    nested = MESSAGES.replace("m.id", f"{depth}m.id", 1)
    assert "line 2" in refusal(tmp_path, nested, team="a")


def test_the_fingerprint_changes_with_the_mapping_and_with_any_of_the_files(tmp_path):
    folder = mapped_folder(tmp_path)
    who = tenant("data", mapping="own.sql")
    first = fingerprint(who, folder, date(2026, 11, 15))
    (folder / "own.sql").write_text(MESSAGES + "-- more\n")
    second = fingerprint(who, folder, date(2026, 11, 15))
    (folder / "data" / "details.json").write_text("[]")
    third = fingerprint(who, folder, date(2026, 11, 15))
    assert len({str(each) for each in (first, second, third)}) == 3


def test_values_are_bound_as_texts_and_a_view_knows_what_it_reads(tmp_path):
    found = views(
        tmp_path,
        "CREATE VIEW Users AS WITH a AS (SELECT * FROM public.people WHERE account = :account_id) "
        "SELECT id::text AS user_id, now() AS first_seen_at FROM a JOIN b ON TRUE",
        account_id="3",
    )
    assert list(found) == ["users"]
    assert "account = '3'" in found["users"].sql
    assert found["users"].reads == ("b", "people")


@pytest.mark.parametrize(
    ("query", "reads"),
    [
        ("WITH Recent AS (SELECT * FROM mails) SELECT * FROM recent", ("mails",)),
        ("WITH recent AS (SELECT * FROM mails) SELECT * FROM Recent", ("mails",)),
        ("WITH mails AS (SELECT * FROM mails WHERE old) SELECT * FROM mails", ("mails",)),
        ("WITH a AS (SELECT * FROM b), b AS (SELECT * FROM a) SELECT * FROM b", ("b",)),
        ("WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n) SELECT * FROM n", ()),
        ("SELECT * FROM (WITH a AS (SELECT 1) SELECT * FROM a) AS s, a", ("a",)),
        ("WITH mails AS (SELECT 1) SELECT * FROM public.mails", ("mails",)),
        ("SELECT * FROM people, LATERAL unnest(tags) AS t", ("people",)),
    ],
)
def test_what_a_query_names_itself_is_no_table_that_it_reads(tmp_path, query, reads):
    assert views(tmp_path, f"CREATE VIEW users AS {query};")["users"].reads == reads


def test_a_file_is_read_under_a_name_that_the_query_gives_what_it_reads_of_it(tmp_path):
    folder = mapped_folder(tmp_path)
    named = "WITH Details AS (SELECT * FROM details), Mails AS (SELECT * FROM mails)\nSELECT m.id"
    (folder / "own.sql").write_text(MESSAGES.replace("SELECT m.id", named))
    source = open_mapped(folder)
    assert list(source.fetch(source.rows("messages"))["message_id"]) == ["007"]


@pytest.mark.parametrize("value", ["a'; DROP TABLE x", 'a"b', "a\\", "", "a\nb", "x" * 201])
def test_a_value_that_could_end_its_quotes_is_no_value(tmp_path, value):
    with pytest.raises(ValueError, match="source_parameters"):
        tenant(tmp_path, mapping="own.sql", source_parameters={"account_id": value})


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        (USERS + "DROP TABLE people;", "mapping own.sql, line 2: is no view"),
        (USERS + "\n" + USERS, "line 3: there is a view users already"),
        ("CREATE VIEW people AS SELECT 1;", "line 1: view people is none of the contract's tables"),
        (
            "CREATE VIEW users AS WITH gone AS (DELETE FROM people RETURNING *) SELECT * FROM gone;",
            "line 1: a view may only read, and this one has DELETE in it",
        ),
        ("CREATE VIEW users AS SELECT * INTO other FROM people;", "has INTO in it"),
        ("CREATE VIEW users AS SELECT * FROM people FOR UPDATE;", "has LOCK in it"),
        ("CREATE TABLE users AS SELECT 1;", "is no view"),
        ("CREATE VIEW users (a) AS SELECT 1;", "is no view"),
        ("SELECT 1;", "is no view"),
        ("\n\nCREATE VIEW users AS SELECT FROM WHERE;", "line 3: is not SQL as postgres has it"),
        ("CREATE VIEW users AS SELECT 'a", "is not SQL"),
        ("CREATE VIEW users AS SELECT :who AS user_id;", "the placeholder :who has no value"),
        ("-- nothing yet", "mapping own.sql: has no view"),
    ],
)
def test_a_mapping_is_views_that_read_and_nothing_else(tmp_path, sql, what):
    assert what in refusal(tmp_path, sql)


def test_a_mapping_that_is_not_there_or_is_no_text_is_refused(tmp_path):
    with pytest.raises(SourceError, match=r"mapping none.sql: cannot be read \(No such file"):
        load_mapping(tenant(tmp_path, mapping="none.sql"), tmp_path, "duckdb")
    (tmp_path / "own.sql").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SourceError, match="is not UTF-8 text"):
        load_mapping(tenant(tmp_path, mapping="own.sql"), tmp_path, "duckdb")
