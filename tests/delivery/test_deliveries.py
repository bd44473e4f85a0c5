"""What the review shows of deliveries."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

from tidings.delivery.deliveries import read_deliveries
from tidings.delivery.ledger import FILE_NAME, Key, StoredMessage, open_ledger
from tidings.delivery.messages import REPORT
from tidings.review.lines import Delivered

NOW = datetime(2026, 11, 16, 6, tzinfo=UTC)


def _write_ledger(folder) -> None:
    with open_ledger(folder / FILE_NAME) as ledger:
        keys = [Key("acme", REPORT, "2026-W46", f"{name}@example.com") for name in ("ana", "bob")]
        messages = [StoredMessage(key.token, "reports@example.com", key.recipient, b"x") for key in keys]
        ledger.enqueue([(key, "d1", message) for key, message in zip(keys, messages, strict=True)], NOW)


def test_deliveries_are_counted_by_state_for_each_edition(tmp_path):
    _write_ledger(tmp_path)
    assert read_deliveries(tmp_path) == {("acme", "2026-W46"): Delivered({"queued": 2}, frozenset())}


def test_without_a_ledger_nothing_is_known_and_none_is_made(tmp_path):
    assert read_deliveries(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_of_a_damaged_ledger_nothing_is_known(tmp_path):
    (tmp_path / FILE_NAME).write_text("no ledger")
    assert read_deliveries(tmp_path) is None


def test_of_a_ledger_with_a_damaged_row_nothing_is_known(tmp_path):
    _write_ledger(tmp_path)
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as ledger, ledger:
        ledger.execute("UPDATE deliveries SET changed_at = 'then'")
    assert read_deliveries(tmp_path) is None


def test_the_ledger_is_only_read_even_one_of_an_earlier_version(tmp_path):
    _write_ledger(tmp_path)
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as ledger, ledger:
        ledger.executescript("DROP TABLE paused; PRAGMA user_version = 2")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    assert read_deliveries(tmp_path) == {("acme", "2026-W46"): Delivered({"queued": 2}, frozenset())}
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
