from datetime import UTC, datetime

import pytest
import s3fs
from support.tables import message, tenant, write_tables

from tidings.edition import Edition
from tidings.errors import SourceError
from tidings.metrics import activity
from tidings.period import parse_period
from tidings.sources import open_source
from tidings.sources.contract import TABLES, Window

NOW = datetime(2030, 1, 1, tzinfo=UTC)
MONDAY, TUESDAY = "2026-11-09 12:00:00", "2026-11-10 12:00:00"


@pytest.fixture
def bucket(object_store, monkeypatch) -> s3fs.S3FileSystem:
    """An empty bucket ``reports``, found as the environment says."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", object_store)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s3cret-key")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    s3fs.S3FileSystem.clear_instance_cache()
    store = s3fs.S3FileSystem()
    if store.exists("reports"):
        store.rm("reports", recursive=True)
    store.mkdir("reports")
    return store


def opened(source: str, **keys) -> Edition:
    who = tenant(source, services=["activity"], **keys)
    return Edition(who, parse_period("2026-W46", who, NOW), open_source(who, None))


def put(bucket, folder, place: str, rows: list[dict]) -> None:
    bucket.put(str(write_tables(folder, messages=rows) / "messages.parquet"), f"reports/{place}")


def test_a_prefix_is_read_as_a_folder_is(bucket, tmp_path, monkeypatch):
    monkeypatch.setenv("REPORTS_BUCKET", "reports")
    put(bucket, tmp_path, "acme/messages.parquet", [message(MONDAY), message(TUESDAY)])
    bucket.pipe("reports/acme/users.csv", b"user_id,first_seen_at\nu1,2026-11-10T12:00:00Z\n")
    edition = opened("s3://${REPORTS_BUCKET}/acme")
    assert activity.total_messages(edition).value == 2
    assert activity.new_users(edition).value == 1


def test_only_the_wanted_partitions_are_opened(bucket, tmp_path):
    put(bucket, tmp_path, "all/messages/tenant_id=acme/date=2026-11-10/a.parquet", [message(TUESDAY)])
    bucket.pipe("reports/all/messages/tenant_id=other/date=2026-11-10/a.parquet", b"damaged")
    bucket.pipe("reports/all/messages/tenant_id=acme/date=2026-12-10/a.parquet", b"damaged")
    edition = opened_window("s3://reports/all", tmp_path)
    assert len(edition) == 1


def opened_window(source: str, root) -> list:
    who = tenant(source, services=["activity"], tenant_column=True)
    from tidings.sources import Source, _backend
    from tidings.sources.location import Location

    opened = Source(_backend(Location.of(source), root), who)
    period = parse_period("2026-W46", who, NOW)
    return opened.fetch(opened.rows("messages", Window(period.first, period.last)))


def test_the_fingerprint_changes_with_the_data(bucket, tmp_path):
    put(bucket, tmp_path, "acme/messages.parquet", [message(MONDAY)])
    before = opened("s3://reports/acme").source.fingerprint()
    assert before == opened("s3://reports/acme").source.fingerprint()
    put(bucket, tmp_path, "acme/messages.parquet", [message(MONDAY), message(TUESDAY)])
    s3fs.S3FileSystem.clear_instance_cache()
    after = opened("s3://reports/acme").source.fingerprint()
    assert after != before
    assert str(TABLES["messages"].name) in after[0][0]


def test_a_missing_prefix_and_a_damaged_file_are_clear_messages(bucket, tmp_path):
    with pytest.raises(SourceError, match="source s3://reports/nothing: there is no such folder"):
        opened("s3://reports/nothing")
    bucket.pipe("reports/bad/messages.parquet", b"PAR1 and then nothing")
    with pytest.raises(SourceError, match=r"source s3://reports/bad, messages\.parquet: cannot be read"):
        opened("s3://reports/bad")


def test_a_store_that_does_not_answer_is_one_message_without_the_key(bucket, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    s3fs.S3FileSystem.clear_instance_cache()
    with pytest.raises(SourceError) as refused:
        opened("s3://reports/acme")
    assert "source s3://reports/acme: cannot be reached" in str(refused.value)
    assert "s3cret-key" not in str(refused.value)
    s3fs.S3FileSystem.clear_instance_cache()
