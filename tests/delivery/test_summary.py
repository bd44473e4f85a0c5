"""The operator's summary: one mail a run, if something went wrong."""

import pytest

from tidings.delivery.errors import Misconfigured
from tidings.delivery.service import run_mail
from tidings.delivery.states import Outcome, State

OPERATOR = "ops@example.com"


@pytest.fixture(autouse=True)
def _operator(monkeypatch, desk):
    monkeypatch.setenv("TIDINGS_OPERATOR", OPERATOR)


def _mail(desk):
    tally = run_mail(desk.folders, None, None, desk.route)
    told = [message for message in desk.postbox.messages if message["To"] == OPERATOR]
    return tally, told


def test_all_that_went_wrong_is_in_one_mail(desk):
    desk.tenant(recipients="[ana@example.com, bo@example.com, cy@example.com]")
    desk.tenant("beta", cadence="never")
    desk.finish()
    desk.postbox.answers |= {
        "ana@example.com": Outcome(State.REFUSED, "550 5.1.1 no such user"),
        "bo@example.com": Outcome(State.UNCERTAIN, "no answer"),
    }
    _, (message,) = _mail(desk)
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


def test_where_all_went_well_no_one_is_told(desk):
    desk.finish()
    assert _mail(desk)[1] == []


def test_the_summary_is_not_in_the_ledger(desk):
    desk.finish()
    desk.postbox.answers["ana@example.com"] = Outcome(State.REFUSED, "550 never")
    _mail(desk)
    assert [row.key.recipient for row in desk.deliveries()] == ["ana@example.com"]


def test_a_summary_that_cannot_be_sent_is_said_where_the_run_is_watched(desk):
    desk.finish()
    desk.postbox.answers |= {
        "ana@example.com": Outcome(State.REFUSED, "550 never"),
        OPERATOR: Outcome(State.REFUSED, "550 never"),
    }
    tally, _ = _mail(desk)
    assert tally.problems == ["the operator was not told: 550 never"]


def test_a_run_that_the_server_stopped_mails_no_summary(desk):
    desk.finish()
    desk.postbox.error = Misconfigured("wrong password")
    tally, told = _mail(desk)
    assert (tally.problems, told) == ([], [])
