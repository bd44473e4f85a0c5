"""Cleaning up: what is old and settled goes, and nothing that anyone is still owed."""

import os
from datetime import timedelta

from support.messages import NOW

from tidings.delivery.service import run_clean_up, run_mail
from tidings.delivery.states import Attempt, State

KEEP = timedelta(days=90)
LONG_AFTER = (NOW + timedelta(days=120)).isoformat()


def _periods(service) -> list[str]:
    return sorted(path.name for path in (service.folders.outputs / "acme").iterdir())


def _mail(service):
    return run_mail(service.folders, None, None, service.sending)


def test_old_reports_that_were_sent_go_and_the_newest_stays_and_nothing_is_sent_twice(service, monkeypatch):
    for period in ("2026-W44", "2026-W45", "2026-W46"):
        service.finish(period)
    _mail(service)
    assert run_clean_up(service.folders, KEEP).reports == 0
    monkeypatch.setenv("TIDINGS_NOW", LONG_AFTER)
    done = run_clean_up(service.folders, KEEP)
    assert (done.reports, _periods(service)) == (2, ["2026-W46"])
    service.finish("2026-W45")
    service.postbox.stored.clear()
    assert (_mail(service).attempts, service.postbox.stored) == ({}, [])


def test_what_is_owed_refused_for_no_ones_sake_uncertain_or_held_stays(service, monkeypatch):
    service.tenant(recipients="[ana@example.com, bo@example.com]")
    service.finish("2026-W43", held=["volume: half of it"])
    service.finish("2026-W44")
    service.postbox.answers["bo@example.com"] = Attempt(State.UNCERTAIN, "no answer")
    _mail(service)
    service.postbox.answers["bo@example.com"] = Attempt(State.FAILED, "451 later")
    service.finish("2026-W45")
    _mail(service)
    service.postbox.answers.clear()
    service.finish("2026-W46")
    monkeypatch.setenv("TIDINGS_NOW", LONG_AFTER)
    assert run_clean_up(service.folders, KEEP).reports == 0
    assert _periods(service) == ["2026-W43", "2026-W44", "2026-W45", "2026-W46"]


def test_letters_of_the_ledger_go_and_what_came_of_them_stays(service, monkeypatch):
    service.finish()
    _mail(service)
    monkeypatch.setenv("TIDINGS_NOW", (NOW + timedelta(days=80)).isoformat())
    assert run_clean_up(service.folders, timedelta(days=60)).letters == 1
    assert list(service.states.values()) == ["sent"]


def test_old_letters_of_the_outbox_go_and_those_put_or_read_since_stay(service):
    outbox = service.folders.outputs / "_outbox"
    letters = [outbox / name for name in ("new/a", "new/b", "cur/c:2,S", "cur/d:2,S", "tmp/e")]
    for letter, age in zip(letters, (89, 91, 89, 91, 91), strict=True):
        letter.parent.mkdir(parents=True, exist_ok=True)
        letter.write_text("a letter")
        put = (NOW - timedelta(days=age)).timestamp()
        os.utime(letter, (put, put))
    assert run_clean_up(service.folders, KEEP).outbox == 3
    assert [letter.name for letter in letters if letter.exists()] == ["a", "c:2,S"]
