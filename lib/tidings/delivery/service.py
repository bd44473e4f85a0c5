"""The service: each command's work, from the words that a user gives to what came of them."""

import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from tidings.delivery.clean import Cleaned, clean_up
from tidings.delivery.clock import refuse_wrong_clock
from tidings.delivery.context import Folders, RunContext, open_context
from tidings.delivery.due import mail_due
from tidings.delivery.errors import LedgerBroken, Misconfigured
from tidings.delivery.ledger import FILE_NAME, Delivery, copy_ledger, open_ledger
from tidings.delivery.mail import leave_out_paused, mail
from tidings.delivery.make import make_due
from tidings.delivery.messages import Mark, key_of, write_message
from tidings.delivery.operator import mail_operator
from tidings.delivery.resend import resend, resend_all
from tidings.delivery.send import RunResult, Sending
from tidings.delivery.settings import load_settings
from tidings.delivery.states import Attempt, State
from tidings.delivery.status import Row, list_rows
from tidings.delivery.suppress import UNSUBSCRIBED, import_bounces, import_unsubscribed
from tidings.delivery.transports.preview import Preview
from tidings.delivery.transports.table import make_transport
from tidings.errors import DeliveryError, ParametersError, PeriodError, TidingsError
from tidings.periods import clock
from tidings.periods.period import parse_period
from tidings.reports.decide import approve, hold
from tidings.reports.editions import (
    FinishedReport,
    ReportState,
    UnfinishedReport,
    find_report,
    list_orders,
    read_notebook,
)
from tidings.reports.order import Order
from tidings.reports.receipt import Decision
from tidings.tenants.address import check_address
from tidings.tenants.tenant import Tenant, load_tenant, tenant_ids


def run_mail(
    folders: Folders, tenant: str | None = None, period: str | None = None, sending: Sending | None = None
) -> RunResult:
    """Mail what is finished, of one tenant or all, of one period or all; then tell the operator."""
    result = RunResult()
    tenants = _load_tenants(folders, tenant, result)
    _read_period(period, tenants)  # one that means nothing is refused before anything is opened
    return _run(folders, sending, result, lambda context: mail(tenants, period, context, result))


def run_due(
    folders: Folders,
    tenant: str | None = None,
    day: date | None = None,
    sending: Sending | None = None,
    *,
    jobs: int | None = None,
) -> RunResult:
    """Make and mail what is due by a day, of one tenant or all; then tell the operator."""
    result = RunResult()
    tenants = _load_tenants(folders, tenant, result)
    make = partial(make_due, folders, jobs, result.broken)
    return _run(folders, sending, result, lambda context: mail_due(tenants, day, context, make, result))


def run_resend(
    folders: Folders,
    tenant: str,
    period: str,
    recipient: str,
    sending: Sending | None = None,
    *,
    force: bool = False,
) -> Attempt:
    """Send the message of a tenant, period and recipient again."""
    order = _find_order(folders, tenant, period)
    key = key_of(order, _check_address(recipient))
    if held := _find_held(order):
        raise DeliveryError(held.reason, where=str(order), remedy="release it first: make approve")
    with open_context(folders, sending) as context:
        refuse_wrong_clock([order], [order.tenant], context)
        return resend(key, context, force)


def run_resend_state(
    folders: Folders,
    state: str,
    tenant: str | None = None,
    period: str | None = None,
    sending: Sending | None = None,
    *,
    force: bool = False,
) -> RunResult:
    """Send all messages again that are in a state, of one tenant or all, of one period or all.

    What is held or of a tenant that is paused, and who is no longer a recipient or may get no mail, is passed
    over.
    """
    if state not in (State.REFUSED, State.FAILED, State.UNCERTAIN):
        raise Misconfigured(f"{state[:40]!r} is no state", remedy="name refused, failed or uncertain")
    if state == State.UNCERTAIN and not force:
        raise DeliveryError(
            "are uncertain, so that recipients may get them twice", remedy="if that is meant, add FORCE=1"
        )
    result = RunResult()
    tenants = _load_tenants(folders, tenant, result)
    wanted = _read_period(period, tenants)

    def again(context: RunContext) -> None:
        mailed = {each.id: each for each in leave_out_paused(tenants, context, result)}
        chosen: list[Delivery] = []
        for delivery in context.ledger.deliveries():
            key, whose = delivery.key, mailed.get(delivery.key.tenant)
            if whose is None or delivery.state != state or key.recipient not in whose.recipients:
                continue
            order = Order(whose, parse_period(key.period, whose, clock.now()), folders.outputs)
            is_wanted = wanted.get(whose.id, key.period) == key.period
            if is_wanted and not _find_held(order) and not context.find_bar(key.recipient):
                chosen.append(delivery)
        refuse_wrong_clock([], tenants, context)
        resend_all(chosen, context, result)

    return _run(folders, sending, result, again)


def preview_mail(folders: Folders, tenant: str | None = None, period: str | None = None) -> RunResult:
    """What `run_mail` would come to: every letter is written and none is sent; nothing on disk changes."""
    result, settings = RunResult(), load_settings(folders.project)
    tenants = _load_tenants(folders, tenant, result)
    transport = Preview(make_transport(settings, folders.outputs))
    with copy_ledger(folders.outputs / FILE_NAME) as ledger:
        context = RunContext(folders, settings, ledger, Sending(transport), [])
        mail(tenants, period, context, result)
    return result


def run_pause(folders: Folders, tenant: str, why: str) -> None:
    """Have a tenant get nothing until it is resumed: `run_due` makes no report of it, and none is mailed."""
    with _blame_words():
        load_tenant(tenant, folders.parameters)
    with open_ledger(folders.outputs / FILE_NAME) as ledger:
        ledger.pause(tenant, " ".join(why.split())[:200] or "no reason given", clock.now())


def run_resume(folders: Folders, tenant: str) -> bool:
    """End a tenant's pause; False where there was none."""
    with open_ledger(folders.outputs / FILE_NAME) as ledger:
        return ledger.resume(tenant)


def run_unsubscribe(folders: Folders, address: str, *, undo: bool = False) -> bool:
    """Have an address get nothing from any tenant, or, undone, mail again; False where that is so already."""
    checked = _check_address(address)
    with open_ledger(folders.outputs / FILE_NAME) as ledger:
        return ledger.release(checked) if undo else ledger.suppress(checked, UNSUBSCRIBED, clock.now())


def run_unsubscribe_all(folders: Folders, path: Path) -> tuple[list[str], int]:
    """Have all get nothing who asked for that, by a list or in a mailbox: see `import_unsubscribed`."""
    with open_ledger(folders.outputs / FILE_NAME) as ledger:
        return import_unsubscribed(path, ledger, clock.now())


def run_bounces(folders: Folders, path: Path) -> tuple[list[str], int, int]:
    """Read the mail that came back: see `import_bounces`."""
    with open_ledger(folders.outputs / FILE_NAME) as ledger:
        return import_bounces(path, ledger, clock.now())


def run_clean_up(folders: Folders, keep: timedelta) -> Cleaned:
    """Remove what is older and settled: see `clean_up`."""
    result = RunResult()
    tenants = _load_tenants(folders, None, result)
    with open_context(folders) as context:
        return clean_up(tenants, keep, context)


def run_approve(folders: Folders, tenant: str, period: str, why: str) -> Decision:
    """Let the held report of a tenant and period go: the next run mails it."""
    return approve(_find_order(folders, tenant, period), why)


def run_hold(folders: Folders, tenant: str, period: str, why: str) -> Decision:
    """Hold the report of a tenant and period back by hand."""
    return hold(_find_order(folders, tenant, period), why)


def run_trial(
    folders: Folders, tenant: str, period: str | None, to: str, sending: Sending | None = None
) -> Attempt:
    """Send the newest finished report of a tenant, or that of a period, marked as a test, to an address.

    It goes under a Message-ID of its own, and the ledger knows nothing of it.

    Raises
    ------
    DeliveryError
        There is no such report, or its message cannot be written or handed in.
    """
    now = clock.now()
    with _blame_words():
        whose = load_tenant(tenant, folders.parameters)
        wanted = parse_period(period, whose, now).key if period else None
        recipient = _check_address(to)
    settings = load_settings(folders.project)
    if not settings.allows(recipient):
        raise Misconfigured("its domain is not in TIDINGS_ALLOWED_DOMAINS", where=recipient)
    transport = sending.transport if sending else make_transport(settings, folders.outputs)
    orders = [
        order for order in list_orders(whose, folders.outputs, now) if wanted in (None, order.period.key)
    ]
    reports = (find_report(order) for order in reversed(orders))
    report = next((report for report in reports if isinstance(report, FinishedReport)), None)
    if report is None:
        raise DeliveryError(
            "there is no finished edition",
            where=f"{whose.id}, {wanted or 'any period'}",
            remedy="run make report",
        )
    mark = Mark(secrets.token_hex(16), now, trial=True)
    message = write_message(read_notebook(report), report.order, recipient, settings, mark)
    try:
        transport.open()
        return transport.deliver(message)
    finally:
        transport.close()


def read_status(folders: Folders, tenant: str | None = None) -> list[Row]:
    """What is known of all reports and messages, or of one tenant's."""
    result = RunResult()
    tenants = _load_tenants(folders, tenant, result)
    with copy_ledger(folders.outputs / FILE_NAME) as ledger:
        rows = list_rows(tenants, folders.outputs, ledger, clock.now())
    return [*rows, *(Row(broken, "", f"failed: {error}") for broken, error in result.broken.items())]


def _run(
    folders: Folders, sending: Sending | None, result: RunResult, work: Callable[[RunContext], None]
) -> RunResult:
    """Do a run's work, and tell the operator what came of it, where a mail can get through."""
    try:
        with open_context(folders, sending) as context:
            try:
                work(context)
            except LedgerBroken:
                raise
            except Misconfigured as error:
                result.stopped_by = error
            except TidingsError as error:
                result.problems.append(str(error))
            if result.stopped_by is None or result.count(State.SENT):
                mail_operator(result, context)
    except LedgerBroken as error:
        result.stopped_by = error
        _tell_without_ledger(folders, sending, result)
    return result


def _tell_without_ledger(folders: Folders, sending: Sending | None, result: RunResult) -> None:
    """Tell the operator what went wrong, though it cannot be noted that they were told."""
    settings = load_settings(folders.project)
    sending = sending or Sending(make_transport(settings, folders.outputs))
    with copy_ledger(None) as empty:
        mail_operator(result, RunContext(folders, settings, empty, sending, []))


def _load_tenants(folders: Folders, only: str | None, result: RunResult) -> tuple[Tenant, ...]:
    """One tenant, or all whose files are right; the others are noted and keep no one from getting mail."""
    with _blame_words():
        if only is not None:
            return (load_tenant(only, folders.parameters),)
        ids = tenant_ids(folders.parameters)
    tenants = []
    for tenant_id in ids:
        try:
            tenants.append(load_tenant(tenant_id, folders.parameters))
        except ParametersError as error:
            result.problems.append(str(error))
            result.broken[tenant_id] = str(error)
    return tuple(tenants)


def _read_period(period: str | None, tenants: Iterable[Tenant]) -> dict[str, str]:
    """The key of the period that a user names, by tenant: each has its own latest. Empty without one."""
    if period is None:
        return {}
    with _blame_words():
        return {each.id: parse_period(period, each, clock.now()).key for each in tenants}


def _find_held(order: Order) -> UnfinishedReport | None:
    """The report that lies in the outputs, if it is held."""
    report = find_report(order)
    if isinstance(report, UnfinishedReport) and report.state is ReportState.HELD:
        return report
    return None


def _find_order(folders: Folders, tenant: str, period: str) -> Order:
    with _blame_words():
        whose = load_tenant(tenant, folders.parameters)
        return Order(whose, parse_period(period, whose, clock.now()), folders.outputs)


def _check_address(text: str) -> str:
    try:
        return check_address(text)
    except ValueError as error:
        raise Misconfigured(f"{text[:80]!r} {error}", remedy="write one plain address") from None


@contextmanager
def _blame_words() -> Iterator[None]:
    """Where a name means nothing that a user gave, nothing can be begun."""
    try:
        yield
    except (ParametersError, PeriodError) as error:
        raise Misconfigured(error.what, where=error.where, remedy=error.remedy) from None
