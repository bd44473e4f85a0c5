"""Sending one letter again, octet by octet as it was, because someone asks for it."""

from tidings.delivery.context import Workplace
from tidings.delivery.errors import Misconfigured
from tidings.delivery.ledger import Delivery, Key
from tidings.delivery.signals import requests_put_off
from tidings.delivery.states import OPEN, Outcome, State
from tidings.errors import DeliveryError

_MAY_BE_THERE = (State.SENT, State.UNCERTAIN)


def resend(key: Key, place: Workplace, force: bool) -> Outcome:
    """Attempt a delivery once more, with the same bytes and so the same date and Message-ID.

    What may be in the recipient's mailbox already is sent only by force, and is not called unsent afterwards
    if the attempt fails.

    Raises
    ------
    DeliveryError
        There is no such delivery, its letter is no longer kept, or it needs force.
    Misconfigured, Unreachable
        As of a run.
    """
    delivery = place.ledger.find(key)
    if delivery is None:
        raise DeliveryError(
            "nothing was ever written down for this recipient",
            where=f"{key.tenant}, {key.period}, {key.recipient}",
            remedy="see make status; a first letter goes out by make mail",
        )
    if delivery.state in _MAY_BE_THERE and not force:
        raise DeliveryError(
            f"is {delivery.state}, so that the recipient may get it twice",
            where=f"{key.tenant}, {key.period}, {key.recipient}",
            remedy="if that is meant, add FORCE=1",
        )
    return _attempt(delivery, place)


@requests_put_off()
def _attempt(delivery: Delivery, place: Workplace) -> Outcome:
    ledger, route = place.ledger, place.route
    letter = ledger.letter(delivery.id)
    route.transport.open()
    ledger.claim_again(delivery.id, route.transport.name, route.now())
    try:
        outcome = route.transport.deliver(letter)
    except Misconfigured as error:
        outcome = Outcome(State.FAILED, error.what)
        ledger.settle(delivery.id, outcome, route.now(), _state_after(delivery.state, outcome.state))
        raise
    finally:
        route.transport.close()
    ledger.settle(delivery.id, outcome, route.now(), _state_after(delivery.state, outcome.state))
    return outcome


def _state_after(before: State, outcome: State) -> State:
    """Never back to a state from which a run would send on its own, nor from sent to something less."""
    if before is State.SENT or (before not in OPEN and outcome in OPEN):
        return before
    return outcome
