"""The operator's summary: one mail a run, if something went wrong."""

import pytest
from support.editions import write_edition
from support.messages import NOW, message_to

from tidings.delivery.errors import Misconfigured
from tidings.delivery.ledger import FILE_NAME, open_ledger
from tidings.delivery.service import run_mail
from tidings.delivery.states import Attempt, State
from tidings.review.history import update_history

OPERATOR = "ops@example.com"


@pytest.fixture(autouse=True)
def _operator(monkeypatch, service):
    monkeypatch.setenv("TIDINGS_OPERATOR", OPERATOR)


def _mail(service):
    result = run_mail(service.folders, None, None, service.sending)
    told = [message for message in service.postbox.messages if message["To"] == OPERATOR]
    return result, told


def test_all_that_went_wrong_is_in_one_mail(service):
    service.tenant(recipients="[ana@example.com, bo@example.com, cy@example.com]")
    service.tenant("beta", cadence="never")
    service.finish()
    service.postbox.answers |= {
        "ana@example.com": Attempt(State.REFUSED, "550 5.1.1 no such user"),
        "bo@example.com": Attempt(State.UNCERTAIN, "no answer"),
    }
    _, (message,) = _mail(service)
    text = message.get_content()
    assert message["Subject"] == "Tidings: 3 not delivered, 1 sent"
    assert message["Auto-Submitted"] == "auto-generated"
    for words in (
        "beta.yaml",
        "ana@example.com: refused",
        "550 5.1.1 no such user",
        "bo@example.com: uncertain",
    ):
        assert words in text
    assert "cy@example.com" not in text


def test_where_all_went_well_no_one_is_told(service):
    service.finish()
    assert _mail(service)[1] == []


def test_the_summary_is_not_in_the_ledger(service):
    service.finish()
    service.postbox.answers["ana@example.com"] = Attempt(State.REFUSED, "550 never")
    _mail(service)
    assert [row.key.recipient for row in service.deliveries()] == ["ana@example.com"]


def test_a_summary_that_cannot_be_sent_is_said_where_the_run_is_watched(service):
    service.finish()
    service.postbox.answers |= {
        "ana@example.com": Attempt(State.REFUSED, "550 never"),
        OPERATOR: Attempt(State.REFUSED, "550 never"),
    }
    result, _ = _mail(service)
    assert result.problems == ["the operator was not told: 550 never"]


def test_a_run_that_the_server_stopped_mails_no_summary(service):
    service.finish()
    service.postbox.error = Misconfigured("wrong password")
    result, told = _mail(service)
    assert (result.problems, told) == ([], [])


def test_what_is_held_is_told_once_a_day_with_its_check_and_what_releases_it(service, monkeypatch):
    service.finish(held=["volume: half of it"])
    result, (message,) = _mail(service)
    assert result.exit_status == 3
    assert message["Subject"] == "Tidings: 1 held, 0 sent"
    text = message.get_content()
    assert "acme, 2026-W46: held: volume: half of it" in text
    assert 'make approve TENANT=acme PERIOD=2026-W46 WHY="…"' in text
    result, told = _mail(service)
    assert (result.exit_status, len(told)) == (3, 1)
    monkeypatch.setenv("TIDINGS_NOW", "2026-11-19T00:00:00Z")
    assert len(_mail(service)[1]) == 2


def test_what_was_mailed_and_restated_since_is_told_once(service, monkeypatch):
    outputs = service.folders.outputs
    first = write_edition(outputs, "acme", "2026-W46", {"activity.total_messages": 80})
    update_history(outputs)
    with open_ledger(outputs / FILE_NAME) as ledger:
        key, message = message_to("ana@example.com")
        ledger.enqueue([(key, first, message)], NOW)
        ledger.claim(1, "smtp", NOW)
        ledger.settle(1, Attempt(State.SENT, "250"), NOW)
    assert _mail(service)[1] == [], "while the numbers are those that were mailed"
    later = "2026-11-18T13:00:00+00:00"
    write_edition(outputs, "acme", "2026-W46", {"activity.total_messages": 94}, made_at=later)
    update_history(outputs)
    result, (told,) = _mail(service)
    assert (result.exit_status, told["Subject"]) == (0, "Tidings: 1 restated, 0 sent")
    text = told.get_content()
    assert "acme, 2026-W46: mailed, and restated since: Total Messages (Activity): 80 → 94." in text
    assert "make diff TENANT=acme PERIOD=2026-W46 AGAINST=earlier" in text
    for day in ("2026-11-19T12:00:00Z", "2026-12-18T12:00:00Z", "2026-12-30T12:00:00Z"):
        monkeypatch.setenv("TIDINGS_NOW", day)
        assert len(_mail(service)[1]) == 1, day
