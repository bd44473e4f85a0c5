"""A preview: nothing is sent, and it is kept what would have been."""

from collections.abc import Callable

from tidings.delivery.ledger import StoredMessage
from tidings.delivery.states import Attempt, State
from tidings.delivery.transports.base import Transport, nothing_before


class Preview:
    """Stands in place of a transport, and says of each message that it would go out by that."""

    def __init__(self, instead_of: Transport):
        self.name, self.repeatable = instead_of.name, instead_of.repeatable

    def open(self) -> None:
        """Always ready."""

    def announce(self, message: StoredMessage) -> None:
        """No one is told."""

    def deliver(self, message: StoredMessage, before_end: Callable[[], None] = nothing_before) -> Attempt:
        """Say how it would go, which is nothing that has to be taken back."""
        return Attempt(State.QUEUED, f"would go by {self.name}, {len(message.content):,} bytes")

    def close(self) -> None:
        """Nothing is held."""
