"""What every way of delivering offers."""

from collections.abc import Callable
from typing import Protocol

from tidings.delivery.ledger import StoredMessage
from tidings.delivery.states import Attempt


def nothing_before() -> None:
    """What precedes the end of a message that no ledger knows."""


class Transport(Protocol):
    """A way out for messages.

    Attributes
    ----------
    name : str
        What the ledger calls it; without credentials.
    repeatable : bool
        Whether a message given twice is there once.
    """

    name: str
    repeatable: bool

    def open(self) -> None:
        """Be ready for the next message; called before each.

        Raises
        ------
        Unreachable
            Not now.
        Misconfigured
            Not before someone mends the settings.
        """

    def announce(self, message: StoredMessage) -> None:
        """Say which message is delivered next, once or again, so that a server makes ready for it.

        May be left out. After it no other is delivered before `close`.
        """

    def deliver(self, message: StoredMessage, before_end: Callable[[], None] = nothing_before) -> Attempt:
        """Try once to deliver a message.

        Parameters
        ----------
        before_end : callable
            Called once before what cannot be taken back; where it raises, nothing was delivered.

        Raises
        ------
        SenderRefused
            This message was not delivered, and others may not be: the server refuses whoever sends it.
        Misconfigured
            This message was not delivered, and no other will be.
        """

    def close(self) -> None:
        """Let go of what `open` took."""
