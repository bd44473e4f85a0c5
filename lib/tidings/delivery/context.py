"""Where delivery works: a project's folders, settings, ledger and the way out."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tidings.delivery.ledger import FILE_NAME, Delivery, Ledger, open_ledger
from tidings.delivery.lock import sole_run
from tidings.delivery.run import Route
from tidings.delivery.settings import Settings, load_settings
from tidings.delivery.transports import outbox
from tidings.delivery.transports.base import Transport
from tidings.delivery.transports.console import Console
from tidings.delivery.transports.outbox import Outbox
from tidings.delivery.transports.smtp import Smtp
from tidings.periods import clock

_KEEP_LETTERS = timedelta(days=90)


@dataclass(frozen=True)
class Folders:
    """A project's folders that delivery reads and writes."""

    project: Path
    parameters: Path
    outputs: Path


@dataclass(frozen=True)
class Workplace:
    """All that a run needs.

    Attributes
    ----------
    folders, settings, ledger, route
        What their types say.
    uncertain : list of Delivery
        What an earlier run, killed, had left under way.
    """

    folders: Folders
    settings: Settings
    ledger: Ledger
    route: Route
    uncertain: list[Delivery]


@contextmanager
def workplace(folders: Folders, route: Route | None = None) -> Iterator[Workplace]:
    """Open a project for a run of its own, and settle what a killed run left behind.

    Raises
    ------
    Misconfigured
        The settings or the ledger cannot be used.
    Busy
        Another run is at work.
    """
    settings = load_settings(folders.project)
    chosen = route or Route(transport_of(settings, folders.outputs), settings.rate)
    with sole_run(folders.outputs), open_ledger(folders.outputs / FILE_NAME) as ledger:
        transport = chosen.transport
        uncertain = ledger.recover(transport.name if transport.repeatable else None, clock.now())
        ledger.forget_letters(clock.now() - _KEEP_LETTERS)
        yield Workplace(folders, settings, ledger, chosen, uncertain)


def transport_of(settings: Settings, outputs: Path) -> Transport:
    """The transport that the settings choose."""
    if settings.transport == "smtp":
        return Smtp(settings.server)
    if settings.transport == "console":
        return Console(sys.stdout)
    return Outbox(outputs / outbox.FOLDER)
