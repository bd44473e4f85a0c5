"""Mailing: which letters of which finished editions are still to go out, and sending them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tidings.delivery.context import Workplace
from tidings.delivery.ledger import Delivery, Key, Ledger, Letter
from tidings.delivery.letters import Stamp, key_of, write_letter
from tidings.delivery.run import Tally, send
from tidings.delivery.states import OPEN, Outcome, State
from tidings.errors import TidingsError
from tidings.periods import clock
from tidings.periods.period import Period, parse_period
from tidings.reports.editions import edition_periods, find_edition, read_notebook
from tidings.tenants.tenant import Tenant

GIVE_UP_AFTER = timedelta(days=5)
"""How long a letter that a server puts off is tried again, by every run: as RFC 5321 (4.5.4.1) has it."""


@dataclass(frozen=True)
class Choice:
    """What of the finished editions is wanted: of which tenants, and of one period or of all."""

    tenants: tuple[Tenant, ...]
    period: str | None = None


@dataclass(frozen=True)
class Consignment:
    """An edition to be mailed, and whether to recipients too who joined after others were served."""

    tenant: Tenant
    period: Period
    to_newcomers: bool = True


def mail(choice: Choice, place: Workplace, tally: Tally) -> None:
    """Send what the chosen tenants' finished editions still owe their recipients, oldest period first.

    Raises
    ------
    PeriodError
        The period's name is not understood.
    Misconfigured
        The server lets nothing through.
    """
    consignments: list[Consignment] = []
    for tenant in choice.tenants:
        consignments += _of_period(tenant, choice.period) if choice.period else _of_all(tenant, place)
    mail_out(consignments, place, tally)


def mail_out(consignments: list[Consignment], place: Workplace, tally: Tally) -> None:
    """Write the letters that these editions owe, all before the first is sent, and send them."""
    for delivery in place.uncertain:
        tally.outcomes[delivery] = Outcome(State.UNCERTAIN, delivery.answer or "")
    queued: list[Delivery] = []
    for consignment in sorted(consignments, key=lambda each: (each.period.last, each.tenant.id)):
        try:
            queued.extend(_queue(consignment, place))
        except (TidingsError, OSError, ValueError) as error:
            tally.problems.append(f"{consignment.tenant.id}, {consignment.period.key}: {error}")
    send(queued, place.ledger, place.route, tally)


def owed(consignment: Consignment, ledger: Ledger, now: datetime) -> list[Key]:
    """The letters of an edition that no server has accepted and that are still worth an attempt.

    A recipient who joins gets the newest edition and those to come, not all that went out before.
    """
    tenant, period = consignment.tenant, consignment.period
    keys = [key_of(tenant, period, recipient) for recipient in tenant.recipients]
    known = {key: ledger.find(key) for key in keys}
    may_begin = consignment.to_newcomers or not ledger.has_begun(key_of(tenant, period, ""))
    return [key for key in keys if _is_owed(known[key], now, may_begin)]


def _of_period(tenant: Tenant, period: str) -> list[Consignment]:
    return [Consignment(tenant, parse_period(period, tenant, clock.now()))]


def _of_all(tenant: Tenant, place: Workplace) -> list[Consignment]:
    """All editions that have a folder; newcomers get the last that is finished."""
    outputs = place.folders.outputs
    periods = edition_periods(tenant, outputs, clock.now())
    finished = (period for period in reversed(periods) if find_edition(tenant, period, outputs).is_finished)
    newest = next(finished, None)
    return [Consignment(tenant, period, period is newest) for period in periods]


def _is_owed(delivery: Delivery | None, now: datetime, may_begin: bool) -> bool:
    if delivery is None:
        return may_begin
    has_aged = delivery.state is State.FAILED and now - delivery.queued_at > GIVE_UP_AFTER
    return delivery.state in OPEN and not has_aged


def _queue(consignment: Consignment, place: Workplace) -> list[Delivery]:
    """The deliveries to be attempted, their letters written anew: none of them was accepted before."""
    now = clock.now()
    # The ledger is asked first: of most editions it knows that they owe nothing, and no file is read.
    keys = owed(consignment, place.ledger, now)
    if not keys:
        return []
    edition = find_edition(consignment.tenant, consignment.period, place.folders.outputs)
    if edition.digest is None:
        return []
    notebook = read_notebook(edition)
    letters: list[tuple[Key, str, Letter]] = []
    for key in keys:
        letter = write_letter(notebook, edition, key.recipient, place.settings, Stamp(key.token, now))
        letters.append((key, edition.digest, letter))
    place.ledger.enqueue(letters, now)
    return [delivery for key in keys if (delivery := place.ledger.find(key))]
