"""The status: every edition with what became of its messages, as rows for a table or for other programs."""

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from textwrap import wrap
from typing import Any

from rich.text import Text

from tidings.delivery.ledger import Delivery, Ledger
from tidings.delivery.messages import REPORT
from tidings.delivery.states import OPEN, State
from tidings.reports.editions import (
    FinishedReport,
    ReportState,
    UnfinishedReport,
    find_decision,
    find_report,
    list_orders,
    read_run,
)
from tidings.tenants.address import canonical
from tidings.tenants.tenant import Tenant

FINISHED = "finished"
_COLORS = {
    "sent": "green",
    "refused": "red",
    "failed": "red",
    "uncertain": "yellow",
    "held": "yellow",
    "paused": "yellow",
}


@dataclass(frozen=True)
class Row:
    """An edition's message to a recipient, or an edition without messages.

    Attributes
    ----------
    tenant, period, edition : str
        Whose edition, of what, and what it is: ``finished``, or why it may not be mailed.
    recipient, state, by, answer : str or None
        The message: to whom, where it stands, by which transport, and what that answered last.
    attempts : int
        How often it was attempted.
    changed_at : str or None
        When its state changed last, ISO 8601 in UTC.
    note : str
        What else the operator should know.
    """

    tenant: str
    period: str
    edition: str
    recipient: str | None = None
    state: str | None = None
    attempts: int = 0
    changed_at: str | None = None
    by: str | None = None
    answer: str | None = None
    note: str = ""


def list_rows(tenants: tuple[Tenant, ...], outputs: Path, ledger: Ledger, now: datetime) -> list[Row]:
    """All editions of these tenants that are on disk or in the ledger, oldest first within a tenant."""
    failed, suppressed, paused = _read_failures(outputs), ledger.suppressed(), ledger.paused()
    deliveries: dict[tuple[str, str], list[Delivery]] = {}
    for delivery in ledger.deliveries():
        if delivery.key.report == REPORT:
            deliveries.setdefault((delivery.key.tenant, delivery.key.period), []).append(delivery)
    rows: list[Row] = []
    for tenant in tenants:
        for order in list_orders(tenant, outputs, now):
            report, mailed = find_report(order), deliveries.pop((tenant.id, order.period.key), [])
            error = failed.pop((tenant.id, order.period.key), None)
            edition, notes = FINISHED, _describe_making(report, error)
            if isinstance(report, UnfinishedReport):
                never = report.state in (ReportState.ABSENT, ReportState.FAILED)
                edition = f"failed: {error}" if error and never else report.reason
            for each in mailed:
                wants_none = suppressed.get(canonical(each.key.recipient), "")
                note = "; ".join(filter(None, (_note(each, report), wants_none, notes)))
                rows.append(_row(each, edition, note))
            if not mailed:
                rows.append(Row(tenant.id, order.period.key, edition, note=notes))
        for recipient in tenant.recipients:
            if why := suppressed.get(canonical(recipient)):
                rows.append(Row(tenant.id, "", "gets nothing", recipient, note=why))
        if tenant.id in paused:
            rows.append(Row(tenant.id, "", paused[tenant.id]))
    chosen = {tenant.id for tenant in tenants}
    gone = [each for (tenant_id, _), found in deliveries.items() if tenant_id in chosen for each in found]
    return rows + [_row(each, "no longer on disk", "") for each in gone]


def rows_as_json(rows: list[Row]) -> list[dict[str, Any]]:
    """The rows for other programs."""
    return [asdict(row) for row in rows]


def rows_as_lines(rows: list[Row], width: int) -> list[Text]:
    """The rows for people, in lines of a terminal: what is as it should be says no more than that."""
    labels = ("Tenant", "Period", "Recipient", "State", "Since")
    lines = [
        (
            row.tenant,
            row.period,
            row.recipient or "",
            _named(row),
            (row.changed_at or "")[:16].replace("T", " "),
        )
        for row in rows
    ]
    widths = [max(len(line[column]) for line in (labels, *lines)) for column in range(len(labels))]
    most = width - sum(widths) + widths[2] - 2 * (len(labels) - 1)
    widths[2] = max(len(labels[2]), min(widths[2], most))
    told = [
        Text("  ".join(f"{label:<{wide}}" for label, wide in zip(labels, widths, strict=True)), style="bold")
    ]
    for row, line in zip(rows, lines, strict=True):
        text = Text()
        for column, (word, wide) in enumerate(zip(line, widths, strict=True)):
            shown = word if len(word) <= wide else f"{word[: wide - 1]}…"
            text.append(
                f"{shown:<{wide}}  ", style=_COLORS.get(word, "default") if column == 3 else "default"
            )
        text.rstrip()
        told.append(text)
        whole = row.recipient if row.recipient and len(row.recipient) > widths[2] else None
        if remarks := "; ".join(filter(None, (whole, *_remarks(row)))):
            told += [
                Text(each) for each in wrap(remarks, width, initial_indent="    ", subsequent_indent="    ")
            ]
    return told


def _named(row: Row) -> str:
    """The state of a message; of an edition without messages its own, where that is a word."""
    named = row.state or row.edition.partition(":")[0]
    return named if row.state or named in (FINISHED, *_COLORS) else ""


def _remarks(row: Row) -> tuple[str | None, ...]:
    return (
        row.edition if row.edition != FINISHED else None,
        row.by,
        f"{row.attempts} attempts" if row.attempts > 1 else "",
        row.answer if row.state != State.SENT else None,
        row.note,
    )


def _read_failures(outputs: Path) -> dict[tuple[str, str], str]:
    """Why editions failed in the run that was last, by tenant and period."""
    try:
        editions = read_run(outputs)["editions"]
        return {
            (str(each["tenant"]), str(each["period"])): " ".join(str(each["error"]).split())
            for each in editions
            if each["state"] == "failed"
        }
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _describe_making(report: FinishedReport | UnfinishedReport, error: str | None) -> str:
    """Who approved a report, and whether making it anew failed."""
    if isinstance(report, UnfinishedReport):
        return ""
    approved = find_decision(report.order, "approved")
    notes = [f"approved by {approved.by}, {approved.at[:10]}: {approved.why}"] if approved else []
    return "; ".join([*notes, f"made anew, it failed: {error}"] if error else notes)


def _row(delivery: Delivery, edition: str, note: str) -> Row:
    return Row(
        delivery.key.tenant,
        delivery.key.period,
        edition,
        delivery.key.recipient,
        str(delivery.state),
        delivery.attempts,
        delivery.changed_at.isoformat(),
        delivery.by,
        delivery.answer,
        note,
    )


def _note(delivery: Delivery, report: FinishedReport | UnfinishedReport) -> str:
    if delivery.key.recipient not in report.order.tenant.recipients:
        return "no longer a recipient"
    if delivery.state is State.UNCERTAIN:
        return "make resend … FORCE=1 sends it again"
    is_other = isinstance(report, FinishedReport) and delivery.edition != report.digest
    if is_other and delivery.state not in OPEN:
        return "made again since; not sent again"
    return ""
