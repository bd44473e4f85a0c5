import gzip
import json
from pathlib import Path

import pandas as pd
import pytest
from support.tables import at, tenant

from tidings.errors import SourceError
from tidings.sources.files import FileSource
from tidings.sources.location import Location
from tidings.sources.source import Source

ROW = {
    "message_id": 1,
    "conversation_id": "c1",
    "user_id": 7.0,
    "sent_at": "2026-11-10 12:00:00 UTC",
    "direction": "incoming",
    "sender": "user",
    "text": {"body": "Hi"},
}
LINES = "".join(json.dumps(ROW | {"message_id": number}) + "\n" for number in (1, 2))
ABSENT = {"assignment_id": None, "intent": None, "language": None, "channel": None}


def read(folder: Path, data: bytes | str, name: str):
    (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)
    source = Source(FileSource.open(Location.of(str(folder)), folder), tenant(folder))
    return source.fetch(source.rows("messages").order_by("message_id"))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("messages.ndjson", LINES),
        ("messages.jsonl", LINES.replace("\n", "\r\n\r\n")),
        ("messages.json", LINES),
        ("messages.json", json.dumps([json.loads(line) | ABSENT for line in LINES.splitlines()], indent=2)),
        ("messages.json", "\ufeff" + LINES),
        ("messages.json", LINES.encode("utf-16")),
        ("messages.ndjson.gz", gzip.compress(LINES.encode(), mtime=0)),
    ],
)
def test_objects_in_a_list_or_on_lines_are_rows(tmp_path, name, data):
    first, second = read(tmp_path, data, name).to_dict("records")
    assert (first["message_id"], second["message_id"], first["user_id"]) == ("1", "2", "7")
    assert first["sent_at"] == at("2026-11-10 12:00:00")
    assert pd.isna(first["intent"])


def test_numbers_since_1970_are_instants(tmp_path):
    rows = read(tmp_path, json.dumps([ROW | {"sent_at": 1794322800123}]), "messages.json")
    assert list(rows["sent_at"]) == [at("2026-11-10 15:00:00.123000")]


def test_files_without_rows_are_tables_without_rows(tmp_path):
    assert read(tmp_path, "[]", "messages.json").empty
    (tmp_path / "messages.json").unlink()
    assert read(tmp_path, "", "messages.ndjson").empty


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ("", "messages.json: is empty"),
        (LINES[:-20], "messages.json, near row 3: is cut short"),
        ("[1, 2]", "messages.json, near row 1: holds something else than objects"),
        ('{"rows": []}', "messages.json: none of its rows has a column of table messages; they have rows"),
        (LINES.replace("sent_at", "sentAt"), "the columns found are message_id, conversation_id, user_id"),
        (gzip.compress(LINES.encode(), mtime=0), "is compressed by gzip, which its name does not say"),
        (b'{"message_id": "\xff"}', "is not UTF-8 text"),
        ("<html>", "is not well-formed JSON"),
        ('{"message_id": "1"}', "messages.json: columns conversation_id, user_id, sent_at"),
        (LINES.replace("2026-11-10 12:00:00 UTC", "soon", 1), "holds a bad timestamp in row {message_id: 1"),
    ],
)
def test_what_is_no_table_of_messages_is_refused_by_what_is_seen_in_the_file(tmp_path, data, what):
    with pytest.raises(SourceError) as refused:
        read(tmp_path, data, "messages.json")
    assert what in str(refused.value)
    assert "Error" not in str(refused.value)
