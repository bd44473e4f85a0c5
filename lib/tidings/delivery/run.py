"""A run: queued letters handed to a transport, each settled in the ledger before the next."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from tenacity import Retrying, retry_if_result, stop_after_attempt, wait_exponential

from tidings.delivery.errors import Misconfigured, Unreachable
from tidings.delivery.ledger import Delivery, Ledger
from tidings.delivery.pace import Pace, Watch
from tidings.delivery.signals import requests_put_off
from tidings.delivery.states import Outcome, State
from tidings.delivery.transports.base import Transport
from tidings.periods import clock

_PASSES = 3
_FIRST_WAIT, _WAIT_GROWS = 5, 6  # 5 seconds, then 30
_TROUBLED = (State.REFUSED, State.FAILED, State.UNCERTAIN)


@dataclass
class Tally:
    """What a run has come to so far.

    Attributes
    ----------
    outcomes : dict
        The last outcome of each delivery that was attempted, or found uncertain.
    problems : list of str
        What went wrong beside single letters: editions that could not be made, a server out of reach.
    stopped_by : Misconfigured, optional
        What ended the run before its time.
    """

    outcomes: dict[Delivery, Outcome] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    stopped_by: Misconfigured | None = None

    def count(self, state: State) -> int:
        """How many deliveries came to a state."""
        return sum(outcome.state is state for outcome in self.outcomes.values())

    @property
    def troubled(self) -> dict[Delivery, Outcome]:
        """The deliveries that did not succeed."""
        return {
            delivery: outcome for delivery, outcome in self.outcomes.items() if outcome.state in _TROUBLED
        }

    @property
    def exit_status(self) -> int:
        """0 where all went well, 2 where someone must mend the settings first, 3 where something failed."""
        if self.stopped_by:
            return self.stopped_by.exit_status
        return 3 if self.troubled or self.problems else 0


@dataclass(frozen=True)
class Route:
    """How letters go out: by what, how fast, and by whose time."""

    transport: Transport
    per_minute: float | None = None
    watch: Watch = field(default_factory=Watch)
    now: Callable[[], datetime] = clock.now


def send(deliveries: list[Delivery], ledger: Ledger, route: Route, tally: Tally) -> None:
    """Attempt each delivery in order; then those that were put off, up to twice more, after a pause.

    Raises
    ------
    Misconfigured
        The server lets nothing through. What was not sent is queued as before.
    """
    sender = _Sender(list(deliveries), ledger, route, tally)
    retrying = Retrying(
        retry=retry_if_result(bool),
        stop=stop_after_attempt(_PASSES),
        wait=wait_exponential(multiplier=_FIRST_WAIT, exp_base=_WAIT_GROWS),
        sleep=route.watch.sleep,
        retry_error_callback=lambda state: None,
    )
    retrying(sender.go_through)
    if sender.out_of_reach:
        tally.problems.append(f"{len(sender.left)} still to be sent: {sender.out_of_reach}")


class _Sender:
    """Goes through deliveries again and again, until none is left that can be helped by that."""

    def __init__(self, deliveries: list[Delivery], ledger: Ledger, route: Route, tally: Tally):
        self.left = deliveries
        self.out_of_reach: Unreachable | None = None
        self._ledger, self._route, self._tally = ledger, route, tally
        self._pace = Pace(route.per_minute, route.watch)

    def go_through(self) -> bool:
        """Attempt all that is left, and say whether some is left still."""
        waiting, put_off, self.out_of_reach = deque(self.left), [], None
        try:
            while waiting:
                self._pace.wait()
                self._route.transport.open()
                delivery = waiting.popleft()
                if self._attempt(delivery).state is State.FAILED:
                    put_off.append(delivery)
        except Unreachable as error:
            self.out_of_reach = error
        finally:
            self._route.transport.close()
        self.left = [*put_off, *waiting]
        return bool(self.left)

    @requests_put_off()
    def _attempt(self, delivery: Delivery) -> Outcome:
        ledger, route = self._ledger, self._route
        letter = ledger.letter(delivery.id)
        if not ledger.claim(delivery.id, route.transport.name, route.now()):
            return Outcome(State.SENDING, "settled by another run")
        try:
            outcome = route.transport.deliver(letter)
        except Misconfigured as error:
            ledger.settle(delivery.id, Outcome(State.QUEUED, error.what), route.now())
            raise
        ledger.settle(delivery.id, outcome, route.now())
        self._tally.outcomes[delivery] = outcome
        return outcome
