"""A run: queued messages handed to a transport, each settled in the ledger before the next."""

import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from tenacity import Retrying, retry_if_result, stop_after_attempt, wait_exponential

from tidings.delivery.errors import Misconfigured, SenderRefused, Unreachable
from tidings.delivery.ledger import Delivery, Ledger, StoredMessage
from tidings.delivery.signals import hold_signals
from tidings.delivery.states import Attempt, State
from tidings.delivery.transports.base import Transport
from tidings.periods import clock
from tidings.reports.editions import UnfinishedReport

_log = logging.getLogger(__name__)

_PASSES = 3
_MANY, _FEW = 3, 2
"""How many letters refused alike speak of the sender, at a run's beginning and when it is all that it had."""
_FIRST_WAIT, _WAIT_GROWS = 5, 6  # 5 seconds, then 30
_FAILURES = (State.REFUSED, State.FAILED, State.UNCERTAIN)


@dataclass(frozen=True)
class Watch:
    """What tells and passes the time, in seconds; tests give their own."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass
class RunResult:
    """What a run has come to so far.

    Attributes
    ----------
    attempts : dict
        The last attempt at each delivery, or what an earlier run left uncertain.
    problems : list of str
        What went wrong beside single messages: reports that could not be made, a server out of reach.
    broken : dict
        The errors of tenants whose files are wrong, by their ids.
    held : list of UnfinishedReport
        The reports that would have been mailed, and are held.
    review : list of str
        The tenant and period of those that are mailed, and that someone should look at.
    paused : list of str
        The tenants that get nothing until they are resumed, and why.
    stopped_by : Misconfigured, optional
        What ended the run before its time.
    """

    attempts: dict[Delivery, Attempt] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    broken: dict[str, str] = field(default_factory=dict)
    held: list[UnfinishedReport] = field(default_factory=list)
    review: list[str] = field(default_factory=list)
    paused: list[str] = field(default_factory=list)
    stopped_by: Misconfigured | None = None

    def count(self, state: State) -> int:
        """How many deliveries came to a state."""
        return sum(attempt.state is state for attempt in self.attempts.values())

    @property
    def failures(self) -> dict[Delivery, Attempt]:
        """The deliveries that did not succeed."""
        return {
            delivery: attempt for delivery, attempt in self.attempts.items() if attempt.state in _FAILURES
        }

    @property
    def exit_status(self) -> int:
        """0 where all went well, 2 where the settings are wrong, 3 where something failed or is held."""
        if self.stopped_by:
            return self.stopped_by.exit_status
        return 3 if self.failures or self.problems or self.held else 0


@dataclass(frozen=True)
class Sending:
    """How messages go out: by what, how many a minute, by whose time, and for how many seconds at most."""

    transport: Transport
    per_minute: float | None = None
    watch: Watch = field(default_factory=Watch)
    now: Callable[[], datetime] = clock.now
    seconds: float = 6 * 60 * 60


class Pace:
    """Spaces events evenly: no more messages a minute than a server wants.

    Parameters
    ----------
    per_minute : float or None
        The most events a minute; None for as many as come.
    """

    def __init__(self, per_minute: float | None, watch: Watch):
        self._gap = 60 / per_minute if per_minute else 0.0
        self._watch = watch
        self._next = watch.now()

    def wait(self) -> None:
        """Return when the next event may be."""
        if (ahead := self._next - self._watch.now()) > 0:
            self._watch.sleep(ahead)
        self._next = max(self._next, self._watch.now()) + self._gap


def send(deliveries: list[Delivery], ledger: Ledger, sending: Sending, result: RunResult) -> None:
    """Attempt each delivery in order; then those that were put off, up to twice more, after a pause.

    Raises
    ------
    Misconfigured
        The server lets nothing through, or refused letters for the sender's sake. What was not sent is queued
        as before.
    """
    sender = _Sender(list(deliveries), ledger, sending, result)
    retrying = Retrying(
        retry=retry_if_result(bool),
        stop=stop_after_attempt(_PASSES),
        wait=wait_exponential(multiplier=_FIRST_WAIT, exp_base=_WAIT_GROWS),
        sleep=sending.watch.sleep,
        retry_error_callback=lambda state: None,
    )
    retrying(sender.go_through)
    if sender.out_of_reach:
        result.problems.append(f"{len(sender.left)} still to be sent: {sender.out_of_reach}")
    sender.blame_sender(at_least=_FEW)
    if sender.refused:
        raise sender.refused


class _Sender:
    """Goes through deliveries again and again, until none is left that can be helped by that.

    Attributes
    ----------
    left : list of Delivery
        What was not attempted, or put off.
    out_of_reach : Unreachable or None
        Why the rest was not attempted.
    refused : SenderRefused or None
        The last refusal that was about the sender.
    """

    def __init__(self, deliveries: list[Delivery], ledger: Ledger, sending: Sending, result: RunResult):
        self.left = deliveries
        self.out_of_reach: Unreachable | None = None
        self.refused: SenderRefused | None = None
        self._refused_in_a_row = self._unanswered_in_a_row = 0
        self._ends = sending.watch.now() + sending.seconds
        self._first: list[tuple[Delivery, Attempt]] = []
        self._ledger, self._sending, self._result = ledger, sending, result
        self._pace = Pace(sending.per_minute, sending.watch)

    def go_through(self) -> bool:
        """Attempt all that is left, and say whether some is left still."""
        waiting, put_off, self.out_of_reach = deque(self.left), [], None
        try:
            while waiting:
                self._pace.wait()
                self._refuse_to_wait()
                self._sending.transport.open()
                delivery = waiting.popleft()
                attempt = self._attempt(delivery, waiting[0] if waiting else None)
                if attempt.state is State.FAILED:
                    put_off.append(delivery)
                self._note(delivery, attempt)
        except Unreachable as error:
            self.out_of_reach = error
        finally:
            self._sending.transport.close()
        self.left = [*put_off, *waiting]
        return bool(self.left)

    def blame_sender(self, at_least: int) -> None:
        """Take back what the first letters came to, if all were refused alike and none says for whose sake.

        Raises
        ------
        SenderRefused
            They were.
        """
        reasons = {attempt.unclear for _, attempt in self._first}
        if len(self._first) < at_least or len(reasons) > 1 or None in reasons:
            return
        answer = self._first[0][1].answer
        refused = [delivery for delivery, _ in self._first]
        self._ledger.reopen(refused, State.REFUSED, self._sending.now())
        for delivery, attempt in self._first:
            self._result.attempts[delivery] = Attempt(State.QUEUED, attempt.answer)
        self._first.clear()
        raise SenderRefused(
            f"the server refused all letters alike, so that no recipient can be at fault: {answer}",
            where=self._sending.transport.name,
            remedy="ask whoever runs it, or correct TIDINGS_FROM and TIDINGS_SMTP_URL; the letters are "
            "queued, and the next run sends them",
        )

    def _refuse_to_wait(self) -> None:
        """Leave the rest to the next run where the server answers no more, or this one took too long."""
        remedy = "run make mail again later: nothing was lost"
        if self._unanswered_in_a_row >= _MANY:
            raise Unreachable("one letter after the other was given no answer to its end", remedy=remedy)
        if self._sending.watch.now() > self._ends:
            raise Unreachable(f"the run lasted {self._sending.seconds / 3600:.0f} hours", remedy=remedy)

    def _note(self, delivery: Delivery, attempt: Attempt) -> None:
        """Stop where letter after letter is refused for the sender's sake."""
        self._unanswered_in_a_row = self._unanswered_in_a_row + 1 if attempt.state is State.UNCERTAIN else 0
        if attempt.state is State.SENT:
            self._refused_in_a_row = 0
        elif self.refused and attempt.state is State.QUEUED:
            self._refused_in_a_row += 1
            if self._refused_in_a_row == _MANY:
                raise self.refused
        if len(self._first) < _MANY:
            self._first.append((delivery, attempt))
            self.blame_sender(at_least=_MANY)

    @hold_signals()
    def _attempt(self, delivery: Delivery, following: Delivery | None) -> Attempt:
        ledger, sending, transport = self._ledger, self._sending, self._sending.transport
        ahead: StoredMessage | None = None

        def before_end() -> None:
            nonlocal ahead
            if following:  # read while the server is busy with this one
                ahead = ledger.read_ahead(following.id)
            ledger.sync()

        message = ledger.message(delivery.id)
        transport.announce(message)
        if not ledger.claim(delivery.id, transport.name, sending.now()):
            transport.close()  # The server waits for what does not come.
            return Attempt(State.SENDING, "settled by another run")
        try:
            attempt = transport.deliver(message, before_end)
        except SenderRefused as error:
            self.refused, attempt = error, Attempt(State.QUEUED, error.what)
        except Misconfigured as error:
            ledger.settle(delivery.id, Attempt(State.QUEUED, error.what), sending.now())
            raise
        try:
            if ahead and attempt.state is State.SENT and sending.per_minute is None:
                transport.announce(ahead)  # now, so that the server need not wait for the ledger
        finally:
            ledger.settle(delivery.id, attempt, sending.now())
        self._result.attempts[delivery] = attempt
        key = delivery.key
        _log.info("%s, %s, %s: %s (%s)", key.tenant, key.period, key.recipient, attempt.state, attempt.answer)
        return attempt
