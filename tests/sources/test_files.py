import os
import subprocess
import sys
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from support.random_rows import CLOCK_CHANGE, assert_same_numbers, random_tables
from support.tables import arrow_table, at, edition_in, edition_of, message, tenant, write_tables

from tidings.errors import SourceError
from tidings.sources.contract import TABLES, Window
from tidings.sources.engines import duckdb
from tidings.sources.files import FileSource
from tidings.sources.location import Location
from tidings.sources.source import Source, open_source

NOON = "2026-11-10 12:00:00"
WEEK = Window(date(2026, 11, 9), date(2026, 11, 15))
HEADER = "message_id,conversation_id,user_id,sent_at,direction,sender,assignment_id,intent,language,channel"
LINE = "m1,c1,u1,2026-11-10 12:00:00,incoming,user,,,,"


def source(folder: Path, **keys) -> Source:
    return Source(FileSource.open(Location.of(str(folder)), folder), tenant(folder, **keys))


def messages(folder: Path, window: Window | None = None, **keys):
    opened = source(folder, **keys)
    return opened.fetch(opened.rows("messages", window).order_by("message_id"))


def put(folder: Path, place: str, *rows: dict) -> Path:
    """Write messages as one Parquet file."""
    path = folder / "messages" / place
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(arrow_table("messages", list(rows)), path)
    return path


def damage(folder: Path, place: str) -> None:
    put(folder, place).write_bytes(b"damaged")


def csv(folder: Path, *lines: str, header: str = HEADER, encoding: str = "utf-8", end: str = "\n") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "messages.csv").write_bytes((end.join([header, *lines]) + end).encode(encoding))
    return folder


def refusal(folder: Path, **keys) -> str:
    with pytest.raises(SourceError) as refused:
        messages(folder, **keys)
    assert refused.value.remedy
    assert "Traceback" not in str(refused.value)
    return str(refused.value)


# Parquet


def test_a_parquet_file_is_read_without_the_columns_that_the_contract_does_not_know(tmp_path):
    stored = arrow_table("messages", [message(NOON, message_id="m1")]).append_column("text", [["Hi"]])
    pq.write_table(stored, tmp_path / "messages.parquet")
    assert list(messages(tmp_path).columns) == [column.name for column in TABLES["messages"].columns]


@pytest.mark.parametrize(
    "kind",
    [
        pa.timestamp(unit, zone)
        for unit in ("s", "ms", "us", "ns")
        for zone in (None, "UTC", "America/Bogota")
    ],
    ids=str,
)
def test_instants_of_every_precision_are_utc(tmp_path, kind):
    stored = arrow_table("messages", [message(NOON)])
    position = stored.schema.get_field_index("sent_at")
    instants = pa.array([at(NOON)], pa.timestamp("us")).cast(pa.timestamp(kind.unit))
    stored = stored.set_column(position, "sent_at", instants.cast(kind))
    pq.write_table(stored, tmp_path / "messages.parquet")
    assert messages(tmp_path)["sent_at"][0] == at(NOON)


def test_instants_are_utc_whatever_zone_the_machine_has(tmp_path):
    csv(tmp_path, LINE, LINE.replace("m1", "m2").replace("12:00:00", "12:00:00-03:00"))
    zoned = pa.array([at(NOON)], pa.timestamp("us", "Asia/Tokyo"))
    pq.write_table(pa.table({"user_id": ["u1"], "first_seen_at": zoned}), tmp_path / "users.parquet")
    code = """
import sys
import tempfile
sys.path[:0] = sys.argv[2:]
from pathlib import Path
from tests_sources import source
opened = source(Path(sys.argv[1]))
for name in ("messages", "users"):
    print(opened.fetch(opened.rows(name)).iloc[:, [0, -1 if name == "users" else 3]].values.tolist())
""".replace("tests_sources", Path(__file__).stem)
    paths = [str(Path(__file__).parent), str(Path(__file__).parents[1])]
    ran = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path), *paths],
        env=os.environ | {"TZ": "America/Bogota"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert [line.count("2026-11-10 12:00:00") for line in ran.stdout.splitlines()] == [1, 1]
    assert "2026-11-10 15:00:00" in ran.stdout


def test_null_typed_and_dictionary_encoded_columns_are_read(tmp_path):
    stored = arrow_table("messages", [message(NOON, message_id="m1")])
    for name in ("assignment_id", "intent", "language"):
        stored = stored.set_column(stored.schema.get_field_index(name), name, pa.nulls(1))
    position = stored.schema.get_field_index("direction")
    stored = stored.set_column(position, "direction", pa.array(["incoming"]).dictionary_encode())
    pq.write_table(stored, tmp_path / "messages.parquet")
    row = messages(tmp_path).iloc[0]
    assert row["direction"] == "incoming"
    assert row[["assignment_id", "intent", "language"]].isna().all()


@pytest.mark.parametrize(
    ("column", "utc"),
    [
        (pa.array(["2026-11-10 12:00:00 UTC"]), NOON),
        (pa.array(["2026-11-10T07:00:00-0500"], pa.large_string()), NOON),
        (pa.array(["2026-11-10T12:00:00.123456999Z"]).dictionary_encode(), f"{NOON}.123456"),
        (pa.array(["1794312000123"]), f"{NOON}.123000"),
        (pa.array([1794312000], pa.int32()), NOON),
        (pa.array([1794312000], pa.uint32()), NOON),
        (pa.array([1794312000123456], pa.uint64()), f"{NOON}.123456"),
        (pa.array([Decimal("1794312000.123456")]), f"{NOON}.123456"),
        (pa.array([1794312000.25]), f"{NOON}.250000"),
    ],
    ids=lambda column: str(getattr(column, "type", "")),
)
def test_instants_as_text_and_numbers_of_every_type_are_read(tmp_path, column, utc):
    stored = arrow_table("messages", [message(NOON)])
    stored = stored.set_column(stored.schema.get_field_index("sent_at"), "sent_at", column)
    pq.write_table(stored, tmp_path / "messages.parquet")
    assert list(messages(tmp_path)["sent_at"]) == [at(utc)]


@pytest.mark.parametrize(
    ("column", "what"),
    [
        (pa.array(["soon"]), "holds a bad timestamp in row {message_id: m1"),
        (pa.array(["11/10/2026 12:00"]), "sent_at: 11/10/2026 12:00"),
        (pa.array([1794312000.0], pa.float32()), "is of type float32, where the contract wants a timestamp"),
    ],
)
def test_what_is_no_instant_or_an_inexact_one_is_refused(tmp_path, column, what):
    stored = arrow_table("messages", [message(NOON, message_id="m1")])
    stored = stored.set_column(stored.schema.get_field_index("sent_at"), "sent_at", column)
    pq.write_table(stored, tmp_path / "messages.parquet")
    told = refusal(tmp_path)
    assert "messages.parquet: column sent_at of table messages" in told
    assert what in told


def test_names_in_capitals_are_the_contracts_and_the_librarys_own_are_not_told(tmp_path):
    stored = arrow_table("messages", [message(NOON, message_id="m1")])
    capitals = stored.rename_columns([name.upper() for name in stored.column_names])
    pq.write_table(capitals, tmp_path / "messages.parquet")
    assert list(messages(tmp_path)["message_id"]) == ["m1"]
    pq.write_table(stored.select(["message_id", "sent_at"]), tmp_path / "messages.parquet")
    assert refusal(tmp_path).endswith("the columns found are message_id, sent_at")


def test_a_file_without_columns_is_refused_as_one(tmp_path):
    pd.DataFrame().to_parquet(tmp_path / "messages.parquet")
    assert "messages.parquet: has no columns" in refusal(tmp_path)


@pytest.mark.parametrize("kept", [0, 4, 300, -1])
def test_a_truncated_file_is_refused(tmp_path, kept):
    path = write_tables(tmp_path, messages=[message(NOON)]) / "messages.parquet"
    path.write_bytes(path.read_bytes()[:kept])
    told = refusal(tmp_path)
    assert "messages.parquet: cannot be read" in told
    assert "write it again" in told


def test_a_file_of_another_format_is_refused(tmp_path):
    (tmp_path / "messages.parquet").write_text(f"{HEADER}\n{LINE}\n")
    assert "messages.parquet: cannot be read" in refusal(tmp_path)


def test_a_folder_name_is_no_pattern_of_names(tmp_path):
    write_tables(tmp_path / "data [1]*?", messages=[message(NOON)])
    write_tables(tmp_path / "data 1xy", messages=[message(NOON)] * 2)
    assert len(messages(tmp_path / "data [1]*?")) == 1


# Partitions


def test_only_the_partitions_of_the_tenant_and_the_window_are_opened(tmp_path):
    wanted = [
        put(tmp_path, f"tenant_id=acme/date={day}/a.parquet", message(NOON, message_id=day))
        for day in ("2026-11-08", "2026-11-10", "2026-11-16")  # a day more on either side, for the zone
    ]
    for place in ("tenant_id=acme/date=2026-11-07", "tenant_id=acme/date=2026-11-17", "tenant_id=other/x"):
        damage(tmp_path, f"{place}/a.parquet")
    damage(tmp_path, "_temporary/a.parquet")
    damage(tmp_path, ".hidden.parquet")
    opened = source(tmp_path, tenant_column=True)
    files = opened.backend.folder.files(TABLES["messages"], "acme", WEEK)
    assert [Path(str(path)) for path in files] == wanted
    assert len(messages(tmp_path, WEEK, tenant_column=True)) == 3


def test_partitions_by_day_alone_hold_one_tenant(tmp_path):
    put(tmp_path, "day=2026-11-10/a.parquet", message(NOON))
    put(tmp_path, "day=2026-11-10/b.parquet", message(NOON))
    damage(tmp_path, "day=2026-01-10/a.parquet")
    assert len(messages(tmp_path, WEEK)) == 2
    assert "cannot be read" in refusal(tmp_path)


def test_a_key_that_is_no_date_is_read_whole(tmp_path):
    for place in ("channel=web/day=2026-11-10", "channel=2026-13-45/day=2026-11-10", "channel=x/day=none"):
        put(tmp_path, f"{place}/a.parquet", message(NOON))
    assert len(messages(tmp_path, WEEK)) == 3


def test_a_tenant_that_looks_like_a_number_is_told_from_others(tmp_path):
    for number in ("7", "07", "70"):
        put(tmp_path, f"tenant_id={number}/a.parquet", message(NOON, message_id=number))
    assert list(messages(tmp_path, tenant_column=True, id="07")["message_id"]) == ["07"]


def test_a_tenant_or_a_time_without_partitions_has_no_rows_and_reads_none(tmp_path):
    damage(tmp_path, "tenant_id=other/date=2026-11-10/a.parquet")
    damage(tmp_path, "tenant_id=acme/date=2020-01-01/a.parquet")
    assert messages(tmp_path, WEEK, tenant_column=True).empty


def test_partitions_of_another_tenant_are_refused_where_the_source_has_one(tmp_path):
    put(tmp_path / "tenant_id=other", "a.parquet", message(NOON))
    assert "holds rows of another tenant" in refusal(tmp_path / "tenant_id=other")


def test_a_folder_without_a_file_of_data_is_refused(tmp_path):
    (tmp_path / "messages" / "date=2026-11-10").mkdir(parents=True)
    (tmp_path / "messages" / "readme.txt").write_text("soon")
    assert "messages: holds no file that is read" in refusal(tmp_path)


def test_each_set_of_files_is_opened_once(tmp_path):
    put(tmp_path, "date=2026-11-10/a.parquet", message(NOON))
    opened = source(tmp_path)
    assert opened.rows("messages", WEEK) is opened.rows("messages", WEEK)
    assert opened.backend.read(TABLES["messages"], "acme", WEEK) is opened.backend.read(
        TABLES["messages"], "acme", None
    )


# CSV


def test_a_csv_file_is_typed_by_the_contract(tmp_path):
    csv(tmp_path, '007,"c,1","u ""x""\ny",2026-11-10T12:00:00Z,incoming,user,"",true,null,')
    row = messages(tmp_path).iloc[0]
    assert list(row[:3]) == ["007", "c,1", 'u "x"\ny']
    assert row["sent_at"] == at(NOON)
    assert row[["assignment_id", "channel"]].isna().all()
    assert list(row[["intent", "language"]]) == ["true", "null"]


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-11-10 12:00", NOON),
        ("2026-11-10 12:00:00.5", f"{NOON}.500000"),
        ("2026-11-10T12:00:00+05:30", "2026-11-10 06:30:00"),
        ("2026-11-10T12:00:00-0500", "2026-11-10 17:00:00"),
        ("2026-11-10 12:00:00+01", "2026-11-10 11:00:00"),
    ],
)
def test_instants_in_text_are_utc_unless_they_say_otherwise(tmp_path, text, utc):
    assert messages(csv(tmp_path, LINE.replace(NOON, text)))["sent_at"][0] == at(utc)


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "infinity",
        "1762776000",
        "2026-11-10",
        "10/11/2026 12:00",
        "2026-02-30 12:00:00",
        "2026-11-10 25:00:00",
        "2026-11-10 12:00:00+99:00",
        "2026-11-10 12:00:00 Europe/Madrid",
    ],
)
def test_a_bad_timestamp_is_refused_with_its_row(tmp_path, text):
    told = refusal(csv(tmp_path, LINE, LINE.replace("m1", "odd").replace(NOON, text)))
    assert (
        "messages.csv: column sent_at of table messages holds a bad timestamp in row {message_id: odd" in told
    )
    assert f"sent_at: {text}" in told
    assert "2026-11-09T14:03:00Z" in told


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_byte_order_mark_and_empty_lines_at_the_end_are_no_rows(tmp_path, end):
    csv(tmp_path, LINE, "", encoding="utf-8-sig", end=end)
    assert list(messages(tmp_path)["message_id"]) == ["m1"]


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ([LINE, "m2,c1,u1"], "line 3: has 3 values where the first line has 10 names"),
        ([LINE, "m2"], "line 3: has 1 value where the first line has 10 names"),
        ([LINE, f"{LINE},more"], "line 3: has 11 values where the first line has 10 names"),
        ([LINE, 'm2,"c1'], "line 3: has a quote that is never closed"),
    ],
)
def test_a_ragged_or_truncated_line_is_refused_by_its_number(tmp_path, lines, what):
    told = refusal(csv(tmp_path, *lines))
    assert f"messages.csv, {what}" in told


def test_another_encoding_is_refused(tmp_path):
    line = LINE.replace("c1", "é")
    assert "is not UTF-8 text" in refusal(csv(tmp_path, *[LINE] * 9_000, line, encoding="latin-1"))


def test_first_lines_that_name_no_or_the_same_columns_are_refused(tmp_path):
    assert "has none of the columns of table messages" in refusal(csv(tmp_path / "a", header="x;y"))
    assert "names column 'sender' twice" in refusal(csv(tmp_path / "b", header=f"{HEADER},sender"))
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "messages.csv").touch()
    assert "messages.csv: is empty" in refusal(tmp_path / "c")


@pytest.mark.parametrize(("header", "line"), [(f",{HEADER}", f"0,{LINE}"), (f"{HEADER},,", f"{LINE},,")])
def test_columns_without_a_name_are_ignored(tmp_path, header, line):
    csv(tmp_path, line, header=header)
    assert list(messages(tmp_path)["message_id"]) == ["m1"]


def test_a_missing_column_is_named_with_those_found(tmp_path):
    told = refusal(csv(tmp_path, header=HEADER.replace("user_id", "person")))
    assert "messages.csv: column user_id of table messages is missing" in told
    assert "message_id, conversation_id, person, sent_at" in told


def test_hostile_names_of_columns_stay_names(tmp_path):
    hostile = '"a\'b","x""); DROP TABLE y; --","\'}, {\'z'
    csv(tmp_path, f"{LINE},1,2,3", header=f'{HEADER},{hostile}"')
    assert len(messages(tmp_path)) == 1


def test_a_csv_file_without_rows_is_a_table_without_rows(tmp_path):
    assert messages(csv(tmp_path)).empty


def test_a_shared_csv_file_gives_the_tenants_rows(tmp_path):
    lines = [f"{LINE.replace('m1', name)},{name}" for name in ("acme", "other", "")]
    csv(tmp_path, *lines, header=f"{HEADER},tenant_id")
    assert list(messages(tmp_path, tenant_column=True)["message_id"]) == ["acme"]
    assert "holds rows of another tenant, or of none" in refusal(tmp_path)


# The folder


def test_a_table_that_is_there_twice_is_refused(tmp_path):
    write_tables(csv(tmp_path, LINE), messages=[message(NOON)])
    told = refusal(tmp_path)
    assert "table messages is there more than once: messages.parquet, messages.csv" in told


def test_a_folder_that_is_missing_or_is_a_file_is_refused(tmp_path):
    (tmp_path / "file").touch()
    for name in ("missing", "file"):
        with pytest.raises(SourceError, match="there is no such folder"):
            source(tmp_path / name)


def test_what_exceeds_the_memory_goes_to_a_temporary_folder_that_is_removed(tmp_path, monkeypatch):
    working, temporary = tmp_path / "working", tmp_path / "temporary"
    working.mkdir()
    temporary.mkdir()
    monkeypatch.chdir(working)
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    put(tmp_path, "part.parquet", message(NOON))
    opened = FileSource.open(Location.of(str(tmp_path)), tmp_path, {"memory_limit": "64MB"})
    connection = opened.connection
    connection.raw_sql(
        "CREATE TEMP TABLE many AS SELECT hash(number) AS value FROM range(12_000_000) r(number)"
    )
    assert connection.raw_sql("SELECT count(DISTINCT value) FROM many").fetchone() == (12_000_000,)
    assert [path.name[:8] for path in temporary.iterdir()] == ["tidings-"]
    connection.disconnect()
    assert not list(temporary.iterdir())
    assert not list(working.iterdir())


def test_the_environment_says_what_the_engine_may_take(tmp_path, monkeypatch):
    put(tmp_path, "messages.parquet", message(NOON))
    monkeypatch.setenv("TIDINGS_MEMORY_LIMIT", "1GiB")
    monkeypatch.setenv("TIDINGS_THREADS", "1")
    opened = open_source(tenant(tmp_path, services=("activity",)), tmp_path)
    settings = "SELECT current_setting('memory_limit'), current_setting('threads')"
    assert opened.backend.connection.raw_sql(settings).fetchone() == ("1.0 GiB", 1)


def test_every_number_is_the_same_where_rows_are_too_many_to_be_kept(tmp_path, monkeypatch):
    tables = random_tables(seed=8)
    kept = edition_of(tmp_path, CLOCK_CHANGE, tables, time_zone="Europe/Amsterdam")
    monkeypatch.setattr(duckdb, "MOST_KEPT", 20)
    searched = edition_in(tmp_path, CLOCK_CHANGE, tmp_path, time_zone="Europe/Amsterdam")
    views = "SELECT view_name FROM duckdb_views() WHERE view_name LIKE 'rows_%'"
    found = [each.source.backend.connection.raw_sql(views).fetchall() for each in (kept, searched)]
    assert not found[0]
    assert len(found[1]) > 2
    assert_same_numbers(kept, searched)
