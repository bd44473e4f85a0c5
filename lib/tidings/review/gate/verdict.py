"""The verdict on an edition: what all checks find, and what follows from it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import nbformat

from tidings.errors import ReportError
from tidings.notebook.scraps import recorded
from tidings.periods.period import Period
from tidings.review.gate.check import Finding, Severity
from tidings.review.gate.checks import CHECKS
from tidings.review.gate.evidence import Evidence, Observed
from tidings.tenants.tenant import Tenant


@dataclass(frozen=True)
class Verdict:
    """What becomes of an edition.

    Attributes
    ----------
    findings : tuple of Finding
        What was found, the worst first.
    """

    findings: tuple[Finding, ...] = ()

    @property
    def state(self) -> str:
        """``refuse``, ``hold``, ``review``, ``note`` or ``clean``: that of the worst finding."""
        return _severity(self.findings[0]).word if self.findings else "clean"

    @property
    def may_be_made(self) -> bool:
        """Whether there may be a report at all."""
        return self.state != "refuse"

    @property
    def may_be_kept(self) -> bool:
        """Whether the notebook may lie among the tenant's files: not if it shows another tenant's edition."""
        return all(finding.check != "isolation" for finding in self.findings)

    def reasons(self) -> tuple[str, ...]:
        """Why it is held or refused, in sentences that begin with the check's name."""
        return tuple(
            f"{finding.check}: {finding.sentence}"
            for finding in self.findings
            if _severity(finding) >= Severity.HOLD
        )

    def to_json(self) -> dict[str, Any]:
        """As it can be recorded."""
        return {
            "state": self.state,
            "findings": [
                {
                    "check": finding.check,
                    "severity": _severity(finding).word,
                    "sentence": finding.sentence,
                    "table": finding.table,
                    "column": finding.column,
                    "example": finding.example,
                }
                for finding in self.findings
            ],
        }


def _severity(finding: Finding) -> Severity:
    assert finding.severity is not None, "what a check has found has the severity that it declares"
    return finding.severity


def judge(evidence: Evidence) -> Verdict:
    """Put the evidence before every check of the gate."""
    findings = [finding for check in CHECKS for finding in check(evidence)]
    return Verdict(tuple(sorted(findings, key=lambda finding: -_severity(finding))))


def judge_notebook(
    notebook: nbformat.NotebookNode,
    tenant: Tenant,
    period: Period,
    observed_before: Iterable[Observed],
    now: datetime,
) -> Verdict:
    """Judge an executed notebook; one that records no edition, or two, is refused.

    Parameters
    ----------
    notebook : NotebookNode
        As it was executed.
    tenant, period : Tenant, Period
        For whom and for which period it was ordered.
    observed_before : iterable of mappings
        What was observed for earlier editions of the tenant, the newest first, by `earlier_observations`.
    now : datetime
        The present instant, aware.
    """
    try:
        values = recorded(notebook)
    except ReportError as error:
        return Verdict((Finding(error.what, Severity.REFUSE, check="isolation"),))
    return judge(Evidence(tenant, period, values, tuple(observed_before), now, notebook))
