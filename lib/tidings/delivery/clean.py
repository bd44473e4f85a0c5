"""Cleaning up: what is old and settled goes; what is owed, held or uncertain stays, however old."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from tidings.delivery.context import RunContext
from tidings.delivery.mail import list_unsent
from tidings.delivery.messages import REPORT
from tidings.delivery.states import State
from tidings.delivery.transports.outbox import FOLDER
from tidings.periods import clock
from tidings.reports.editions import FinishedReport, find_report, list_orders, remove_report
from tidings.tenants.tenant import Tenant

_SETTLED = (State.SENT, State.REFUSED)


@dataclass(frozen=True)
class Cleaned:
    """How many reports' folders, letters of the outbox and letters of the ledger were removed."""

    reports: int
    outbox: int
    letters: int


def clean_up(tenants: tuple[Tenant, ...], keep: timedelta, context: RunContext) -> Cleaned:
    """Remove what is older: reports whose period ended before, letters that were settled before.

    Each tenant's newest finished report stays. Of every delivery the ledger still knows that it was made, so
    that nothing goes out twice; the history of recorded values stays too.

    Raises
    ------
    OSError
        Something cannot be removed.
    """
    now = clock.now()
    before = now - keep
    unsettled = {
        (delivery.key.tenant, delivery.key.period)
        for delivery in context.ledger.deliveries()
        if delivery.key.report == REPORT and delivery.state not in _SETTLED
    }
    removed = 0
    for tenant in tenants:
        orders = list_orders(tenant, context.folders.outputs, now)
        finished = [order for order in orders if isinstance(find_report(order), FinishedReport)]
        for order in finished[:-1]:
            is_owed = (tenant.id, order.period.key) in unsettled or list_unsent(
                order, context, now, to_newcomers=False
            )
            if order.period.end < before and not is_owed:
                remove_report(order)
                removed += 1
    return Cleaned(
        removed,
        _clean_outbox(context.folders.outputs / FOLDER, before),
        context.ledger.forget_messages(before),
    )


def _clean_outbox(folder: Path, before: datetime) -> int:
    """Remove the letters of a Maildir that were put there, or read, before an instant."""
    removed = 0
    for path in [path for name in ("new", "cur", "tmp") for path in (folder / name).glob("*")]:
        with suppress(FileNotFoundError):  # a mail program moves what is read there meanwhile
            if path.lstat().st_mtime < before.timestamp():
                path.unlink()
                removed += 1
    return removed
