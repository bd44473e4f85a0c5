from datetime import date
from pathlib import Path

import pytest
import s3fs
from support.object_stores import empty_bucket
from support.tables import edition_in, message, tenant, write_tables

from tidings.errors import ContractError, SourceError
from tidings.metrics import activity
from tidings.metrics.edition import Edition
from tidings.sources.contract import Window
from tidings.sources.files import FileSource
from tidings.sources.fingerprint import fingerprint
from tidings.sources.location import Location
from tidings.sources.source import Source

MONDAY, TUESDAY = "2026-11-09 12:00:00", "2026-11-10 12:00:00"
SUNDAY = date(2026, 11, 15)


@pytest.fixture
def bucket(object_store, monkeypatch) -> s3fs.S3FileSystem:
    """An empty bucket ``reports``, found as the environment says."""
    return empty_bucket(object_store, monkeypatch)


def opened(source: str, **keys) -> Edition:
    return edition_in(source, "2026-W46", Path(), services=["activity"], **keys)


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
    location = Location.of("s3://reports/all")
    shared = Source(FileSource.open(location, Path()), tenant(location.written, tenant_column=True))
    assert len(shared.fetch(shared.rows("messages", Window(date(2026, 11, 9), date(2026, 11, 15))))) == 1


def test_the_fingerprint_changes_with_the_data(bucket, tmp_path):
    put(bucket, tmp_path, "acme/messages.parquet", [message(MONDAY)])
    acme = tenant("s3://reports/acme")
    before = fingerprint(acme, Path(), SUNDAY)
    assert before == fingerprint(acme, Path(), SUNDAY)
    put(bucket, tmp_path, "acme/messages.parquet", [message(MONDAY), message(TUESDAY)])
    s3fs.S3FileSystem.clear_instance_cache()
    after = fingerprint(acme, Path(), SUNDAY)
    assert after != before
    assert [entry[0] for entry in after] == ["s3://reports/acme/messages.parquet"]


def test_a_bad_row_is_named_with_its_file(bucket, tmp_path):
    place = "acme/messages/date=2026-11-10/a.parquet"
    put(bucket, tmp_path, place, [message(TUESDAY, sender="x")])
    with pytest.raises(ContractError) as refused:
        opened("s3://reports/acme")
    assert refused.value.where == "source s3://reports/acme, messages/date=2026-11-10/a.parquet"


def test_a_missing_prefix_and_a_damaged_file_are_clear_messages(bucket, tmp_path):
    with pytest.raises(SourceError, match="source s3://reports/nothing: there is no such folder"):
        opened("s3://reports/nothing")
    bucket.pipe("reports/bad/messages.parquet", b"PAR1 and then nothing")
    with pytest.raises(SourceError, match=r"source s3://reports/bad, messages\.parquet: cannot be read"):
        opened("s3://reports/bad")


def test_a_store_that_does_not_answer_is_one_message_without_the_key(bucket, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setattr(s3fs.S3FileSystem, "retries", 1)
    s3fs.S3FileSystem.clear_instance_cache()
    with pytest.raises(SourceError) as refused:
        opened("s3://reports/acme")
    assert "source s3://reports/acme: cannot be reached" in str(refused.value)
    assert "s3cret-key" not in str(refused.value)
    s3fs.S3FileSystem.clear_instance_cache()
