"""What a run of delivery works with: a project's folders, settings, ledger and the way out, and its lock."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tidings.delivery.errors import Busy, Misconfigured
from tidings.delivery.ledger import FILE_NAME, Delivery, Ledger, open_ledger
from tidings.delivery.send import Sending
from tidings.delivery.settings import Settings, load_settings
from tidings.delivery.transports.table import make_transport
from tidings.periods import clock
from tidings.tenants.address import canonical

LOCK = "_delivery.lock"
_KEEP_MESSAGES = timedelta(days=90)


@dataclass(frozen=True)
class Folders:
    """A project's folders that delivery reads and writes."""

    project: Path
    parameters: Path
    outputs: Path


@dataclass(frozen=True)
class RunContext:
    """All that a run needs.

    Attributes
    ----------
    folders, settings, ledger, sending
        What their types say.
    uncertain : list of Delivery
        What an earlier run, killed, had left under way.
    """

    folders: Folders
    settings: Settings
    ledger: Ledger
    sending: Sending
    uncertain: list[Delivery]

    def find_bar(self, recipient: str) -> str | None:
        """Why a recipient may get no mail, where that is so."""
        if not self.settings.allows(recipient):
            return "its domain is not in TIDINGS_ALLOWED_DOMAINS"
        return self.ledger.suppressed().get(canonical(recipient))


@contextmanager
def open_context(folders: Folders, sending: Sending | None = None) -> Iterator[RunContext]:
    """Open a project for a run of its own, and settle what a killed run left behind.

    Parameters
    ----------
    sending : Sending, optional
        How messages go out; as the settings say, if not given.

    Raises
    ------
    Misconfigured
        The settings or the ledger cannot be used.
    Busy
        Another run is at work.
    """
    settings = load_settings(folders.project)
    sending = sending or Sending(make_transport(settings, folders.outputs), settings.rate)
    with hold_lock(folders.outputs), open_ledger(folders.outputs / FILE_NAME) as ledger:
        transport = sending.transport
        uncertain = ledger.recover(transport.name if transport.repeatable else None)
        ledger.forget_messages(clock.now() - _KEEP_MESSAGES)
        yield RunContext(folders, settings, ledger, sending, uncertain)


@contextmanager
def hold_lock(outputs: Path) -> Iterator[None]:
    """Be the only run in an outputs folder; however the process ends, the system lets the lock go.

    Raises
    ------
    Busy
        Another process holds it.
    Misconfigured
        Nothing can be written there.
    """
    path = outputs / LOCK
    try:
        outputs.mkdir(parents=True, exist_ok=True)
        file = path.open("a")
    except OSError as error:
        raise Misconfigured.of_storage(error, path) from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(
                "another run is mailing; this one sent nothing",
                where=str(path),
                remedy="let it finish; what it leaves, the next run sends",
            ) from None
        yield
