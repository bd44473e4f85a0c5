"""Sending again: by hand, the same bytes, and never on the way to a duplicate by itself."""

import pytest

from tidings.delivery.errors import Misconfigured
from tidings.delivery.service import run_mail, run_pause, run_resend, run_resend_state
from tidings.delivery.states import Attempt, State
from tidings.errors import DeliveryError

ANA = "ana@example.com"
SENT = Attempt(State.SENT, "250 taken")


def _mailed(service, state: State):
    service.finish()
    service.postbox.answers[ANA] = Attempt(state, "first")
    run_mail(service.folders, None, None, service.sending)
    first = service.postbox.stored[0]
    service.postbox.stored.clear()
    return first


def _resend(service, attempt=SENT, force=False, recipient=ANA, period="2026-W46"):
    service.postbox.answers[ANA] = attempt
    return run_resend(service.folders, "acme", period, recipient, service.sending, force=force)


@pytest.mark.parametrize(
    ("state", "force"), [("refused", False), ("failed", False), ("uncertain", True), ("sent", True)]
)
def test_the_bytes_are_the_same_though_time_has_passed(service, monkeypatch, state, force):
    first = _mailed(service, State(state))
    monkeypatch.setenv("TIDINGS_NOW", "2026-11-20T00:00:00Z")
    assert _resend(service, force=force) == SENT
    assert service.postbox.stored == [first]
    assert list(service.states.values()) == ["sent"]


@pytest.mark.parametrize("state", [State.SENT, State.UNCERTAIN])
def test_what_may_be_there_needs_force(service, state):
    _mailed(service, state)
    with pytest.raises(DeliveryError, match="FORCE=1"):
        _resend(service)
    assert service.postbox.stored == []


@pytest.mark.parametrize(
    ("before", "attempt", "after"),
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
def test_no_later_run_sends_by_itself_what_only_hands_may(service, before, attempt, after):
    _mailed(service, State(before))
    _resend(service, Attempt(State(attempt), "again"), force=True)
    assert list(service.states.values()) == [after]


def test_a_server_that_lets_nothing_through_leaves_it_as_it_was(service):
    _mailed(service, State.UNCERTAIN)
    service.postbox.error = Misconfigured("wrong password")
    with pytest.raises(Misconfigured):
        _resend(service, force=True)
    assert list(service.states.values()) == ["uncertain"]


@pytest.mark.parametrize(("recipient", "period"), [("bo@example.com", "2026-W46"), (ANA, "2026-W40")])
def test_what_was_never_sent_cannot_be_sent_again(service, recipient, period):
    _mailed(service, State.REFUSED)
    with pytest.raises(DeliveryError, match="nothing was ever written down"):
        _resend(service, recipient=recipient, period=period)


def test_the_recipient_may_be_spelt_otherwise(service):
    _mailed(service, State.REFUSED)
    assert _resend(service, recipient="Ana@EXAMPLE.com") == SENT


def test_what_is_held_is_not_sent_again_even_by_force(service):
    _mailed(service, State.SENT)
    service.finish(held=["volume: half of it"])
    with pytest.raises(DeliveryError, match="held: volume: half of it") as refused:
        _resend(service, force=True)
    assert "make approve" in str(refused.value)
    assert service.postbox.stored == []
    assert list(service.states.values()) == ["sent"]


def _resend_state(service, state, **choice):
    service.postbox.stored.clear()
    return run_resend_state(service.folders, state, sending=service.sending, **choice)


def test_all_that_was_refused_is_sent_again_at_once(service):
    service.tenant(recipients="[ana@example.com, bo@example.com, cy@example.com]")
    service.finish()
    refused = Attempt(State.REFUSED, "550 5.1.1 no such user")
    service.postbox.answers |= {ANA: refused, "cy@example.com": refused}
    run_mail(service.folders, None, None, service.sending)
    service.postbox.answers.clear()
    result = _resend_state(service, "refused")
    assert (service.postbox.recipients, result.exit_status) == ([ANA, "cy@example.com"], 0)
    assert set(service.states.values()) == {"sent"}
    assert _resend_state(service, "refused").attempts == {}


def test_who_left_or_is_of_another_tenant_gets_nothing_of_a_batch_sent_again(service):
    service.tenant("beta")
    service.finish(tenant="beta")
    _mailed(service, State.REFUSED)
    service.postbox.answers.clear()
    service.tenant("acme", recipients="[bo@example.com]")
    _resend_state(service, "refused", tenant="acme")
    assert service.postbox.stored == []


def test_a_tenant_that_is_paused_is_sent_nothing_again_alone_or_in_a_batch(service):
    _mailed(service, State.REFUSED)
    service.postbox.answers.clear()
    run_pause(service.folders, "acme", "moving house")
    result = _resend_state(service, "refused")
    assert result.paused == ["acme: paused 2026-11-18: moving house"]
    with pytest.raises(DeliveryError, match="gets nothing: paused 2026-11-18: moving house"):
        _resend(service, force=True)
    assert service.postbox.stored == []
    assert list(service.states.values()) == ["refused"]


@pytest.mark.parametrize(("period", "sent"), [("latest", [ANA]), ("2026-W46", [ANA]), ("2026-W45", [])])
def test_a_batch_may_be_of_one_period_as_a_user_names_it(service, period, sent):
    _mailed(service, State.REFUSED)
    service.postbox.answers.clear()
    _resend_state(service, "refused", period=period)
    assert service.postbox.recipients == sent


def test_a_batch_of_a_period_that_is_none_is_refused(service):
    with pytest.raises(Misconfigured, match="not the name of a period"):
        _resend_state(service, "refused", period="last week")


def test_a_batch_of_what_may_be_there_needs_force(service):
    _mailed(service, State.UNCERTAIN)
    service.postbox.answers.clear()
    with pytest.raises(DeliveryError, match="FORCE=1"):
        _resend_state(service, "uncertain")
    _resend_state(service, "uncertain", force=True)
    assert service.postbox.recipients == [ANA]
