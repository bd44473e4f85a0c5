"""The outbox: messages in a Maildir, which mail programs open; needs no server."""

import os
from collections.abc import Callable
from pathlib import Path

from tidings.delivery.errors import Misconfigured
from tidings.delivery.ledger import StoredMessage
from tidings.delivery.settings import Settings
from tidings.delivery.states import Attempt, State
from tidings.delivery.transports.base import nothing_before

FOLDER = "_outbox"


class Outbox:
    """Puts messages into a Maildir, each under its token, so that none is ever there twice."""

    name = "outbox"
    repeatable = True

    def __init__(self, folder: Path):
        self._folder = folder

    @classmethod
    def from_settings(cls, settings: Settings, outputs: Path) -> "Outbox":
        """The Maildir in the outputs; nothing is asked of settings."""
        return cls(outputs / FOLDER)

    def open(self) -> None:
        """Make the Maildir where there is none.

        Raises
        ------
        Misconfigured
            It cannot be made there.
        """
        try:
            for name in ("tmp", "new", "cur"):
                (self._folder / name).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Misconfigured.of_storage(error, self._folder) from None

    def announce(self, message: StoredMessage) -> None:
        """Nothing has to be told beforehand."""

    def deliver(self, message: StoredMessage, before_end: Callable[[], None] = nothing_before) -> Attempt:
        """Put a message into ``new/``, unless it is there, or was read and is in ``cur/``.

        What the disk does not take is not there in part, and a later run tries again.
        """
        before_end()
        try:
            return self._put(message)
        except OSError as error:
            (self._folder / "tmp" / message.token).unlink(missing_ok=True)
            return Attempt(State.FAILED, Misconfigured.of_storage(error, self._folder).what)

    def _put(self, message: StoredMessage) -> Attempt:
        new, read = self._folder / "new", self._folder / "cur"
        # Mail programs move what was read to cur/, and add a colon and flags to its name.
        if (new / message.token).exists() or any(read.glob(f"{message.token}*")):
            return Attempt(State.SENT, "is in the outbox already")
        draft = self._folder / "tmp" / message.token
        with draft.open("wb") as file:
            file.write(message.content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, new / message.token)
        _sync_folder(new)
        return Attempt(State.SENT, "put into the outbox")

    def close(self) -> None:
        """Nothing is held."""


def _sync_folder(folder: Path) -> None:
    """Have the folder's entries on disk: a synced file whose name is lost is lost."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
