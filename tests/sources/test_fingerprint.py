"""What tells that a tenant's data have changed: its files, as far as they bear on the period."""

import os
from datetime import date
from pathlib import Path

import pytest
from support.tables import tenant

from tidings.errors import SourceError
from tidings.sources.fingerprint import fingerprint

SUNDAY = date(2026, 11, 15)


def put(folder: Path, place: str) -> Path:
    """A file in its place; nobody looks into it."""
    path = folder / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"PAR1")
    return path


def of(folder: Path):
    return fingerprint(tenant(folder, tenant_column=True), folder, SUNDAY)


def test_it_changes_with_the_tenants_own_files_and_with_no_others(tmp_path):
    path = put(tmp_path, "messages/tenant_id=acme/date=2026-11-10/a.parquet")
    put(tmp_path, "messages/tenant_id=other/date=2026-11-10/a.parquet")
    before = of(tmp_path)
    assert [entry[0] for entry in before] == [str(path)]
    put(tmp_path, "messages/tenant_id=other/date=2026-11-11/a.parquet")
    assert of(tmp_path) == before
    os.utime(path, ns=(1, 1))
    assert of(tmp_path) != before


@pytest.mark.parametrize(("table", "counts"), [("messages", False), ("assignments", True)])
def test_later_days_count_where_they_change_what_earlier_rows_mean(tmp_path, table, counts):
    put(tmp_path, f"{table}/date=2026-11-10/a.parquet")
    before = of(tmp_path)
    put(tmp_path, f"{table}/date=2026-11-30/a.parquet")
    assert (of(tmp_path) != before) is counts


def test_a_database_cannot_tell(tmp_path):
    assert fingerprint(tenant("postgres://nowhere.invalid/reports"), tmp_path, SUNDAY) is None


def test_a_sqlite_file_tells_by_itself_its_log_and_its_mapping(tmp_path):
    store, log, mapping = (tmp_path / name for name in ("store.db", "store.db-wal", "own.sql"))

    def found():
        return fingerprint(tenant("sqlite://store.db", mapping="own.sql"), tmp_path, SUNDAY)

    seen = [found()]
    for path, text in ((store, "a"), (mapping, "b"), (log, "c"), (store, "changed")):
        path.write_text(text)
        assert found() == found()
        seen.append(found())
    assert len({str(each) for each in seen}) == 5


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(SourceError, match="there is no such folder"):
        of(tmp_path / "missing")
