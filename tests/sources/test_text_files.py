"""Tables as folders of many files of text."""

import gzip
from pathlib import Path

import pytest
from support.quick import slow_but
from support.tables import at, tenant

from tidings.errors import SourceError
from tidings.sources.files import FileSource
from tidings.sources.location import Location
from tidings.sources.source import Source

NAMES = "message_id,conversation_id,user_id,sent_at,direction,sender"
NOON = "2026-11-10 12:00:00"


def line(number: int, user: str = "u1", sent_at: str = NOON) -> str:
    return f"m{number},c1,{user},{sent_at},incoming,user"


def csv(*lines: str) -> str:
    return "\n".join([NAMES, *lines, ""])


def json(number: int) -> str:
    return (
        f'{{"message_id": "m{number}", "conversation_id": "c1", "user_id": "u1", "sent_at": "{NOON}", '
        '"direction": "incoming", "sender": "user"}\n'
    )


def put(folder: Path, **files: str | bytes) -> None:
    for name, data in files.items():
        path = folder / "messages" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)


def messages(folder: Path, **keys):
    source = Source(FileSource.open(Location.of(str(folder)), folder), tenant(folder, **keys))
    return source.fetch(source.rows("messages").order_by("message_id"))


def refusal(folder: Path) -> str:
    with pytest.raises(SourceError) as refused:
        messages(folder)
    return str(refused.value)


def test_files_of_json_are_one_table_however_they_are_compressed_and_placed(tmp_path):
    files = {
        "a.json": json(1) + json(2),
        "2026/11/10/b.ndjson.gz": gzip.compress(json(3).encode()),
        "2026/11/11/c.json": f"[{json(4)}]",
        "2026/11/11/d.json": "[]",
        "2026/11/11/e.json": json(5).encode("utf-16"),
    }
    put(tmp_path, **files)
    rows = messages(tmp_path)
    assert list(rows["message_id"]) == ["m1", "m2", "m3", "m4", "m5"]
    assert set(rows["sent_at"]) == {at(NOON)}


def test_files_of_csv_are_one_table_though_each_has_a_layout_of_its_own(tmp_path):
    files = {
        "a.csv": csv(line(1), line(2)),
        "b.csv": csv(line(3)).replace(",", ";").replace("\n", "\r\n"),
        "c.csv": f"channel,{csv(f'web,{line(4)}')}",
        "d.csv": csv(line(5)).encode("utf-16"),
        "e.csv": csv(line(6)).replace("\n", "\r\n", 1),
        "f.csv": csv(line(7)).replace(NAMES, f"{NAMES},"),
    }
    put(tmp_path, **files)
    rows = messages(tmp_path)
    assert list(rows["message_id"]) == ["m1", "m2", "m3", "m4", "m5", "m6", "m7"]
    assert list(rows["channel"].fillna("")) == ["", "", "", "web", "", "", ""]


@pytest.mark.parametrize("form", slow_but(["csv"], ["csv", "json"]))
def test_a_thousand_files_are_one_table(tmp_path, form):
    put(tmp_path, **{f"{n}.{form}": csv(line(n)) if form == "csv" else json(n) for n in range(1000)})
    assert len(messages(tmp_path)) == 1000


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (csv(line(8, sent_at="soon")), "messages/x/bad.csv: column sent_at of table messages holds a bad"),
        (csv("m8,c1"), "messages/x/bad.csv, line 2: has 2 values where the first line has 6 names"),
        ("", "messages/x/bad.csv: is empty"),
        ("Nachricht\n", "messages/x/bad.csv: has none of the columns of table messages; it has nachricht"),
    ],
)
def test_the_one_file_at_fault_is_told(tmp_path, data, what):
    put(tmp_path, **{f"{n}.csv": csv(line(n)) for n in range(5)}, **{"x/bad.csv": data})
    assert what in refusal(tmp_path)


def test_a_row_is_found_in_its_file(tmp_path):
    put(tmp_path, **{f"{n}.csv": csv(line(n)) for n in range(5)})
    source = Source(FileSource.open(Location.of(str(tmp_path)), tmp_path), tenant(tmp_path))
    rows = source.rows("messages")
    place = source.where("messages", source.fetch(rows.filter(rows.message_id == "m3")))
    assert place == f"source {tmp_path}, messages/3.csv"


def test_files_of_two_forms_are_refused(tmp_path):
    put(tmp_path, **{"a.csv": csv(line(1)), "b.json": json(2)})
    assert "messages: holds files of more than one form: a.csv, b.json" in refusal(tmp_path)


def test_partitions_of_text_are_those_of_parquet(tmp_path):
    files = {
        "tenant_id=acme/date=2026-11-10/a.csv": csv(line(1)),
        "tenant_id=other/date=2026-11-10/a.csv": "damaged",
    }
    put(tmp_path, **files)
    assert list(messages(tmp_path, tenant_column=True)["message_id"]) == ["m1"]
