"""The outbox: letters in a Maildir, which mail programs open; needs no server."""

import os
from pathlib import Path

from tidings.delivery.ledger import Letter
from tidings.delivery.states import Outcome, State

FOLDER = "_outbox"


class Outbox:
    """Puts letters into a Maildir, each under its token, so that none is ever there twice."""

    name = "outbox"
    repeatable = True

    def __init__(self, folder: Path):
        self._folder = folder

    def open(self) -> None:
        """Make the Maildir where there is none."""
        for name in ("tmp", "new", "cur"):
            (self._folder / name).mkdir(parents=True, exist_ok=True)

    def deliver(self, letter: Letter) -> Outcome:
        """Put a letter into ``new/``, unless it is there, or was read and is in ``cur/``."""
        if self._has(letter.token):
            return Outcome(State.SENT, "is in the outbox already")
        draft = self._folder / "tmp" / letter.token
        with draft.open("wb") as file:
            file.write(letter.content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, self._folder / "new" / letter.token)
        _sync_folder(self._folder / "new")
        return Outcome(State.SENT, "put into the outbox")

    def close(self) -> None:
        """Nothing is held."""

    def _has(self, token: str) -> bool:
        # Mail programs move what was read to cur/, and add a colon and flags to its name.
        return (self._folder / "new" / token).exists() or any((self._folder / "cur").glob(f"{token}*"))


def _sync_folder(folder: Path) -> None:
    """Have the folder's entries on disk: a synced file whose name is lost is lost."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
