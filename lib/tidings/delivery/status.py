"""The status: every edition with what became of its letters, as rows for a table or for other programs."""

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from tidings.delivery.ledger import Delivery, Ledger
from tidings.delivery.letters import REPORT
from tidings.delivery.states import OPEN, State
from tidings.reports.editions import FoundEdition, edition_periods, find_edition
from tidings.tenants.tenant import Tenant

FINISHED = "finished"
_COLORS = {"sent": "green", "refused": "red", "failed": "red", "uncertain": "yellow"}


@dataclass(frozen=True)
class Row:
    """An edition's letter to a recipient, or an edition without letters.

    Attributes
    ----------
    tenant, period, edition : str
        Whose edition, of what, and what it is: ``finished``, or why it may not be mailed.
    recipient, state, by, answer : str or None
        The letter: to whom, where it stands, by which transport, and what that answered last.
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


def status_rows(tenants: tuple[Tenant, ...], outputs: Path, ledger: Ledger, now: datetime) -> list[Row]:
    """All editions of these tenants that are on disk or in the ledger, oldest first within a tenant."""
    deliveries: dict[tuple[str, str], list[Delivery]] = {}
    for delivery in ledger.deliveries():
        if delivery.key.report == REPORT:
            deliveries.setdefault((delivery.key.tenant, delivery.key.period), []).append(delivery)
    rows: list[Row] = []
    for tenant in tenants:
        for period in edition_periods(tenant, outputs, now):
            edition = find_edition(tenant, period, outputs)
            rows += _rows_of(edition, deliveries.pop((tenant.id, edition.period.key), []))
    chosen = {tenant.id for tenant in tenants}
    gone = [found for (tenant_id, _), found in deliveries.items() if tenant_id in chosen for found in found]
    return rows + [_row(delivery, "no longer on disk", "") for delivery in gone]


def rows_as_json(rows: list[Row]) -> list[dict[str, Any]]:
    """The rows for other programs."""
    return [asdict(row) for row in rows]


def rows_as_table(rows: list[Row]) -> Table:
    """The rows for people: what is as it should be says no more than that."""
    table = Table()
    for label in ("Tenant", "Period", "Recipient", "State", "Since", "Remarks"):
        table.add_column(label, overflow="fold", ratio=2 if label == "Remarks" else None)
    for row in rows:
        state = Text(row.state or "", style=_COLORS.get(row.state or "", "default"))
        words = [Text(word) for word in (row.tenant, row.period, row.recipient or "")]
        table.add_row(*words, state, Text((row.changed_at or "")[:16].replace("T", " ")), Text(_remarks(row)))
    return table


def _remarks(row: Row) -> str:
    tries = f"{row.attempts} attempts" if row.attempts > 1 else ""
    said = row.answer if row.state != State.SENT else None
    edition = row.edition if row.state is None or row.edition != FINISHED else ""
    return "; ".join(filter(None, (edition, row.by, tries, said, row.note)))


def _rows_of(edition: FoundEdition, deliveries: list[Delivery]) -> list[Row]:
    said = edition.reason or FINISHED
    rows = [_row(delivery, said, _note(delivery, edition)) for delivery in deliveries]
    return rows or [Row(edition.tenant.id, edition.period.key, said)]


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


def _note(delivery: Delivery, edition: FoundEdition) -> str:
    if delivery.key.recipient not in edition.tenant.recipients:
        return "no longer a recipient"
    if delivery.state is State.UNCERTAIN:
        return "make resend … FORCE=1 sends it again"
    if edition.is_finished and delivery.edition != edition.digest and delivery.state not in OPEN:
        return "made again since; not sent again"
    return ""
