"""All checks of the gate."""

from collections.abc import Iterator

from tidings.review.gate import amounts, completeness, notebook, rows
from tidings.review.gate.check import Finding, Severity, check
from tidings.review.gate.evidence import Evidence


@check("loosened", Severity.NOTE)
def loosened(evidence: Evidence) -> Iterator[Finding]:
    """The tenant's file lets no more through than by default."""
    for what in evidence.tenant.gate.loosened:
        yield Finding(f"{what}, by the tenant's parameters")


# In the order of the documentation. The functions read evidence alone: no check knows of another.
CHECKS = (
    completeness.observed,
    completeness.freshness,
    completeness.started,
    completeness.empty_day,
    amounts.volume,
    completeness.half_loaded,
    completeness.lost_rows,
    rows.duplicated_rows,
    rows.references,
    rows.order,
    completeness.empty_table,
    completeness.stopped,
    amounts.one_value,
    notebook.isolation,
    notebook.invariants,
    notebook.rendered,
    notebook.figures,
    notebook.glyphs,
    loosened,
)
