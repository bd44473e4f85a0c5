"""What earlier editions of a tenant recorded, by which a new one is judged."""

from pathlib import Path

import nbformat

from tidings.errors import ReportError
from tidings.metrics.observations import PERIODS_BEFORE
from tidings.notebook.record import recorded
from tidings.periods.period import Period
from tidings.reports.editions import find_edition, read_notebook
from tidings.review.gate.evidence import Recorded
from tidings.tenants.tenant import Tenant


def earlier_editions(tenant: Tenant, period: Period, outputs: Path) -> list[Recorded]:
    """The recorded values of the tenant's last eight periods before one, the newest first.

    Periods without a finished edition are left out, and so are editions whose notebook is damaged.
    """
    found = []
    for _ in range(PERIODS_BEFORE):
        period = period.previous()
        edition = find_edition(tenant, period, outputs)
        if edition.is_finished:
            try:
                found.append(recorded(read_notebook(edition)))
            except (ReportError, nbformat.reader.NotJSONError):
                continue
    return found
