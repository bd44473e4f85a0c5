"""What is due: the editions whose day has come by their tenants' cadence and that no one has received yet."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

from tidings import clock
from tidings.delivery.editions import find_edition, found_editions
from tidings.delivery.ledger import Ledger
from tidings.delivery.letters import REPORT
from tidings.delivery.mail import Consignment, mail_out, owed
from tidings.delivery.run import Tally
from tidings.delivery.workplace import Workplace
from tidings.parameters import Tenant
from tidings.period import Period, latest_period, parse_period

CATCH_UP = timedelta(days=31)
"""How long after its day an edition that was missed is still made up for."""

_DAY = timedelta(days=1)

Make = Callable[[str, str], object]
"""Makes the report of a tenant's id and a period's key."""


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
    consignments: list[Consignment] = []
    for tenant in tenants:
        due = list(_due(tenant, day, place))
        for period in due:
            _try_to_make(tenant, period, make, tally)
        consignments += _to_mail(tenant, due, place, tally)
    mail_out(consignments, place, tally)


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
    begun = _begun(tenant, place.ledger, now)
    missed = [
        period
        for period in earlier
        if period.key not in begun and period.end > min(begun.values(), default=now)
    ]
    edition = find_edition(tenant, newest, place.folders.outputs)
    return missed[::-1] + [newest] * bool(owed(Consignment(edition), place.ledger, now))


def _begun(tenant: Tenant, ledger: Ledger, now: datetime) -> dict[str, datetime]:
    """The ends of the periods, by key, whose editions were written down for anyone."""
    return {key: parse_period(key, tenant, now).end for key in ledger.periods(tenant.id, REPORT)}


def _try_to_make(tenant: Tenant, period: Period, make: Make, tally: Tally) -> None:
    try:
        make(tenant.id, period.key)
    except Exception as error:  # Whatever it is, it is this edition's trouble and not the others'.
        tally.problems.append(f"{tenant.id}, {period.key}: {error or type(error).__name__}")


def _to_mail(tenant: Tenant, due: list[Period], place: Workplace, tally: Tally) -> list[Consignment]:
    """The editions just made, and those of which earlier runs have left letters unsent."""
    now, outputs = clock.now(), place.folders.outputs
    begun = _begun(tenant, place.ledger, now)
    found = found_editions(tenant, outputs, now)
    tally.problems += [
        f"{tenant.id}, {edition.period.key}: {edition.reason}"
        for edition in found
        if edition.period in due and edition.reason.startswith("held")
    ]
    return [
        Consignment(edition, to_newcomers=edition.period in due)
        for edition in found
        if edition.is_finished and (edition.period in due or edition.period.key in begun)
    ]
