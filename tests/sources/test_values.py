from datetime import datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import ibis
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from support.random_rows import CLOCK_CHANGE, assert_same_numbers, random_tables
from support.tables import (
    arrow_table,
    assignment,
    at,
    edition_in,
    edition_of,
    message,
    rows_of,
    session,
    write_tables,
)

from tidings.errors import ContractError, SourceError
from tidings.metrics import activity, contact_center
from tidings.sources.contract import TABLES
from tidings.sources.values import instant

WEEK = "2026-W46"
NOON = "2026-11-10 12:00:00"
LAST = 1_794_787_199_999_999_999  # of Sunday 15 November 2026, in nanoseconds
GAP = float("nan")


def write_with(folder: Path, name: str, rows: list[dict], **columns: pa.Array) -> Path:
    """A table of which some columns hold something else than the contract's types."""
    stored = arrow_table(name, rows)
    for column, values in columns.items():
        stored = stored.set_column(stored.schema.get_field_index(column), column, values)
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(stored, folder / f"{name}.parquet")
    return folder


def found(folder: Path, column: str, **keys) -> list:
    """What an edition reads from a column of its messages, by their ids."""
    edition = edition_in(folder, WEEK, folder, services=["activity"], **keys)
    values = edition.fetch(edition.rows("messages").order_by("sent_at"))[column]
    return [None if pd.isna(value) else value for value in values]


def refusal(folder: Path) -> str:
    with pytest.raises(ContractError) as refused:
        edition_in(folder, WEEK, folder, services=["activity"])
    return str(refused.value)


# Ids


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (pa.array([1, 2**63 - 1]), ["1", "9223372036854775807"]),
        (pa.array([1, 2**64 - 1], pa.uint64()), ["1", "18446744073709551615"]),
        (pa.array([1.0, -7.0]), ["1", "-7"]),
        (pa.array([2.0**53 - 1, 1e5]), ["9007199254740991", "100000"]),
        (pa.array([1.0, 2.0**24 - 1], pa.float32()), ["1", "16777215"]),
        (pa.array([Decimal("1.00"), Decimal("20.00")], pa.decimal128(12, 2)), ["1", "20"]),
        (pa.array([Decimal(1), Decimal(10**37)], pa.decimal128(38, 0)), ["1", "1" + "0" * 37]),
        (pa.array(["007", " 1.0"]), ["007", " 1.0"]),
    ],
    ids=lambda value: str(getattr(value, "type", "")),
)
def test_whole_numbers_of_any_type_are_ids(tmp_path, values, text):
    rows = [message(NOON), message("2026-11-10 13:00:00")]
    assert found(write_with(tmp_path, "messages", rows, user_id=values), "user_id") == text


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        (pa.array([1.5]), "1.5"),
        (pa.array([float("inf")]), "inf"),
        (pa.array([2.0**53]), "9007199254740992.0"),
        (pa.array([2.0**24], pa.float32()), "16777216.0"),
        (pa.array([Decimal("1.25")], pa.decimal128(12, 2)), "1.25"),
    ],
    ids=str,
)
def test_a_number_that_is_no_exact_id_is_refused_with_its_row(tmp_path, values, shown):
    told = refusal(write_with(tmp_path, "messages", [message(NOON)], user_id=values))
    assert "messages.parquet: column user_id of table messages is a number that has a fraction, or is" in told
    assert f"user_id: {shown}" in told
    assert "tidings_" not in told
    assert 'astype("Int64").astype("string")' in told


def test_a_number_that_is_no_id_is_refused_only_where_it_counts(tmp_path):
    rows = [message("2026-01-01 12:00:00"), message(NOON)]
    folder = write_with(tmp_path, "messages", rows, user_id=pa.array([1.5, 7.0]))
    assert found(folder, "user_id") == ["7"]


@pytest.mark.parametrize("gap", [None, GAP])
def test_a_gap_among_numbers_is_a_missing_id(tmp_path, gap):
    rows = [message(NOON), message("2026-11-10 13:00:00")]
    values = pa.array([1.0, gap], from_pandas=False)
    assert found(write_with(tmp_path / "a", "messages", rows, assignment_id=values), "assignment_id") == [
        "1",
        None,
    ]
    told = refusal(write_with(tmp_path / "b", "messages", rows, user_id=values))
    assert "column user_id of table messages is null in row" in told


@pytest.mark.parametrize("blank", ["", " ", "\t \r\n"])
def test_blank_text_is_missing(tmp_path, blank):
    nullable = [column.name for column in TABLES["messages"].columns if column.nullable]
    folder = write_tables(tmp_path / "a", messages=[message(NOON, **dict.fromkeys(nullable, blank))])
    assert [found(folder, column) for column in nullable] == [[None]] * 4
    for column in ("message_id", "conversation_id", "user_id"):
        folder = write_tables(tmp_path / "b", messages=[message(NOON) | {column: blank}])
        assert f"column {column} of table messages is null in row" in refusal(folder)
    folder = write_tables(tmp_path / "b", messages=[message(NOON, sender=blank)])
    assert "column sender of table messages has an unknown value in row" in refusal(folder)


def test_text_keeps_the_blanks_around_it(tmp_path):
    rows = [message(NOON, intent=" a\t"), message("2026-11-10 13:00:00", intent="\u00e9 ")]
    assert found(write_tables(tmp_path, messages=rows), "intent") == [" a\t", "\u00e9 "]


def test_every_number_is_the_same_where_missing_text_is_blank(tmp_path):
    tables = random_tables(seed=21)
    texts = {
        name: [column.name for column in table.columns if column.nullable and column.kind != "instant"]
        for name, table in TABLES.items()
    }
    blank = {
        name: [row | {column: row.get(column) or " " for column in texts[name]} for row in rows]
        for name, rows in tables.items()
    }
    clean = edition_of(tmp_path / "a", CLOCK_CHANGE, tables)
    assert_same_numbers(clean, edition_of(tmp_path / "b", CLOCK_CHANGE, blank))


def numbered(tables: dict[str, list[dict]], number) -> dict[str, list[dict]]:
    """The same rows, with ids such as s12 as numbers, made by a function from their digits."""
    ids = {name: [c.name for c in table.columns if c.kind == "id"] for name, table in TABLES.items()}
    return {
        name: [row | {c: row.get(c) and number(row[c][1:]) for c in ids[name]} for row in rows]
        for name, rows in tables.items()
    }


def test_every_number_is_the_same_where_pandas_wrote_ids_as_floats(tmp_path):
    tables = random_tables(seed=22)
    clean = edition_of(tmp_path / "a", CLOCK_CHANGE, numbered(tables, str))
    for name, rows in numbered(tables, float).items():
        kinds = {column.name: column.kind for column in TABLES[name].columns}
        frame = pd.DataFrame(rows, columns=list(kinds))
        for column, kind in kinds.items():
            if kind == "id":
                frame[column] = frame[column].astype("float64")
        frame.to_parquet(tmp_path / f"{name}.parquet")
    assert_same_numbers(clean, edition_in(tmp_path, CLOCK_CHANGE, tmp_path))


CSV = "message_id,conversation_id,user_id,sent_at,direction,sender,assignment_id,intent,language,channel"


def write_csv(folder: Path, *users: str, intent: str = "") -> Path:
    folder.mkdir(exist_ok=True)
    lines = [f"m{n},c,{user},{NOON},incoming,user,,{intent},," for n, user in enumerate(users)]
    (folder / "messages.csv").write_text("\n".join([CSV, *lines]) + "\n")
    return folder


@pytest.mark.parametrize(
    ("users", "ids"),
    [
        (["1.0", "20.0"], ["1", "20"]),
        (["1.0", "20", "-3.00"], ["1", "20", "-3"]),
        (["1e+05", "100001", "1.2E+06"], ["100000", "100001", "1200000"]),
        (["1.0", "007"], ["1.0", "007"]),
        (["1.0", "1.5"], ["1.0", "1.5"]),
        (["1.0", "u1"], ["1.0", "u1"]),
        (["1.5", "2.5"], ["1.5", "2.5"]),
        (["1", "2"], ["1", "2"]),
    ],
)
def test_ids_in_a_csv_file_are_whole_numbers_where_all_of_them_are(tmp_path, users, ids):
    folder = write_csv(tmp_path, *users)
    edition = edition_in(folder, WEEK, folder, services=["activity"])
    assert edition.fetch(edition.rows("messages").order_by("message_id"))["user_id"].tolist() == ids


@pytest.mark.parametrize("gap", ["", " ", "nan", "NaN", "NA", "None", "NULL", "<NA>"])
def test_a_gap_among_floats_in_a_csv_file_is_a_missing_id(tmp_path, gap):
    told = refusal(write_csv(tmp_path, "1.0", gap, "2.0"))
    assert "column user_id of table messages is null in row {message_id: m1," in told


@pytest.mark.parametrize("user", ["9007199254740993.0", "1.23457E+17"])
def test_ids_that_lost_digits_in_a_csv_file_are_refused(tmp_path, user):
    told = refusal(write_csv(tmp_path, "7", user))
    assert "messages.csv: column user_id of table messages is a number that has a fraction, or is too" in told


def test_text_that_is_no_id_stays_as_a_csv_file_has_it(tmp_path):
    assert found(write_csv(tmp_path, "u1", intent="1.0"), "intent") == ["1.0"]


def test_a_tenant_written_as_a_float_is_the_tenant(tmp_path):
    write_with(tmp_path, "messages", [message(NOON, user=user) for user in ("own", "other", "none")])
    stored = pq.read_table(tmp_path / "messages.parquet").append_column(
        "tenant_id", pa.array([7.0, 70.0, None])
    )
    pq.write_table(stored, tmp_path / "messages.parquet")
    assert found(tmp_path, "user_id", id="7", tenant_column=True) == ["own"]
    with pytest.raises(SourceError, match="holds rows of another tenant, or of none"):
        found(tmp_path, "user_id", id="7")


# Instants


def nanoseconds(zone: str | None, *instants: int) -> pa.Array:
    return pa.array(instants, pa.timestamp("ns", zone))


@pytest.mark.parametrize("zone", [None, "UTC", "America/Bogota"])
def test_nanoseconds_are_cut_and_never_rounded(tmp_path, zone):
    rows = [message(NOON, message_id="a"), message(NOON, message_id="b")]
    instants = nanoseconds(zone, LAST, LAST - 999)
    folder = write_with(tmp_path, "messages", rows, sent_at=instants)
    assert found(folder, "sent_at") == [at("2026-11-15 23:59:59.999999")] * 2


def test_nanoseconds_before_1970_are_cut_towards_the_past(tmp_path):
    rows = [{"user_id": "a"}, {"user_id": "b"}]
    write_with(tmp_path, "users", rows, first_seen_at=nanoseconds(None, -1, -1_000))
    edition = edition_in(
        write_tables(tmp_path, messages=[message(NOON)]), WEEK, tmp_path, services=["activity"]
    )
    seen = edition.fetch(edition.history("users"))["first_seen_at"]
    assert seen.tolist() == [at("1969-12-31 23:59:59.999999")] * 2


def test_a_message_of_the_last_nanosecond_counts_on_its_own_day(tmp_path):
    folder = write_with(tmp_path, "messages", [message(NOON)], sent_at=nanoseconds(None, LAST))
    daily = activity.incoming_messages(edition_in(folder, WEEK, tmp_path, services=["activity"])).value
    assert daily["incoming_messages"].tolist() == [0, 0, 0, 0, 0, 0, 1]


def test_old_timestamps_of_spark_are_cut_as_well(tmp_path):
    stored = arrow_table("messages", [message(NOON)])
    position = stored.schema.get_field_index("sent_at")
    stored = stored.set_column(position, "sent_at", nanoseconds(None, LAST))
    pq.write_table(stored, tmp_path / "messages.parquet", use_deprecated_int96_timestamps=True)
    assert found(tmp_path, "sent_at") == [at("2026-11-15 23:59:59.999999")]


@pytest.mark.parametrize("kind", ["TIMESTAMP_NS", "TIMESTAMPTZ_NS"])
def test_nanoseconds_in_a_duckdb_file_are_cut(tmp_path, kind):
    folder = write_with(tmp_path, "messages", [message(NOON)], sent_at=nanoseconds("UTC", LAST))
    connection = ibis.duckdb.connect(tmp_path / "all.duckdb")
    given = f"SELECT * REPLACE (sent_at::{kind} AS sent_at) FROM '{folder / 'messages.parquet'}'"
    connection.raw_sql(f"CREATE TABLE messages AS {given}")
    connection.disconnect()
    edition = edition_in("duckdb://all.duckdb", WEEK, tmp_path, services=["activity"])
    assert edition.fetch(edition.rows("messages"))["sent_at"][0] == at("2026-11-15 23:59:59.999999")


def test_nanoseconds_in_memory_are_cut():
    rows = ibis.memtable(pa.table({"sent_at": nanoseconds(None, LAST)}))
    assert rows.select(cut=instant(rows.sent_at)).to_pandas()["cut"][0] == at("2026-11-15 23:59:59.999999")


# Columns without a value


@pytest.mark.parametrize("kind", ["object", "float64", "datetime64[ns]", "int64", "bool", "string"])
def test_a_table_without_rows_is_read_whatever_types_pandas_gave_it(tmp_path, kind):
    columns = {column.name: pd.Series([], dtype=kind) for column in TABLES["agent_sessions"].columns}
    pd.DataFrame(columns).to_parquet(tmp_path / "agent_sessions.parquet")
    edition = edition_of(tmp_path, WEEK, {"messages": [message(NOON)]})
    sessions = edition.fetch(edition.rows("agent_sessions"))
    assert list(sessions.columns)[:4] == ["session_id", "agent_id", "connected_at", "disconnected_at"]
    assert sessions.empty
    assert contact_center.handled_vs_missed(edition).available


def test_columns_without_a_value_are_null_whatever_their_types(tmp_path):
    stays = [assignment("s1", NOON, NOON), assignment("s2", NOON, NOON)]
    nothing = {
        "closed_at": pa.array([GAP, None], from_pandas=False),
        "closing_reason": pa.array([None, None], pa.bool_()),
        "queue": pa.array([None, None], pa.float64()),
        "transferred_from": pa.nulls(2),
    }
    write_with(tmp_path, "assignments", stays, **nothing)
    write_tables(tmp_path, messages=[message(NOON)], agent_sessions=[session("a1", NOON)])
    edition = edition_in(tmp_path, WEEK, tmp_path)
    assert edition.fetch(edition.rows("assignments"))[list(nothing)].isna().all(axis=None)


def test_partitions_of_which_some_have_no_value_and_others_floats_are_one_column(tmp_path):
    given = {"10": pa.nulls(1), "11": pa.array([1.0]), "12": pa.array([2])}
    for day, values in given.items():
        rows = [message(f"2026-11-{day} 12:00:00")]
        path = write_with(
            tmp_path / "messages" / f"date=2026-11-{day}", "messages", rows, assignment_id=values
        )
        assert path.is_dir()
    assert found(tmp_path, "assignment_id") == [None, "1", "2"]


# PostgreSQL


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("integer", 1, "1"),
        ("bigint", 2**63 - 1, "9223372036854775807"),
        ("double precision", 7.0, "7"),
        ("real", 7.0, "7"),
        ("numeric", Decimal("7.000"), "7"),
        ("numeric(20, 2)", Decimal("7.00"), "7"),
        ("numeric(38, 0)", 10**37, "1" + "0" * 37),
        ("uuid", UUID(int=7), "00000000-0000-0000-0000-000000000007"),
        ("text", " \t\n", None),
        ("double precision", GAP, None),
    ],
)
def test_ids_of_every_type_are_read_from_postgresql(postgres, database, tmp_path, kind, value, text):
    columns = [
        f"{c.name} {kind if c.name == 'assignment_id' else 'timestamp' if c.kind == 'instant' else 'text'}"
        for c in TABLES["messages"].columns
    ]
    database.execute(f"CREATE TABLE messages ({', '.join(columns)})")
    row = ("m1", "c1", "u1", datetime(2026, 11, 10, 12), "incoming", "user", value, " ", "", None)
    database.execute(f"INSERT INTO messages VALUES ({', '.join(['%s'] * len(row))})", row)
    edition = edition_in(f"{postgres}&schema=reports", WEEK, tmp_path, services=["activity"])
    stored = edition.fetch(edition.rows("messages"))[["assignment_id", "intent", "language", "channel"]]
    assert rows_of(stored) == [(text, None, None, None)]


@pytest.mark.parametrize("value", ["1.5", "'Infinity'", "9007199254740992"])
def test_a_number_that_is_no_id_is_refused_in_postgresql(postgres, database, tmp_path, value):
    kinds = {"id": "double precision", "text": "text", "instant": "timestamp"}
    columns = ", ".join(f"{c.name} {kinds[c.kind]}" for c in TABLES["messages"].columns)
    database.execute(f"CREATE TABLE messages ({columns})")
    row = f"1, 1, {value}, '{NOON}', 'incoming', 'user'"
    database.execute(f"INSERT INTO messages VALUES ({row})")
    with pytest.raises(
        ContractError, match="column user_id of table messages is a number that has a fraction"
    ):
        edition_in(f"{postgres}&schema=reports", WEEK, tmp_path, services=["activity"])
