from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from support.random_rows import CLOCK_CHANGE, assert_same_numbers, random_tables
from support.tables import arrow_table, at, edition_in, edition_of, message, write_tables

from tidings.errors import ContractError, SourceError
from tidings.metrics.edition import Edition
from tidings.sources.contract import TABLES

WEEK = "2026-W46"
NOON = "2026-11-10 12:00:00"


def put(folder: Path, place: str, *rows: dict, **columns: list) -> None:
    """Write messages as one Parquet file, with more columns than the contract's."""
    stored = arrow_table("messages", list(rows))
    for name, values in columns.items():
        stored = stored.append_column(name, pa.array(values))
    path = folder / "messages" / place
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(stored, path)


def opened(folder: Path, **keys) -> Edition:
    return edition_in(folder, WEEK, folder, services=["activity"], **keys)


def refusal(folder: Path, **keys) -> SourceError:
    with pytest.raises(SourceError) as refused:
        opened(folder, **keys)
    return refused.value


def users(edition: Edition) -> list[str]:
    return sorted(edition.fetch(edition.rows("messages"))["user_id"])


# Columns that a folder names


@pytest.mark.parametrize("shared", [True, False])
def test_a_row_of_another_tenant_in_a_tenants_partition_is_refused(tmp_path, shared):
    put(tmp_path, "tenant_id=acme/a.parquet", message(NOON), tenant_id=["acme"])
    put(tmp_path, "tenant_id=acme/b.parquet", message(NOON), message(NOON), tenant_id=["acme", "other"])
    refused = refusal(tmp_path, tenant_column=shared)
    assert "column tenant_id of table messages is another in a row than in the name of the partition" in str(
        refused
    )
    assert refused.where == f"source {tmp_path}, messages/tenant_id=acme/b.parquet"
    assert "put each row into the partition of its own tenant_id" in refused.remedy


@pytest.mark.parametrize("given", [["acme"], [None]])
def test_a_partition_may_hold_the_column_as_well_or_leave_it_null(tmp_path, given):
    put(tmp_path, "tenant_id=acme/a.parquet", message(NOON, user="own"), tenant_id=given)
    put(tmp_path, "tenant_id=other/a.parquet", message(NOON, user="other"), tenant_id=["other"])
    assert users(opened(tmp_path, tenant_column=True)) == ["own"]


@pytest.mark.parametrize("given", [[7], [7.0], ["7"]])
def test_a_tenants_partition_agrees_with_a_number_of_its_rows(tmp_path, given):
    put(tmp_path, "tenant_id=7/a.parquet", message(NOON), tenant_id=given)
    assert len(users(opened(tmp_path, tenant_column=True, id="7"))) == 1
    put(tmp_path, "tenant_id=7/b.parquet", message(NOON), tenant_id=[70])
    assert "tenant_id=7" in str(refusal(tmp_path, tenant_column=True, id="7"))


def test_another_spelling_of_the_columns_name_hides_no_contradiction(tmp_path):
    put(tmp_path, "tenant_id=acme/a.parquet", message(NOON), Tenant_ID=["other"])
    assert "is another in a row" in str(refusal(tmp_path, tenant_column=True))


def test_a_column_of_the_contract_in_the_name_of_a_folder_must_agree_with_its_rows(tmp_path):
    put(tmp_path, "channel=web/a.parquet", message(NOON, channel=None))
    put(tmp_path, "channel=a%20b/a.parquet", message(NOON, channel=None))
    edition = opened(tmp_path)
    assert sorted(edition.fetch(edition.rows("messages"))["channel"]) == ["a b", "web"]
    put(tmp_path, "channel=web/b.parquet", message(NOON, channel="app"))
    assert "column channel of table messages is another in a row" in str(refusal(tmp_path))


def test_the_folder_for_null_is_null(tmp_path):
    put(tmp_path, "channel=__HIVE_DEFAULT_PARTITION__/a.parquet", message(NOON))
    edition = opened(tmp_path)
    assert edition.fetch(edition.rows("messages"))["channel"].isna().all()


# Dates


def test_a_row_days_away_from_the_date_of_its_partition_is_refused(tmp_path):
    put(
        tmp_path, "date=2026-11-10/a.parquet", message(NOON), message("2026-11-13 00:00:00", message_id="odd")
    )
    refused = refusal(tmp_path)
    assert "column sent_at of table messages is on another day than the date of the partition" in str(refused)
    assert "message_id: odd" in str(refused)
    assert refused.where == f"source {tmp_path}, messages/date=2026-11-10/a.parquet"
    assert "put each row into the partition of its own day" in refused.remedy


@pytest.mark.parametrize("day", ["2026-11-17", "2026-11-25", "2026-06-01", "2027-01-01"])
def test_a_row_of_the_period_in_a_partition_of_another_time_is_not_missed(tmp_path, day):
    put(tmp_path, "date=2026-11-10/a.parquet", message(NOON))
    put(tmp_path, f"date={day}/late.parquet", message("2026-11-15 12:00:00", message_id="late"))
    refused = refusal(tmp_path)
    assert "message_id: late" in str(refused)
    assert refused.where == f"source {tmp_path}, messages/date={day}/late.parquet"


@pytest.mark.parametrize("hours", [-14, 0, 35])
def test_a_partition_by_the_local_date_is_no_contradiction(tmp_path, hours):
    instant = at("2026-11-10 00:00:00") + timedelta(hours=hours)
    put(tmp_path, "date=2026-11-10/a.parquet", message(instant))
    assert len(users(opened(tmp_path))) == 1


def test_rows_of_another_time_in_the_partitions_of_that_time_are_left_alone(tmp_path):
    put(tmp_path, "date=2026-11-10/a.parquet", message(NOON, user="now"))
    put(tmp_path, "date=2026-08-01/a.parquet", message("2026-02-01 12:00:00"))
    assert users(opened(tmp_path)) == ["now"]


def test_dates_say_nothing_where_no_partition_is_left_out_by_them(tmp_path):
    write_tables(tmp_path, messages=[message(NOON)])
    agents = pa.table({"agent_id": ["a1"], "name": ["Ana"], "role": ["support"]})
    (tmp_path / "agents" / "snapshot=2026-01-01").mkdir(parents=True)
    pq.write_table(agents, tmp_path / "agents" / "snapshot=2026-01-01" / "a.parquet")
    edition = opened(tmp_path)
    assert edition.fetch(edition.history("agents"))["name"].tolist() == ["Ana"]


def test_a_date_above_the_tables_own_folder_says_nothing_of_its_rows(tmp_path):
    folder = tmp_path / "messages" / "run=2026-12-24"
    put(folder, "date=2026-11-10/a.parquet", message(NOON))
    assert len(users(opened(folder))) == 1


def test_only_the_tenants_own_rows_are_held_against_a_partition(tmp_path):
    rows = [message(NOON, user="own"), message("2026-11-14 12:00:00", user="other")]
    put(tmp_path, "date=2026-11-10/a.parquet", *rows, tenant_id=["acme", "other"])
    assert users(opened(tmp_path, tenant_column=True)) == ["own"]
    with pytest.raises(ContractError, match="on another day than the date of the partition"):
        opened(tmp_path, tenant_column=True, id="other")


def test_every_number_is_the_same_from_partitions_as_from_one_file(tmp_path):
    tables = random_tables(seed=24)
    whole = edition_of(tmp_path / "whole", CLOCK_CHANGE, tables)
    for name, rows in tables.items():
        instant = TABLES[name].happened_at
        days = {str(row[instant].date()) if instant else "none" for row in rows}
        for day in days:
            path = tmp_path / "parts" / name / "tenant_id=acme" / f"date={day}"
            path.mkdir(parents=True)
            here = [row for row in rows if not instant or str(row[instant].date()) == day]
            pq.write_table(arrow_table(name, here), path / "a.parquet")
    parts = edition_in(tmp_path / "parts", CLOCK_CHANGE, tmp_path, tenant_column=True)
    assert_same_numbers(whole, parts)
