"""A wrong clock stops whatever would be written into the ledger by it."""

from collections.abc import Collection, Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path

from tidings.delivery.context import RunContext
from tidings.delivery.errors import Misconfigured
from tidings.errors import ParametersError
from tidings.periods import clock
from tidings.periods.period import latest_period
from tidings.reports.order import Order
from tidings.tenants.tenant import Tenant, load_tenant, tenant_ids


def refuse_wrong_clock(orders: Collection[Order], tenants: Collection[Tenant], context: RunContext) -> None:
    """Refuse to go on where the clock contradicts the ledger or the data: see `tidings.review.gate.clock`.

    Parameters
    ----------
    orders : collection of Order
        What is to be made or mailed; without any, no source is asked. A day that is mailed to a tenant
        of weekly reports counts as a week: its data may come weekly too.
    tenants : collection of Tenant
        Whose sources are asked first. The others of the project are asked after them.

    Raises
    ------
    Misconfigured
        The clock is wrong.
    """
    now, newest_entry = clock.now(), context.ledger.newest_entry()
    if not orders and (newest_entry is None or now >= newest_entry):
        return  # without the second that the import takes
    from tidings.review.gate.clock import check_clock, find_newest_row

    periods = [period for order in orders for period in (order.period, latest_period(order.tenant, now))]
    longest = max(periods, key=lambda period: period.end - period.start, default=None)
    newest_row = None
    if longest:
        everyone = chain(tenants, _list_others(tenants, context.folders.parameters))
        enough = now - 2 * (longest.end - longest.start)
        newest_row = find_newest_row(everyone, context.folders.project, enough)
    if finding := check_clock(now, newest_entry, newest_row, longest):
        raise Misconfigured(
            f"{finding.sentence}: nothing was made or mailed",
            where="the clock",
            remedy="set the machine's clock, and unset TIDINGS_NOW; or bring the sources up to date",
        )


def _list_others(tenants: Collection[Tenant], parameters: Path) -> Iterator[Tenant]:
    """The tenants that are not among these, but for those whose files are wrong."""
    for tenant_id in set(tenant_ids(parameters)) - {tenant.id for tenant in tenants}:
        with suppress(ParametersError):
            yield load_tenant(tenant_id, parameters)
