"""What every way of delivering offers."""

from typing import Protocol

from tidings.delivery.ledger import Letter
from tidings.delivery.states import Outcome


class Transport(Protocol):
    """A way out for letters.

    Attributes
    ----------
    name : str
        What the ledger calls it; without credentials.
    repeatable : bool
        Whether a letter given twice is there once.
    """

    name: str
    repeatable: bool

    def open(self) -> None:
        """Be ready for the next letter; called before each.

        Raises
        ------
        Unreachable
            Not now.
        Misconfigured
            Not before someone mends the settings.
        """

    def deliver(self, letter: Letter) -> Outcome:
        """Try once to deliver a letter.

        Raises
        ------
        Misconfigured
            This letter was not delivered, and no other will be.
        """

    def close(self) -> None:
        """Let go of what `open` took."""
