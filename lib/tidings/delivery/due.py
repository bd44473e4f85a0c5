"""What is due: the editions whose day has come by their tenants' cadence and that no one has received yet."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta

from tidings.delivery.context import Workplace
from tidings.delivery.letters import REPORT
from tidings.delivery.mail import Consignment, mail_out, owed
from tidings.delivery.run import Tally
from tidings.periods import clock
from tidings.periods.period import Period, latest_period, parse_period
from tidings.reports.editions import find_edition
from tidings.tenants.tenant import Tenant

CATCH_UP = timedelta(days=31)
"""How long after its day an edition that was missed is still made up for."""

_DAY = timedelta(days=1)

Make = Callable[[list[tuple[Tenant, Period]]], Iterable[str]]
"""Makes reports, and says of each that could not be made whose it is and why."""


def mail_due(
    tenants: tuple[Tenant, ...], day: date | None, place: Workplace, make: Make, tally: Tally
) -> None:
    """Make every edition that is due, and mail it; and mail what earlier runs began and could not finish.

    An edition that cannot be made is noted, and leaves the others as they are.

    Parameters
    ----------
    day : date, optional
        The local day by which editions are due; each tenant's own today, if not given.
    """
    due = {tenant: _due(tenant, day, place) for tenant in tenants}
    tally.problems += make([(tenant, period) for tenant, periods in due.items() for period in periods])
    tally.problems += _held(due, place)
    begun = [each for tenant in tenants for each in _begun_consignments(tenant, due[tenant], place)]
    mail_out(
        [Consignment(tenant, period) for tenant in tenants for period in due[tenant]] + begun, place, tally
    )


def due_periods(tenant: Tenant, day: date) -> Iterator[Period]:
    """The tenant's last period that was over by a local day, then those that ended within `CATCH_UP`."""
    period = latest_period(tenant, datetime.combine(day, time(12), tenant.zone))
    yield period
    while (period := period.previous()).last + _DAY > day - CATCH_UP:
        yield period


def _due(tenant: Tenant, day: date | None, place: Workplace) -> list[Period]:
    """The periods whose editions are to be made: the newest if it owes anyone, and earlier ones if missed.

    Missed is what went to no one although an earlier edition did: a tenant who joins today is owed the
    newest, and nothing of the time before.
    """
    now = clock.now()
    today = now.astimezone(tenant.zone).date()
    newest, *earlier = due_periods(tenant, min(day or today, today))
    begun = _begun(tenant, place, now)
    since = min((period.last for period in begun), default=date.max)
    missed = [period for period in earlier if period not in begun and period.last > since]
    return missed[::-1] + [newest] * bool(owed(Consignment(tenant, newest), place.ledger, now))


def _begun(tenant: Tenant, place: Workplace, now: datetime) -> list[Period]:
    """The periods whose editions were written down for anyone."""
    return [parse_period(key, tenant, now) for key in place.ledger.periods(tenant.id, REPORT)]


def _begun_consignments(tenant: Tenant, due: list[Period], place: Workplace) -> list[Consignment]:
    """The editions of which earlier runs may have left letters unsent."""
    begun = _begun(tenant, place, clock.now())
    return [Consignment(tenant, period, to_newcomers=False) for period in begun if period not in due]


def _held(due: dict[Tenant, list[Period]], place: Workplace) -> Iterator[str]:
    """The editions that were made and may not be mailed."""
    for tenant, periods in due.items():
        for period in periods:
            reason = find_edition(tenant, period, place.folders.outputs).reason
            if reason.startswith("held"):
                yield f"{tenant.id}, {period.key}: {reason}"
