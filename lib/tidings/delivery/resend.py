"""Sending messages again, octet by octet as they were, because someone asks for it."""

from collections.abc import Iterable

from tidings.delivery.context import RunContext
from tidings.delivery.errors import Misconfigured
from tidings.delivery.ledger import Delivery, Key
from tidings.delivery.send import Pace, RunResult
from tidings.delivery.signals import hold_signals
from tidings.delivery.states import OPEN, Attempt, State
from tidings.errors import DeliveryError

_MAY_BE_THERE = (State.SENT, State.UNCERTAIN)


def resend(key: Key, context: RunContext, force: bool) -> Attempt:
    """Attempt a delivery once more, with the same bytes and so the same date and Message-ID.

    What may be in the recipient's mailbox already is sent only by force, and is not called unsent afterwards
    if the attempt fails.

    Raises
    ------
    DeliveryError
        There is no such delivery, its message is no longer kept, or it needs force; or the tenant is paused,
        or the recipient may get no mail.
    Misconfigured, Unreachable
        As of a run.
    """
    delivery = context.ledger.find(key)
    if delivery is None:
        raise DeliveryError(
            "nothing was ever written down for this recipient",
            where=f"{key.tenant}, {key.period}, {key.recipient}",
            remedy="see make status; a first message goes out by make mail",
        )
    if delivery.state in _MAY_BE_THERE and not force:
        raise DeliveryError(
            f"is {delivery.state}, so that the recipient may get it twice",
            where=f"{key.tenant}, {key.period}, {key.recipient}",
            remedy="if that is meant, add FORCE=1",
        )
    if pause := context.ledger.paused().get(key.tenant):
        raise DeliveryError(f"gets nothing: {pause}", where=key.tenant, remedy="end that first: make resume")
    if bar := context.find_bar(key.recipient):
        raise DeliveryError(f"gets no mail: {bar}", where=key.recipient)
    try:
        return _attempt_again(delivery, context)
    finally:
        context.sending.transport.close()


def resend_all(deliveries: Iterable[Delivery], context: RunContext, result: RunResult) -> None:
    """Attempt many deliveries once more, at the pace of a run; what cannot be sent again is noted.

    Raises
    ------
    Misconfigured
        The server lets nothing through. What was not attempted is as it was.
    """
    pace = Pace(context.sending.per_minute, context.sending.watch)
    try:
        for delivery in deliveries:
            pace.wait()
            try:
                result.attempts[delivery] = _attempt_again(delivery, context)
            except Misconfigured:
                raise
            except DeliveryError as error:
                result.problems.append(f"{delivery.key.tenant}, {delivery.key.period}: {error}")
    finally:
        context.sending.transport.close()


def _attempt_again(delivery: Delivery, context: RunContext) -> Attempt:
    ledger, sending = context.ledger, context.sending
    with hold_signals():
        message = ledger.message(delivery.id)
        sending.transport.open()
        ledger.claim_again(delivery.id, sending.transport.name, sending.now())
        stopped: Misconfigured | None = None
        try:
            attempt = sending.transport.deliver(message, ledger.sync)
        except Misconfigured as error:
            attempt, stopped = Attempt(State.FAILED, error.what), error
        ledger.settle(delivery.id, attempt, sending.now(), _state_after(delivery.state, attempt.state))
    if stopped:
        raise stopped
    return attempt


def _state_after(before: State, after: State) -> State:
    """Never back to a state from which a run would send on its own, nor from sent to something less."""
    if before is State.SENT or (before not in OPEN and after in OPEN):
        return before
    return after
