"""A wrong clock: nothing is mailed by it, and the ledger never hears of its instants."""

import pytest
from support.messages import enqueued
from support.tables import message, write_tables

from tidings.delivery.context import open_context
from tidings.delivery.errors import Misconfigured
from tidings.delivery.ledger import FILE_NAME, open_ledger
from tidings.delivery.service import run_mail, run_resend
from tidings.delivery.states import State

ANA = "ana@example.com"
RIGHT, IN_MARCH, LAST_WEEK = "2026-11-18T12:00:00Z", "2027-03-24T12:00:00Z", "2026-11-11T12:00:00Z"


@pytest.fixture(autouse=True)
def _data(service, monkeypatch):
    monkeypatch.setenv("TIDINGS_HOME", str(service.project))
    write_tables(service.project / "data" / "acme", messages=[message("2026-11-15 15:00")])


@pytest.fixture
def mail(service, monkeypatch):
    def mail(now: str, **words):
        monkeypatch.setenv("TIDINGS_NOW", now)
        return run_mail(service.folders, sending=service.sending, **words)

    return mail


def test_nothing_is_mailed_far_past_the_newest_row_of_all_tenants(service, mail):
    service.finish()
    result = mail(IN_MARCH)
    assert result.exit_status == 2
    assert "the newest row of all tenants is of 2026-11-15 15:00 UTC" in str(result.stopped_by)
    assert (service.deliveries(), service.postbox.stored) == ([], [])
    assert mail(RIGHT).count(State.SENT) == 1, "once it is right, nothing stands in the way"


def test_nothing_is_mailed_before_the_ledgers_last_entry(service, mail):
    service.finish("2026-W45")
    mail(RIGHT)
    service.finish()
    result = mail(LAST_WEEK)
    assert "before the ledger's last entry of 2026-11-18 12:00 UTC" in str(result.stopped_by)
    assert len(service.deliveries()) == 1


def test_a_clock_that_no_source_and_no_entry_contradicts_is_not_asked_for_where_nothing_is_owed(mail):
    assert mail(IN_MARCH).exit_status == 0


def test_an_edition_of_one_day_is_mailed_though_the_data_are_some_days_old(service, mail):
    service.finish("2026-11-10..2026-11-10")
    assert mail("2026-11-19T12:00:00Z", period="2026-11-10").count(State.SENT) == 1


def test_nothing_is_sent_again_by_a_wrong_clock(service, mail, monkeypatch):
    service.finish()
    mail(RIGHT)
    monkeypatch.setenv("TIDINGS_NOW", IN_MARCH)
    with pytest.raises(Misconfigured, match="the newest row of all tenants"):
        run_resend(service.folders, "acme", "2026-W46", ANA, service.sending, force=True)
    assert mail(RIGHT).exit_status == 0


def test_what_a_killed_run_left_is_settled_without_the_clock(service, monkeypatch):
    with open_ledger(service.folders.outputs / FILE_NAME) as ledger:
        (delivery,) = enqueued(ledger, ANA)
        ledger.claim(delivery.id, "smtp mail:587", delivery.queued_at)
    monkeypatch.setenv("TIDINGS_NOW", IN_MARCH)
    with open_context(service.folders, service.sending) as context:
        assert context.ledger.newest_entry() == delivery.queued_at
