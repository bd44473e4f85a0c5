from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from support.tables import arrow_table, assignment, edition_in, edition_of, message, session, write_tables

from tidings.errors import ContractError
from tidings.metrics.edition import check_table
from tidings.sources.contract import TABLES

WEEK = "2026-W46"
NOON, ONE, TWO = (f"2026-11-10 {hour}:00:00" for hour in (12, 13, 14))


def refusal(folder: Path, **tables) -> str:
    """What is said of rows that break the contract; never more than a few lines."""
    with pytest.raises(ContractError) as refused:
        edition_of(folder, WEEK, tables)
    assert refused.value.where.startswith(f"source {folder}, ")
    assert refused.value.remedy
    assert len(str(refused.value)) < 1_500
    return str(refused.value)


def refusal_of_column(folder: Path, name: str, column: str, values: pa.Array | None) -> str:
    """What is said of a table one column of which is other than it should be, or not there."""
    rows = {"messages": [message(NOON)], "users": [], "assignments": [assignment("s1", NOON)]}[name]
    stored = arrow_table(name, rows)
    position = stored.schema.get_field_index(column)
    stored = stored.remove_column(position) if values is None else stored.set_column(position, column, values)
    folder.mkdir(exist_ok=True)
    write_tables(folder, messages=[message(NOON)])
    pq.write_table(stored, folder / f"{name}.parquet")
    with pytest.raises(ContractError) as refused:
        edition_in(folder, WEEK, folder, services=["activity"])
    return str(refused.value)


def test_every_table_has_its_key_and_its_instants_among_its_columns():
    for table in TABLES.values():
        named = {table.key, table.happened_at, table.ended_at, *(n for pair in table.ordered for n in pair)}
        assert named - {None} <= {column.name for column in table.columns}
        assert not table.column(table.key).nullable


def test_rows_that_keep_the_contract_pass(tmp_path):
    stays = [assignment("s1", NOON, NOON, NOON, agent_role="tech"), assignment("s2", NOON)]
    logins = [session("a1", NOON, NOON), session("a1", NOON)]
    edition_of(tmp_path, WEEK, {"messages": [message(NOON)], "assignments": stays, "agent_sessions": logins})


def test_a_missing_column_is_named_with_those_found(tmp_path):
    told = refusal_of_column(tmp_path, "messages", "user_id", None)
    assert "messages.parquet: column user_id of table messages is missing" in told
    assert "the columns found are message_id, conversation_id, sent_at" in told


@pytest.mark.parametrize(
    ("column", "values", "found", "wanted"),
    [
        ("message_id", pa.array([True]), "boolean", "text (ids are strings)"),
        ("sent_at", pa.array([20_000], pa.date32()), "date", "a timestamp in UTC"),
        ("intent", pa.array([True]), "boolean", "text"),
        ("intent", pa.array([["a"] * 3]), "array<string>", "text"),
    ],
)
def test_a_column_of_the_wrong_type_is_named_with_both_types(tmp_path, column, values, found, wanted):
    told = refusal_of_column(tmp_path, "messages", column, values)
    assert f"column {column} of table messages is of type {found}, where the contract wants {wanted}" in told


def test_the_remedy_for_ids_of_another_type_does_not_write_them_as_floats(tmp_path):
    told = refusal_of_column(tmp_path, "messages", "message_id", pa.array([True]))
    assert 'write message_id as text: in pandas, by astype("Int64").astype("string")' in told


@pytest.mark.parametrize("values", [pa.nulls(1), pa.array([None], pa.int64()), pa.array([""])], ids=str)
def test_a_column_of_any_type_without_a_value_is_null(tmp_path, values):
    told = refusal_of_column(tmp_path, "messages", "sent_at", values)
    assert "column sent_at of table messages is null in row" in told


@pytest.mark.parametrize(
    "column", ["message_id", "conversation_id", "user_id", "sent_at", "direction", "sender"]
)
def test_a_null_where_none_may_be_is_refused_with_its_row(tmp_path, column):
    odd = message(NOON) | {"channel": "odd", column: None}
    told = refusal(tmp_path, messages=[message(NOON), odd])
    assert f"messages.parquet: column {column} of table messages is null in row {{" in told
    assert "channel: odd" in told


@pytest.mark.parametrize(
    ("name", "rows", "column"),
    [
        ("messages", [message(NOON, message_id="odd", direction="sideways")], "direction"),
        ("messages", [message(NOON, message_id="odd", sender="Bot")], "sender"),
        ("assignments", [assignment("odd", NOON, agent_role="chief")], "agent_role"),
    ],
)
def test_an_unknown_value_is_refused_with_those_that_are_known(tmp_path, name, rows, column):
    told = refusal(tmp_path, **{name: rows})
    assert f"{name}.parquet: column {column} of table {name} has an unknown value in row {{" in told
    assert "_id: odd" in told
    assert f"write one of {', '.join(TABLES[name].column(column).values)}" in told


@pytest.mark.parametrize(
    ("name", "row", "later", "earlier"),
    [
        ("assignments", assignment("odd", TWO, ONE), "answered_at", "assigned_at"),
        ("assignments", assignment("odd", NOON, TWO, ONE), "closed_at", "answered_at"),
        ("assignments", assignment("odd", TWO, None, ONE), "closed_at", "assigned_at"),
        ("agent_sessions", session("odd", TWO, ONE), "disconnected_at", "connected_at"),
        (
            "conversations",
            {"conversation_id": "odd", "user_id": "u1"}
            | {"started_at": message(TWO)["sent_at"], "ended_at": message(ONE)["sent_at"]},
            "ended_at",
            "started_at",
        ),
    ],
)
def test_an_end_before_its_start_is_counted_and_not_refused(tmp_path, name, row, later, earlier):
    tables = {"messages": [message(NOON)]} | {name: [row]}
    counts = edition_of(tmp_path, WEEK, tables).cached(check_table, name)
    assert (counts["rows"], counts["now"]) == (1, 1)
    assert counts[f"{earlier} {later}"] == counts[f"{earlier} {later} now"] == 1


def test_a_duplicate_id_is_refused_with_how_often_it_is_there(tmp_path):
    rows = [message(NOON, message_id=name) for name in ("once", "thrice", "thrice", "thrice")]
    told = refusal(tmp_path, messages=rows)
    assert "messages.parquet: column message_id of table messages holds 'thrice' 3 times" in told
    assert "keep one row for each message_id" in told


def test_further_bad_rows_are_counted(tmp_path):
    told = refusal(tmp_path, messages=[message(NOON, sender="x") for _ in range(1_235)])
    assert "(and in 1,234 more rows)" in told


def test_only_rows_that_count_for_the_period_or_the_one_before_are_refused(tmp_path):
    old = message("2026-01-01 12:00:00", message_id="m0", sender="x")
    edition_of(tmp_path / "a", WEEK, {"messages": [message(NOON), old, old]})
    before = message("2026-11-02 00:00:00", sender="x")
    assert "has an unknown value" in refusal(tmp_path / "b", messages=[message(NOON), before])


def test_hostile_text_in_a_row_is_shortened_and_made_harmless(tmp_path):
    text = "\x1b[2J\r\nerror: none\u202e" + "x" * 10_000
    row = message(NOON, message_id=text, sender="x", channel=text)
    for rows in ([row], [row | {"sender": "bot"}] * 2):
        told = refusal(tmp_path, messages=rows)
        assert "·[2J··error: none·xxx" in told
        assert "…" in told
        assert all(character.isprintable() or character == "\n" for character in told)


def test_a_table_of_a_thousand_strange_columns_is_named_by_some_of_them(tmp_path):
    pq.write_table(pa.table({f"\x07{n}": [n] for n in range(1_000)}), tmp_path / "messages.parquet")
    with pytest.raises(ContractError, match=r"·0, ·1, .*, ·39 and 960 more"):
        edition_in(tmp_path, WEEK, tmp_path, services=["activity"])


def test_the_very_file_of_a_bad_row_is_named(tmp_path):
    for day in (10, 11, 12):
        sender = "x" if day == 11 else "bot"
        rows = [message(f"2026-11-{day} 12:00:00", channel=None, sender=sender)]
        path = tmp_path / "messages" / f"date=2026-11-{day}" / "part-0.parquet"
        path.parent.mkdir(parents=True)
        pq.write_table(arrow_table("messages", rows), path)
    (tmp_path / "messages" / "date=2020-01-01").mkdir()
    with pytest.raises(ContractError) as refused:
        edition_in(tmp_path, WEEK, tmp_path, services=["activity"])
    assert refused.value.where == f"source {tmp_path}, messages/date=2026-11-11/part-0.parquet"


def test_the_file_of_a_duplicate_is_named_and_a_damaged_one_elsewhere_hides_nothing(tmp_path):
    rows = [message(NOON, message_id="twin")]
    for part in (1, 2):
        path = tmp_path / "messages" / "date=2026-11-10" / f"part-{part}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(arrow_table("messages", rows), path)
    with pytest.raises(ContractError) as refused:
        edition_in(tmp_path, WEEK, tmp_path, services=["activity"])
    assert refused.value.where == f"source {tmp_path}, messages/date=2026-11-10/part-1.parquet"


# Instants that have not come


def told_at(folder: Path, read_at: datetime, tables: dict[str, list[dict]]) -> str | None:
    """What is said of rows that are read at an instant; None where nothing is."""
    try:
        edition_of(folder, WEEK, tables, read_at=read_at)
    except ContractError as refused:
        return str(refused)
    return None


READ = datetime(2026, 11, 16, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "row", "column"),
    [
        ("assignments", assignment("odd", NOON, NOON, "2099-01-01 00:00:00"), "closed_at"),
        ("assignments", assignment("odd", NOON, "9999-12-31 23:59:59"), "answered_at"),
        ("agent_sessions", session("odd", NOON, "2026-11-16 07:00:01"), "disconnected_at"),
        (
            "conversations",
            {"conversation_id": "odd", "user_id": "u1", "started_at": datetime(2026, 11, 10)}
            | {"ended_at": datetime(2262, 4, 12)},
            "ended_at",
        ),
    ],
)
def test_an_instant_that_has_not_come_is_refused_with_its_row(tmp_path, name, row, column):
    told = told_at(tmp_path, READ, {"messages": [message(NOON)], name: [row]})
    assert f"{name}.parquet: column {column} of table {name} is later than now (2026-11-16 06:00 UTC)" in told
    assert "odd" in told
    assert "write an instant that has come, or null for what has not happened yet" in told


def test_clocks_may_be_an_hour_apart_and_the_reading_may_have_any_zone(tmp_path):
    tables = {"assignments": [assignment("s1", NOON, NOON, "2026-11-16 07:00:00")]}
    assert told_at(tmp_path, READ, tables) is None
    assert told_at(tmp_path, READ.astimezone(ZoneInfo("America/Bogota")), tables) is None
    assert "is later than now" in told_at(tmp_path, READ - timedelta(seconds=1), tables)


def test_an_instant_that_has_not_come_in_a_row_that_is_not_measured_is_left_alone(tmp_path):
    later = assignment("s9", "2027-01-01 00:00:00", None, "2099-01-01 00:00:00")
    assert told_at(tmp_path, READ, {"assignments": [later], "messages": [message(NOON)]}) is None
