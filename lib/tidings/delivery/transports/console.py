"""The console: messages are shown, not sent, and stay queued."""

import sys
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path
from typing import TextIO

from tidings.delivery.ledger import StoredMessage
from tidings.delivery.settings import Settings
from tidings.delivery.states import Attempt, State
from tidings.delivery.transports.base import nothing_before

_RULE = "─" * 72


class Console:
    """Writes each message's headers and plain text to a stream."""

    name = "console"
    repeatable = True

    def __init__(self, stream: TextIO):
        self._stream = stream

    @classmethod
    def from_settings(cls, settings: Settings, outputs: Path) -> "Console":
        """The terminal; nothing is asked of settings."""
        return cls(sys.stdout)

    def open(self) -> None:
        """Always ready."""

    def announce(self, message: StoredMessage) -> None:
        """Nothing has to be told beforehand."""

    def deliver(self, message: StoredMessage, before_end: Callable[[], None] = nothing_before) -> Attempt:
        """Show a message. It stays queued, since no one has received it."""
        before_end()
        parsed = message_from_bytes(message.content, policy=policy.default)
        text = parsed.get_body(("plain",))
        headers = "\n".join(f"{name}: {value}" for name, value in parsed.items())
        print(_RULE, headers, "", text.get_content() if text else "", sep="\n", file=self._stream)
        return Attempt(State.QUEUED, "shown on the console")

    def close(self) -> None:
        """Nothing is held."""
