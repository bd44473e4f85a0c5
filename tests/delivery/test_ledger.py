"""The ledger: each message once, in one state, with every attempt."""

import errno
import sqlite3
import zlib
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from support.messages import NOW, enqueued, message_to

from tidings.delivery import ledger as ledger_module
from tidings.delivery.errors import LedgerBroken, Misconfigured
from tidings.delivery.ledger import Key, copy_ledger, open_ledger
from tidings.delivery.states import Attempt, State, plain_answer
from tidings.errors import DeliveryError

FINE = Attempt(State.SENT, "250 taken")


def _attempt(ledger, delivery, outcome, by="smtp mail:587"):
    assert ledger.claim(delivery.id, by, NOW)
    ledger.settle(delivery.id, outcome, NOW + timedelta(seconds=3))


def test_a_message_is_queued_then_sending_then_settled(ledger):
    (delivery,) = enqueued(ledger, "ana@example.com")
    assert (delivery.state, delivery.attempts, delivery.by) == (State.QUEUED, 0, None)
    assert ledger.claim(delivery.id, "smtp mail:587", NOW)
    assert ledger.find(delivery.key).state is State.SENDING
    ledger.settle(delivery.id, FINE, NOW)
    settled = ledger.find(delivery.key)
    assert (settled.state, settled.attempts) == (State.SENT, 1)
    assert (settled.by, settled.answer) == ("smtp mail:587", "250 taken")


@pytest.mark.parametrize("state", sorted(set(State) - {State.QUEUED, State.FAILED}))
def test_only_what_no_server_has_accepted_can_be_claimed(ledger, state):
    (delivery,) = enqueued(ledger, "ana@example.com")
    _attempt(ledger, delivery, Attempt(state, ""))
    assert not ledger.claim(delivery.id, "smtp", NOW)


def test_every_attempt_is_kept(ledger, tmp_path):
    (delivery,) = enqueued(ledger, "ana@example.com")
    _attempt(ledger, delivery, Attempt(State.FAILED, "451 later"))
    _attempt(ledger, delivery, FINE)
    rows = sqlite3.connect(tmp_path / "outputs" / "_delivery.sqlite").execute(
        "SELECT begun_at, ended_at, outcome, answer FROM attempts ORDER BY id"
    )
    begun, ended = "2026-11-18T12:00:00+00:00", "2026-11-18T12:00:03+00:00"
    assert rows.fetchall() == [(begun, ended, "failed", "451 later"), (begun, ended, "sent", "250 taken")]


def test_a_message_that_was_not_accepted_gives_way_to_a_newer_one(ledger):
    (delivery,) = enqueued(ledger, "ana@example.com", text="old")
    enqueued(ledger, "ana@example.com", text="new")
    assert b"new" in ledger.message(delivery.id).content
    assert len(ledger.deliveries()) == 1


@pytest.mark.parametrize("state", [State.SENT, State.REFUSED, State.UNCERTAIN])
def test_a_settled_message_stays_as_it_was(ledger, state):
    (delivery,) = enqueued(ledger, "ana@example.com", text="old")
    _attempt(ledger, delivery, Attempt(state, ""))
    enqueued(ledger, "ana@example.com", text="new")
    assert b"old" in ledger.message(delivery.id).content
    assert ledger.find(delivery.key).state is state


def test_a_body_is_kept_once_though_each_letter_has_a_link_of_its_own(ledger, tmp_path):
    written = []
    for number in range(50):
        to = f"reader{number}@example.com"
        token = Key("acme", "report", "2026-W46", to).token
        written.append(message_to(to, text=f"é{'x' * 40} https://example.com/stop?who={token}"))
    ledger.enqueue(((key, "edition", message) for key, message in written), NOW)
    with closing(sqlite3.connect(tmp_path / "outputs" / "_delivery.sqlite")) as database:
        assert database.execute("SELECT count(*) FROM bodies").fetchone() == (1,)
    assert [ledger.message(ledger.find(key).id) for key, _ in written] == [message for _, message in written]


@pytest.mark.parametrize("damage", ["state = 'gone'", "changed_at = 'x'", "queued_at = ''"])
def test_a_damaged_row_is_told_as_a_broken_ledger(tmp_path, damage):
    path = tmp_path / "ledger.sqlite"
    with open_ledger(path) as ledger:
        enqueued(ledger, "ana@example.com")
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA ignore_check_constraints = ON")
        database.execute(f"UPDATE deliveries SET {damage}")
        database.commit()
    with pytest.raises(LedgerBroken, match="damaged"), open_ledger(path) as ledger:
        ledger.deliveries()


def test_a_message_that_cannot_be_unpacked_is_not_sent(ledger, tmp_path):
    (delivery,) = enqueued(ledger, "ana@example.com")
    with closing(sqlite3.connect(tmp_path / "outputs" / "_delivery.sqlite")) as database:
        database.execute("UPDATE bodies SET content = x'00'")
        database.commit()
    with pytest.raises(DeliveryError, match="is damaged"):
        ledger.message(delivery.id)


def test_messages_are_queued_together_or_not_at_all(ledger):
    key, message = message_to("ana@example.com")
    with pytest.raises(AttributeError):
        ledger.enqueue([(key, "edition", message), (key, "edition", None)], NOW)
    assert ledger.deliveries() == []


def test_what_a_killed_run_left_under_way_is_uncertain(ledger):
    left, untouched = enqueued(ledger, "ana@example.com", "bo@example.com")
    ledger.claim(left.id, "smtp mail:587", NOW)
    (uncertain,) = ledger.recover(None)
    assert (uncertain.key, uncertain.state, uncertain.changed_at) == (left.key, State.UNCERTAIN, NOW)
    assert ledger.find(untouched.key).state is State.QUEUED
    assert ledger.recover(None) == []


@pytest.mark.parametrize(("by", "state"), [("outbox", State.QUEUED), ("smtp mail:587", State.UNCERTAIN)])
def test_what_was_under_way_to_an_outbox_can_be_given_to_it_again(ledger, by, state):
    (delivery,) = enqueued(ledger, "ana@example.com")
    ledger.claim(delivery.id, by, NOW)
    ledger.recover("outbox")
    assert ledger.find(delivery.key).state is state


def test_one_mailbox_in_several_spellings_is_one_recipient(ledger):
    enqueued(ledger, "Ana@Example.COM")
    enqueued(ledger, "ana@example.com")
    enqueued(ledger, "ana@bücher.example")
    enqueued(ledger, "ana@xn--bcher-kva.example")
    assert len(ledger.deliveries()) == 2


def test_tenants_reports_periods_and_recipients_are_told_apart():
    keys = [("a", "r", "p", "x@e.com"), ("b", "r", "p", "x@e.com"), ("a", "s", "p", "x@e.com")]
    keys += [("a", "r", "q", "x@e.com"), ("a", "r", "p", "y@e.com"), ("a", "rp", "", "x@e.com")]
    assert len({Key(*words).token for words in keys}) == len(keys)


def test_a_message_read_ahead_is_the_one_that_is_written_down_in_the_end(ledger):
    (delivery,) = enqueued(ledger, "ana@example.com")
    assert ledger.read_ahead(delivery.id) == ledger.message(delivery.id)
    ledger.read_ahead(delivery.id)
    enqueued(ledger, "ana@example.com", text="Better news.")
    assert b"Better news." in ledger.message(delivery.id).content


def test_a_damaged_message_is_not_sent(ledger, tmp_path):
    (delivery,) = enqueued(ledger, "ana@example.com")
    database = sqlite3.connect(tmp_path / "outputs" / "_delivery.sqlite")
    with database:
        database.execute("UPDATE deliveries SET digest = 'other'")
    with pytest.raises(DeliveryError, match="damaged"):
        ledger.message(delivery.id)


def test_messages_are_forgotten_in_time_and_what_came_of_them_is_not(ledger):
    sent, waiting = enqueued(ledger, "ana@example.com", "bo@example.com")
    _attempt(ledger, sent, FINE)
    ledger.forget_messages(NOW + timedelta(days=1))
    assert ledger.find(sent.key).state is State.SENT
    assert ledger.message(waiting.id).content
    with pytest.raises(DeliveryError, match="no longer kept"):
        ledger.message(sent.id)


@pytest.fixture
def synced(monkeypatch):
    """The names of the files that were synced, each as it was."""
    names, sync = [], ledger_module._sync_data

    def note(handle: int) -> None:
        sync(handle)
        names.append(Path(f"/proc/self/fd/{handle}").readlink().name)

    monkeypatch.setattr(ledger_module, "_sync_data", note)
    return names


def test_what_was_claimed_is_on_disk_once_that_is_waited_for(ledger, synced):
    (delivery,) = enqueued(ledger, "ana@example.com")
    ledger.claim(delivery.id, "smtp", NOW)
    ledger.sync()
    assert synced == ["_delivery.sqlite-wal"]


def test_a_disk_that_does_not_take_a_claim_is_told_before_the_letter_ends(ledger, monkeypatch):
    def fail(handle: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    (delivery,) = enqueued(ledger, "ana@example.com")
    monkeypatch.setattr(ledger_module, "_sync_data", fail)
    ledger.claim(delivery.id, "smtp", NOW)
    with pytest.raises(LedgerBroken, match=r"_delivery\.sqlite: cannot be read or written: Input/output"):
        ledger.sync()


@pytest.mark.parametrize("content", [b"no database at all, but long enough to be read as one" * 20, None])
def test_a_file_that_is_no_ledger_is_refused(tmp_path, content):
    path = tmp_path / "_delivery.sqlite"
    path.write_bytes(content) if content else path.mkdir()
    with pytest.raises(Misconfigured, match=r"_delivery\.sqlite"), open_ledger(path):
        pass


def test_a_copy_of_a_ledger_with_a_damaged_row_is_refused_as_the_ledger_is(tmp_path):
    path = tmp_path / "_delivery.sqlite"
    with open_ledger(path) as ledger:
        enqueued(ledger, "ana@example.com")
    with closing(sqlite3.connect(path)) as damaged, damaged:
        damaged.execute("UPDATE deliveries SET queued_at = 'then'")
    damage = r"_delivery\.sqlite: .*: an instant is damaged"
    with pytest.raises(LedgerBroken, match=damage), copy_ledger(path) as copy:
        copy.deliveries()


_WHOLE_LETTERS = """
DROP TABLE suppressed; DROP TABLE bounces; DROP TABLE paused; DROP TABLE letters; DROP TABLE bodies;
CREATE TABLE letters (delivery INTEGER PRIMARY KEY REFERENCES deliveries, content BLOB NOT NULL) STRICT;
"""


@pytest.mark.parametrize(("version", "lacks"), [(1, "DROP TABLE told;"), (2, "")])
def test_a_ledger_of_an_earlier_version_keeps_its_rows_and_learns_what_is_new(tmp_path, version, lacks):
    path = tmp_path / "_delivery.sqlite"
    with open_ledger(path) as ledger:
        sent, waiting = enqueued(ledger, "ana@example.com", "bo@example.com")
        _attempt(ledger, sent, Attempt(State.SENT, "250"))
        content = ledger.message(waiting.id).content
    with closing(sqlite3.connect(path)) as first, first:
        first.executescript(f"{lacks}{_WHOLE_LETTERS}PRAGMA user_version = {version}")
        first.execute("INSERT INTO letters VALUES (?, ?)", (waiting.id, zlib.compress(content)))
    for _ in range(2):
        with open_ledger(path) as ledger:
            assert ledger.find(sent.key).state is State.SENT
            assert (ledger.find(sent.key).attempts, ledger.find(sent.key).by) == (1, "smtp mail:587")
            assert ledger.message(waiting.id).content == content
            ledger.note_told(["it is held"], NOW)
            assert ledger.was_told("it is held", NOW)
            ledger.suppress("cy@example.com", "unsubscribed", NOW)
            assert list(ledger.suppressed()) == ["cy@example.com"]
    with closing(sqlite3.connect(path)) as upgraded:
        assert upgraded.execute("PRAGMA user_version").fetchone() == (3,)
        tables = upgraded.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
    with open_ledger(tmp_path / "new.sqlite"), closing(sqlite3.connect(tmp_path / "new.sqlite")) as new:
        assert tables == new.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()


def test_what_messages_have_in_common_is_kept_once(ledger, tmp_path):
    enqueued(ledger, *(f"reader{number}@example.com" for number in range(40)), text="news\n" * 100_000)
    files = (tmp_path / "outputs").iterdir()
    assert sum(file.stat().st_size for file in files) < 1_500_000, "and 40 times 600,000 bytes were sent"
    enqueued(ledger, "ana@example.com", text="other news")
    assert b"other news" in ledger.message(41).content
    assert ledger.message(40).content.count(b"news") == 100_000


def test_an_address_gets_nothing_until_it_is_released_however_it_is_spelled(ledger):
    assert ledger.suppress("Ana@Example.com", "unsubscribed", NOW)
    assert not ledger.suppress("ana@example.com", "bounced", NOW)
    assert ledger.suppressed() == {"ana@example.com": "unsubscribed, 2026-11-18"}
    assert ledger.release("ANA@example.com")
    assert ledger.suppressed() == {}


def test_a_report_of_a_bounce_counts_once(ledger):
    counts = [ledger.note_bounce(message, "ana@example.com", NOW) for message in ("a", "a", "b")]
    assert counts == [1, 1, 2]


def test_a_ledger_of_a_later_version_is_left_alone(tmp_path):
    path = tmp_path / "_delivery.sqlite"
    sqlite3.connect(path).execute("PRAGMA user_version = 99")
    with pytest.raises(Misconfigured, match="version 99"), open_ledger(path):
        pass


def test_a_servers_answer_is_shown_as_one_harmless_line():
    assert (
        plain_answer(b"5.1.1 no\r\nsuch \x1b[31muser\xff")
        == "5.1.1 no such ?[31muser\N{REPLACEMENT CHARACTER}"
    )
    assert len(plain_answer("x" * 9999)) == 500
