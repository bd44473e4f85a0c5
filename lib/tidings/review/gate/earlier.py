"""What was observed when earlier editions of a tenant were made, by which a new one is judged."""

import json
from pathlib import Path
from typing import Any

from upath import UPath

from tidings.metrics.observations import OBSERVATIONS, PERIODS_BEFORE
from tidings.periods.period import Period
from tidings.reports.editions import FinishedReport, files_of, find_report
from tidings.reports.order import Order
from tidings.review.gate.evidence import Observed
from tidings.review.history import read_history
from tidings.review.notebooks import read_executed
from tidings.tenants.tenant import Tenant


def earlier_observations(tenant: Tenant, period: Period, outputs: Path | UPath) -> list[Observed]:
    """What was observed for the tenant's last eight periods before one, the newest first.

    They are read from the history, and from the executed notebook of an edition that the history does not
    have as it is. Periods without a finished edition are left out, and so are those whose notebook is damaged
    or holds no observations.
    """
    reports = []
    for _ in range(PERIODS_BEFORE):
        period = period.previous()
        report = find_report(Order(tenant, period, outputs))
        if isinstance(report, FinishedReport):
            reports.append(report)
    known = _known(tenant, [report.order.period.key for report in reports], outputs) if reports else {}
    found = (known.get(report.digest) or _read(report) for report in reports)
    return [observed for observed in found if observed]


def _known(tenant: Tenant, periods: list[str], outputs: Path | UPath) -> dict[str, Any]:
    """What the history has, by the digests of the notebooks."""
    rows = read_history(outputs, tenant=tenant.id, periods=periods, names=[OBSERVATIONS], columns=["text"])
    return {
        digest: json.loads(text) for digest, text in zip(rows["digest"], rows["text"], strict=True) if text
    }


def _read(report: FinishedReport) -> Observed | None:
    notebook = read_executed(files_of(report.order).notebook, with_picture=False)
    if notebook is None or notebook.digest != report.digest:
        return None
    return notebook.values.get(OBSERVATIONS)
