"""The desk: each command's work, from the words that a user gives to what came of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from tidings.delivery.context import Folders, Workplace, transport_of, workplace
from tidings.delivery.due import mail_due
from tidings.delivery.errors import Misconfigured
from tidings.delivery.ledger import FILE_NAME, Key, open_ledger
from tidings.delivery.letters import REPORT
from tidings.delivery.mail import Choice, mail
from tidings.delivery.resend import resend
from tidings.delivery.run import Route, Tally
from tidings.delivery.settings import load_settings
from tidings.delivery.states import Outcome
from tidings.delivery.status import Row, status_rows
from tidings.delivery.summary import mail_summary
from tidings.delivery.trial import Trial, send_trial
from tidings.errors import ParametersError, PeriodError, ReportError, TidingsError
from tidings.periods import clock
from tidings.periods.period import Period, parse_period
from tidings.tenants.tenant import Tenant, load_tenant, tenant_ids
from tidings.tenants.validators import check_address


@dataclass(frozen=True)
class Due:
    """What is looked at for what is due: one tenant or all, by a day or each one's today, in so many jobs."""

    tenant: str | None = None
    day: date | None = None
    jobs: int | None = None


def run_mail(folders: Folders, tenant: str | None, period: str | None, route: Route | None = None) -> Tally:
    """Mail what is finished, of one tenant or all, of one period or all; then tell the operator."""
    tally = Tally()
    tenants = _tenants(folders.parameters, tenant, tally)
    for each in tenants if period else ():
        _key(period or "", each)
    return _run(folders, route, tally, lambda place: mail(Choice(tenants, period), place, tally))


def run_due(folders: Folders, when: Due, route: Route | None = None) -> Tally:
    """Make and mail what is due by a day, of one tenant or all; then tell the operator."""
    tally = Tally()
    tenants = _tenants(folders.parameters, when.tenant, tally)
    make = partial(_make, folders, when.jobs)
    return _run(folders, route, tally, lambda place: mail_due(tenants, when.day, place, make, tally))


def run_resend(
    folders: Folders, words: tuple[str, str, str], force: bool, route: Route | None = None
) -> Outcome:
    """Send the letter of a tenant, period and recipient again."""
    tenant_id, period, recipient = words
    tenant = _tenant(tenant_id, folders.parameters)
    key = Key(tenant.id, REPORT, _key(period, tenant), _address(recipient))
    with workplace(folders, route) as place:
        return resend(key, place, force)


def run_trial(folders: Folders, words: tuple[str, str | None, str], route: Route | None = None) -> Outcome:
    """Send a tenant's edition, marked as a test, to an address."""
    tenant_id, period, to = words
    tenant = _tenant(tenant_id, folders.parameters)
    settings = load_settings(folders.project)
    trial = Trial(tenant, _key(period, tenant) if period else None, _address(to))
    chosen = route or Route(transport_of(settings, folders.outputs))
    return send_trial(trial, folders, settings, chosen)


def current_rows(folders: Folders, tenant: str | None) -> list[Row]:
    """What is known of all editions and letters, or of one tenant's."""
    tenants = _tenants(folders.parameters, tenant, Tally())
    with open_ledger(folders.outputs / FILE_NAME) as ledger:
        return status_rows(tenants, folders.outputs, ledger, clock.now())


def _run(folders: Folders, route: Route | None, tally: Tally, work: Callable[[Workplace], None]) -> Tally:
    with workplace(folders, route) as place:
        try:
            work(place)
        except Misconfigured as error:
            tally.stopped_by = error
        else:
            mail_summary(tally, place)
    return tally


def _tenants(folder: Path, only: str | None, tally: Tally) -> tuple[Tenant, ...]:
    """One tenant, or all whose files are right; the others are noted and keep no one from getting mail."""
    if only is not None:
        return (_tenant(only, folder),)
    tenants = []
    for tenant_id in _ids(folder):
        try:
            tenants.append(load_tenant(tenant_id, folder))
        except ParametersError as error:
            tally.problems.append(str(error))
    return tuple(tenants)


def _ids(folder: Path) -> list[str]:
    try:
        return tenant_ids(folder)
    except ParametersError as error:
        raise _misused(error) from None


def _tenant(tenant_id: str, folder: Path) -> Tenant:
    try:
        return load_tenant(tenant_id, folder)
    except ParametersError as error:
        raise _misused(error) from None


def _key(period: str, tenant: Tenant) -> str:
    try:
        return parse_period(period, tenant, clock.now()).key
    except PeriodError as error:
        raise _misused(error) from None


def _address(text: str) -> str:
    try:
        return check_address(text)
    except ValueError as error:
        raise Misconfigured(f"{text[:80]!r} {error}", remedy="write one plain address") from None


def _misused(error: TidingsError) -> Misconfigured:
    """A name that a user gave on the command line and that means nothing."""
    return Misconfigured(error.what, where=error.where, remedy=error.remedy)


def _make(folders: Folders, jobs: int | None, wanted: list[tuple[Tenant, Period]]) -> Iterator[str]:
    """Make reports on the machine's processors; say what could not be made."""
    from tidings.reports.batch import make_reports
    from tidings.reports.report import Order
    from tidings.reports.workers import local_workers

    notebook = folders.project / "notebooks" / "report.ipynb"
    orders = [
        Order(tenant.id, period.key, folders.parameters, folders.outputs, notebook)
        for tenant, period in wanted
    ]
    for outcome in make_reports(orders, local_workers(jobs, None)) if orders else ():
        if outcome.state == "failed":
            yield f"{outcome.tenant}, {outcome.period}: {outcome.error}"
    if orders:
        from tidings.review.history import update_history

        try:
            update_history(folders.outputs, {order.period for order in orders})
        except ReportError as error:  # which keeps nobody's mail back
            yield str(error)
