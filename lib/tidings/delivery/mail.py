"""Mailing: which messages of which finished reports are still to go out, and sending them."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from tidings.delivery.clock import refuse_wrong_clock
from tidings.delivery.context import RunContext
from tidings.delivery.ledger import Delivery, Key
from tidings.delivery.messages import Mark, key_of, write_messages
from tidings.delivery.send import RunResult, send
from tidings.delivery.states import OPEN, Attempt, State
from tidings.delivery.transports.outbox import Outbox
from tidings.errors import TidingsError
from tidings.periods import clock
from tidings.periods.period import parse_period
from tidings.reports.editions import (
    FinishedReport,
    ReportState,
    UnfinishedReport,
    find_report,
    find_verdict,
    list_orders,
    read_notebook,
)
from tidings.reports.order import Order
from tidings.tenants.address import canonical
from tidings.tenants.tenant import Tenant

GIVE_UP_AFTER = timedelta(days=5)
"""How long a message that a server puts off is tried again, by every run: as RFC 5321 (4.5.4.1) has it."""


def mail(tenants: Iterable[Tenant], period: str | None, context: RunContext, result: RunResult) -> None:
    """Send what the tenants' finished reports still owe their recipients, oldest period first.

    Parameters
    ----------
    period : str, optional
        The one whose reports are mailed, as a user names it. Without it, all are that have a folder; who
        joined since gets the last that is finished, and not all that went out before.

    Raises
    ------
    PeriodError
        The period's name is not understood.
    Misconfigured
        The server lets nothing through, or the clock is wrong: nothing is mailed.
    """
    tenants = leave_out_paused(tenants, context, result)
    now, outputs = clock.now(), context.folders.outputs
    orders: list[Order] = []
    older: set[Order] = set()
    for tenant in tenants:
        if period is not None:
            orders.append(Order(tenant, parse_period(period, tenant, now), outputs))
            continue
        every = list_orders(tenant, outputs, now)
        finished = (order for order in reversed(every) if isinstance(find_report(order), FinishedReport))
        newest = next(finished, None)
        orders += every
        older.update(order for order in every if order != newest)
    owed = [
        order
        for order in orders
        if list_unsent(order, context, now, to_newcomers=order not in older)
        and isinstance(find_report(order), FinishedReport)
    ]
    refuse_wrong_clock(owed, tenants, context)
    mail_orders(orders, context, result, older)


def leave_out_paused(tenants: Iterable[Tenant], context: RunContext, result: RunResult) -> tuple[Tenant, ...]:
    """The tenants that are not paused; those that are, are noted."""
    tenants, paused = tuple(tenants), context.ledger.paused()
    result.paused += [f"{tenant.id}: {paused[tenant.id]}" for tenant in tenants if tenant.id in paused]
    return tuple(tenant for tenant in tenants if tenant.id not in paused)


def mail_orders(
    orders: Iterable[Order], context: RunContext, result: RunResult, older: Collection[Order] = ()
) -> None:
    """Write the messages that these reports owe, all before the first is sent, and send them.

    Parameters
    ----------
    older : collection of Order
        Those that no one gets who joined after others had got them.
    """
    for delivery in context.uncertain:
        result.attempts[delivery] = Attempt(State.UNCERTAIN, delivery.answer or "")
    queued: list[Delivery] = []
    for order in sorted(orders, key=lambda each: (each.period.last, each.tenant.id)):
        try:
            queued += _queue(order, context, result, to_newcomers=order not in older)
        except (TidingsError, OSError, ValueError) as error:
            result.problems.append(f"{order}: {error}")
    send(queued, context.ledger, context.sending, result)


def list_unsent(order: Order, context: RunContext, now: datetime, *, to_newcomers: bool = True) -> list[Key]:
    """The messages of a report that no server has accepted and that are still worth an attempt.

    What only the outbox has, no server has accepted; who wants no mail is owed none.

    Parameters
    ----------
    to_newcomers : bool
        Whether recipients count too who joined after others had got it, or had it in the outbox alone.
    """
    ledger, suppressed = context.ledger, context.ledger.suppressed()
    may_begin = to_newcomers or not ledger.has_begun(key_of(order, ""))
    unsent = []
    for key in [key_of(order, recipient) for recipient in order.tenant.recipients]:
        delivery = ledger.find(key)
        if canonical(key.recipient) in suppressed:
            is_unsent = False
        elif delivery is None:
            is_unsent = may_begin
        elif delivery.state is State.SENT:
            is_unsent = (
                to_newcomers and delivery.by == Outbox.name and not context.sending.transport.repeatable
            )
        else:
            has_aged = delivery.state is State.FAILED and now - delivery.queued_at > GIVE_UP_AFTER
            is_unsent = delivery.state in OPEN and not has_aged
        if is_unsent:
            unsent.append(key)
    return unsent


def _queue(order: Order, context: RunContext, result: RunResult, *, to_newcomers: bool) -> list[Delivery]:
    """The deliveries to be attempted, their messages written anew: none of them was accepted before.

    What is held, or lies in another's folder, is noted in the result.
    """
    now, ledger = clock.now(), context.ledger
    # The ledger is asked first: of most reports it knows that they owe nothing, and no file is read.
    keys = list_unsent(order, context, now, to_newcomers=to_newcomers)
    report = find_report(order) if keys else None
    if isinstance(report, UnfinishedReport) and report.state is ReportState.HELD:
        result.held.append(report)
    if isinstance(report, UnfinishedReport) and report.state is ReportState.MISPLACED:
        result.problems.append(f"{order}: {report.reason}")
    if not isinstance(report, FinishedReport):
        return []
    if find_verdict(order)[0] == "review":
        result.review.append(str(order))
    barred = [key for key in keys if not context.settings.allows(key.recipient)]
    result.problems += [
        f"{order}, {key.recipient}: not mailed, since its domain is not in TIDINGS_ALLOWED_DOMAINS"
        for key in barred
    ]
    keys = [key for key in keys if key not in barred]
    notebook = read_notebook(report)
    recipients = [(key.recipient, Mark(key.token, now)) for key in keys]
    messages = write_messages(
        notebook, order, recipients, context.settings
    )  # one at a time, as they are kept
    in_outbox = [each for key in keys if (each := ledger.find(key)) and each.state is State.SENT]
    ledger.reopen(in_outbox, State.SENT, now)
    ledger.enqueue(((key, report.digest, message) for key, message in zip(keys, messages, strict=True)), now)
    return [delivery for key in keys if (delivery := ledger.find(key))]
