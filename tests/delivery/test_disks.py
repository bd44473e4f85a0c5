"""Disks that are full or damaged: one message, no traceback, nothing half there, and the next run goes on."""

import resource
from contextlib import contextmanager

import pytest
from support.messages import enqueued

from tidings.delivery.errors import Misconfigured
from tidings.delivery.ledger import FILE_NAME, open_ledger
from tidings.delivery.service import read_status, run_mail
from tidings.delivery.states import State
from tidings.delivery.transports.outbox import Outbox


@contextmanager
def no_file_larger_than(size: int):
    """A file's growth beyond a size fails, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_an_outbox_that_is_full_takes_nothing_in_part_and_the_letter_later(ledger, tmp_path):
    (delivery,) = enqueued(ledger, "ana@example.com", text="news\n" * 10_000)
    outbox, message = Outbox(tmp_path / "outbox"), ledger.message(delivery.id)
    outbox.open()
    with no_file_larger_than(20_000):
        attempt = outbox.deliver(message)
    assert (attempt.state, "File too large" in attempt.answer) == (State.FAILED, True)
    assert not any(path.is_file() for path in (tmp_path / "outbox").rglob("*"))
    assert outbox.deliver(message).state is State.SENT


def test_a_ledger_that_cannot_grow_sends_nothing_and_the_next_run_does(service):
    service.tenant(recipients="[ana@example.com, bo@example.com]")
    service.finish()
    with no_file_larger_than(30_000):
        result = run_mail(service.folders, None, None, service.sending)
    assert (result.exit_status, "cannot be read or written" in str(result.stopped_by)) == (2, True)
    assert service.postbox.stored == []
    assert run_mail(service.folders, None, None, service.sending).count(State.SENT) == 2


def test_a_ledger_with_a_damaged_page_stops_the_run_and_the_operator_is_told(service, monkeypatch):
    monkeypatch.setenv("TIDINGS_OPERATOR", "ops@example.com")
    service.finish()
    run_mail(service.folders, None, None, service.sending)
    service.finish("2026-W45")
    path = service.folders.outputs / FILE_NAME
    pages = path.read_bytes()
    path.write_bytes(pages[:4096] + b"\xff" * (len(pages) - 4096))
    service.postbox.stored.clear()
    result = run_mail(service.folders, None, None, service.sending)
    assert (result.exit_status, FILE_NAME in str(result.stopped_by)) == (2, True)
    (told,) = service.postbox.messages
    assert (told["To"], FILE_NAME in told.get_content()) == ("ops@example.com", True)


@pytest.mark.parametrize("run", [run_mail, read_status])
def test_a_folder_that_cannot_be_written_is_named(service, run):
    (service.project / "outputs").write_text("a file in the folder's place")
    if run is read_status:
        assert run(service.folders, None) == []
    else:
        with pytest.raises(Misconfigured, match="outputs"):
            run(service.folders, None, None, service.sending)


def test_a_ledger_in_use_is_read_by_the_status_as_it_is(service):
    service.finish()
    with open_ledger(service.folders.outputs / FILE_NAME) as ledger:
        enqueued(ledger, "ana@example.com")
        assert [row.state for row in read_status(service.folders, None)] == ["queued"]
