"""The console: letters are shown, not sent, and stay queued."""

from email import message_from_bytes, policy
from typing import TextIO

from tidings.delivery.ledger import Letter
from tidings.delivery.states import Outcome, State

_RULE = "─" * 72


class Console:
    """Writes each letter's headers and plain text to a stream."""

    name = "console"
    repeatable = True

    def __init__(self, stream: TextIO):
        self._stream = stream

    def open(self) -> None:
        """Always ready."""

    def deliver(self, letter: Letter) -> Outcome:
        """Show a letter. It stays queued, since no one has received it."""
        message = message_from_bytes(letter.content, policy=policy.default)
        text = message.get_body(("plain",))
        headers = "\n".join(f"{name}: {value}" for name, value in message.items())
        print(_RULE, headers, "", text.get_content() if text else "", sep="\n", file=self._stream)
        return Outcome(State.QUEUED, "shown on the console")

    def close(self) -> None:
        """Nothing is held."""
