"""Sending again: by hand, the same bytes, and never on the way to a duplicate by itself."""

import pytest

from tidings.delivery.errors import Misconfigured
from tidings.delivery.service import run_mail, run_resend
from tidings.delivery.states import Outcome, State
from tidings.errors import DeliveryError

ANA = "ana@example.com"
SENT = Outcome(State.SENT, "250 taken")


def _mailed(desk, state: State):
    desk.finish()
    desk.postbox.answers[ANA] = Outcome(state, "first")
    run_mail(desk.folders, None, None, desk.route)
    first = desk.postbox.letters[0]
    desk.postbox.letters.clear()
    return first


def _resend(desk, outcome=SENT, force=False, recipient=ANA, period="2026-W46"):
    desk.postbox.answers[ANA] = outcome
    return run_resend(desk.folders, ("acme", period, recipient), force, desk.route)


@pytest.mark.parametrize(
    ("state", "force"), [("refused", False), ("failed", False), ("uncertain", True), ("sent", True)]
)
def test_the_bytes_are_the_same_though_time_has_passed(desk, monkeypatch, state, force):
    first = _mailed(desk, State(state))
    monkeypatch.setenv("TIDINGS_NOW", "2026-11-20T00:00:00Z")
    assert _resend(desk, force=force) == SENT
    assert desk.postbox.letters == [first]
    assert list(desk.states.values()) == ["sent"]


@pytest.mark.parametrize("state", [State.SENT, State.UNCERTAIN])
def test_what_may_be_there_needs_force(desk, state):
    _mailed(desk, state)
    with pytest.raises(DeliveryError, match="FORCE=1"):
        _resend(desk)
    assert desk.postbox.letters == []


@pytest.mark.parametrize(
    ("before", "outcome", "after"),
    [
        ("uncertain", "failed", "uncertain"),
        ("uncertain", "refused", "refused"),
        ("refused", "failed", "refused"),
        ("refused", "uncertain", "uncertain"),
        ("sent", "failed", "sent"),
        ("sent", "uncertain", "sent"),
        ("failed", "failed", "failed"),
    ],
)
def test_no_later_run_sends_by_itself_what_only_hands_may(desk, before, outcome, after):
    _mailed(desk, State(before))
    _resend(desk, Outcome(State(outcome), "again"), force=True)
    assert list(desk.states.values()) == [after]


def test_a_server_that_lets_nothing_through_leaves_it_as_it_was(desk):
    _mailed(desk, State.UNCERTAIN)
    desk.postbox.error = Misconfigured("wrong password")
    with pytest.raises(Misconfigured):
        _resend(desk, force=True)
    assert list(desk.states.values()) == ["uncertain"]


@pytest.mark.parametrize(("recipient", "period"), [("bo@example.com", "2026-W46"), (ANA, "2026-W40")])
def test_what_was_never_sent_cannot_be_sent_again(desk, recipient, period):
    _mailed(desk, State.REFUSED)
    with pytest.raises(DeliveryError, match="nothing was ever written down"):
        _resend(desk, recipient=recipient, period=period)


def test_the_recipient_may_be_spelt_otherwise(desk):
    _mailed(desk, State.REFUSED)
    assert _resend(desk, recipient="Ana@EXAMPLE.com") == SENT
