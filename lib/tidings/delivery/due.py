"""What is due: the reports whose day has come by their tenants' cadence and that no one has received yet."""

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta

from tidings.delivery.clock import refuse_wrong_clock
from tidings.delivery.context import RunContext
from tidings.delivery.mail import leave_out_paused, list_unsent, mail_orders
from tidings.delivery.messages import REPORT
from tidings.delivery.send import RunResult
from tidings.periods import clock
from tidings.periods.period import Period, latest_period, parse_period
from tidings.reports.order import Order
from tidings.tenants.tenant import Tenant

CATCH_UP = timedelta(days=31)
"""How long after its day a report that was missed is still made up for."""

_DAY = timedelta(days=1)
_log = logging.getLogger(__name__)

Make = Callable[[list[Order]], Iterable[str]]
"""Makes reports, and says of each that could not be made whose it is and why."""


def mail_due(
    tenants: Iterable[Tenant], day: date | None, context: RunContext, make: Make, result: RunResult
) -> None:
    """Make every report that is due, and mail it; and mail what earlier runs began and could not finish.

    A report that cannot be made is noted, and leaves the others as they are.

    Parameters
    ----------
    day : date, optional
        The local day by which reports are due; each tenant's own today, if not given.

    Raises
    ------
    Misconfigured
        The clock is wrong: nothing is made.
    """
    tenants = leave_out_paused(tenants, context, result)
    due: list[Order] = []
    begun: list[Order] = []
    for tenant in tenants:
        already = _begun_orders(tenant, context)
        due += _due_orders(tenant, day, already, context)
        begun += already
    refuse_wrong_clock(due, tenants, context)
    for order in due:
        _log.info("%s: due", order)
    result.problems += make(due)
    older = set(begun) - set(due)
    mail_orders([*due, *older], context, result, older)


def due_periods(tenant: Tenant, day: date) -> Iterator[Period]:
    """The tenant's last period that was over by a local day, then those that ended within `CATCH_UP`."""
    period = latest_period(tenant, datetime.combine(day, time(12), tenant.zone))
    yield period
    while (period := period.previous()).last + _DAY > day - CATCH_UP:
        yield period


def _due_orders(tenant: Tenant, day: date | None, begun: list[Order], context: RunContext) -> list[Order]:
    """What is to be made: the newest report if it owes anyone, and earlier ones if missed.

    Missed is what went to no one although an earlier report did: a tenant who joins today is owed the newest,
    and nothing of the time before. Nothing is begun that is older than what was mailed last, unless a day is
    asked for.
    """
    now, outputs = clock.now(), context.folders.outputs
    today = now.astimezone(tenant.zone).date()
    newest, *earlier = (
        Order(tenant, period, outputs) for period in due_periods(tenant, min(day or today, today))
    )
    days = [order.period.last for order in begun]
    since = (min if day else max)(days, default=date.max)
    missed = [order for order in earlier if order not in begun and order.period.last > since]
    goes_back = not day and newest.period.last < max(days, default=date.min)
    is_owed = not goes_back and list_unsent(newest, context, now)
    return missed[::-1] + [newest] * bool(is_owed)


def _begun_orders(tenant: Tenant, context: RunContext) -> list[Order]:
    """The reports whose messages were written down for anyone; earlier runs may have left some unsent."""
    now, outputs = clock.now(), context.folders.outputs
    keys = context.ledger.periods(tenant.id, REPORT)
    return [Order(tenant, parse_period(key, tenant, now), outputs) for key in keys]
