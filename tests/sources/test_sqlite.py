import sqlite3
from pathlib import Path

import pytest
from support.tables import at, tenant

from tidings.errors import SourceError
from tidings.sources.source import open_source

MAPPING = """CREATE VIEW users AS SELECT id AS user_id, to_timestamp(seen) AS first_seen_at FROM people;
CREATE VIEW messages AS SELECT id AS message_id, id AS conversation_id, id AS user_id,
    to_timestamp(seen) AS sent_at, 'incoming' AS direction, 'user' AS sender, word AS intent FROM people;
"""


def open_store(folder: Path, mapping: str = MAPPING, **keys):
    (folder / "own.sql").write_text(mapping)
    given = {"mapping": "own.sql", "services": ["activity"]} | keys
    return open_source(tenant("sqlite://store.db", **given), folder)


def write_store(folder: Path) -> None:
    with sqlite3.connect(folder / "store.db") as store:
        store.execute("CREATE TABLE people (id, seen, word, none)")
        store.executemany(
            "INSERT INTO people VALUES (?, ?, ?, NULL)",
            [
                (7, 1794322800.25, "a"),
                (8, 1794322801, 5),
                (9, 1794322802, b"\xc3\xa9"),
                (10, 1794322803, None),
            ],
        )


def test_columns_are_numbers_where_all_values_are_and_else_text(tmp_path):
    write_store(tmp_path)
    source = open_store(tmp_path)
    rows = source.fetch(source.rows("messages").order_by("sent_at"))
    assert list(rows["message_id"]) == ["7", "8", "9", "10"]
    assert list(rows["intent"].fillna("")) == ["a", "5", "é", ""]
    assert rows["sent_at"][0] == at("2026-11-10 15:00:00.250000")


def test_columns_that_the_store_generates_are_read_and_large_numbers_beside_fractions_too(tmp_path):
    with sqlite3.connect(tmp_path / "store.db") as store:
        store.execute(
            "CREATE TABLE people (id, seen, mixed, word GENERATED ALWAYS AS (id || '!'), one AS (1) STORED)"
        )
        values = [(7, 1794322800, 9007199254740993), (8, 1794322801, 0.5)]
        store.executemany("INSERT INTO people (id, seen, mixed) VALUES (?, ?, ?)", values)
    source = open_store(tmp_path)
    assert list(source.fetch(source.rows("messages").order_by("sent_at"))["intent"]) == ["7!", "8!"]


def test_what_is_no_store_lacks_a_table_or_has_no_mapping_is_refused(tmp_path):
    with pytest.raises(SourceError, match="there is no such file"):
        open_store(tmp_path)
    (tmp_path / "store.db").write_bytes(b"no store at all, but long enough to be taken for one" * 9)
    with pytest.raises(SourceError, match="see whether it is a SQLite file"):
        open_store(tmp_path)
    (tmp_path / "store.db").unlink()
    write_store(tmp_path)
    with pytest.raises(SourceError, match="view users reads others, which is no table; there are people"):
        open_store(tmp_path, MAPPING.replace("people;", "others;", 1))
    with pytest.raises(SourceError, match="a SQLite file is read by a mapping alone"):
        open_source(tenant("sqlite://store.db"), tmp_path)


def test_the_store_is_not_written_to(tmp_path):
    write_store(tmp_path)
    before = (tmp_path / "store.db").read_bytes()
    open_store(tmp_path)
    assert (tmp_path / "store.db").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["own.sql", "store.db"]
