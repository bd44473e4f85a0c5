"""What earlier editions of a tenant recorded, by which a new one is judged."""

from pathlib import Path

import nbformat
from upath import UPath

from tidings.errors import ReportError
from tidings.metrics.observations import PERIODS_BEFORE
from tidings.notebook.scraps import recorded
from tidings.periods.period import Period
from tidings.reports.editions import FinishedReport, find_report, read_notebook
from tidings.reports.order import Order
from tidings.review.gate.evidence import Recorded
from tidings.tenants.tenant import Tenant


def earlier_editions(tenant: Tenant, period: Period, outputs: Path | UPath) -> list[Recorded]:
    """The recorded values of the tenant's last eight periods before one, the newest first.

    Periods without a finished edition are left out, and so are editions whose notebook is damaged.
    """
    found: list[Recorded] = []
    for _ in range(PERIODS_BEFORE):
        period = period.previous()
        report = find_report(Order(tenant, period, outputs))
        if isinstance(report, FinishedReport):
            try:
                found.append(recorded(read_notebook(report)))
            except (ReportError, nbformat.reader.NotJSONError):
                continue
    return found
