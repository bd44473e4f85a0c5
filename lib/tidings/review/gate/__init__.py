"""The gate: small checks that say whether an edition may leave, and why not."""

from tidings.review.gate.check import Check, Finding, Severity, check
from tidings.review.gate.checks import CHECKS
from tidings.review.gate.clock import check_clock
from tidings.review.gate.earlier import earlier_observations
from tidings.review.gate.evidence import Evidence, Observed, Recorded
from tidings.review.gate.verdict import Verdict, judge, judge_notebook

__all__ = [
    "CHECKS",
    "Check",
    "Evidence",
    "Finding",
    "Observed",
    "Recorded",
    "Severity",
    "Verdict",
    "check",
    "check_clock",
    "earlier_observations",
    "judge",
    "judge_notebook",
]
