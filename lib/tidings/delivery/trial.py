"""A trial: the real message to an address of one's own, marked, and not in the ledger."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from tidings.delivery.context import Folders
from tidings.delivery.letters import Stamp, write_letter
from tidings.delivery.run import Route
from tidings.delivery.settings import Settings
from tidings.delivery.states import Outcome
from tidings.errors import DeliveryError
from tidings.periods import clock
from tidings.reports.editions import FoundEdition, edition_periods, find_edition, read_notebook
from tidings.tenants.tenant import Tenant


@dataclass(frozen=True)
class Trial:
    """What is tried: a tenant's edition, of a period by its key or the newest, and where it goes."""

    tenant: Tenant
    period: str | None
    to: str


def send_trial(trial: Trial, folders: Folders, settings: Settings, route: Route) -> Outcome:
    """Send a tenant's finished edition to an address, under a Message-ID of its own.

    Raises
    ------
    DeliveryError
        There is no such edition, or the letter cannot be written or handed in.
    """
    now = clock.now()
    edition = _edition(trial, folders, now)
    stamp = Stamp(secrets.token_hex(16), now, trial=True)
    letter = write_letter(read_notebook(edition), edition, trial.to, settings, stamp)
    try:
        route.transport.open()
        return route.transport.deliver(letter)
    finally:
        route.transport.close()


def _edition(trial: Trial, folders: Folders, now: datetime) -> FoundEdition:
    for period in reversed(edition_periods(trial.tenant, folders.outputs, now)):
        edition = find_edition(trial.tenant, period, folders.outputs)
        if edition.is_finished and trial.period in (None, period.key):
            return edition
    raise DeliveryError(
        "there is no finished edition",
        where=f"{trial.tenant.id}, {trial.period or 'any period'}",
        remedy="run make report",
    )
