"""The record: every number of an edition, kept in the executed notebook under its published name."""

from importlib.metadata import version
from typing import Any

from tidings.metrics import Result
from tidings.metrics.edition import Edition
from tidings.metrics.findings.find import find
from tidings.metrics.invariants import check_numbers
from tidings.metrics.observations import OBSERVATIONS, observe
from tidings.metrics.results import edition_results
from tidings.notebook.scraps import EDITION, FINDINGS, HIGHLIGHTS, write_scrap


def record(edition: Edition) -> None:
    """Compute every number of the tenant's services, and record it, whatever the layout shows.

    Raises
    ------
    MetricError
        Numbers contradict each other: nothing is recorded then.
    """
    results = edition_results(edition)
    check_numbers(results)
    write_scrap(EDITION, _about(edition))
    for result in results:
        record_result(result)
    found = find(edition)
    write_scrap(HIGHLIGHTS, [finding.sentence for finding in found])
    write_scrap(FINDINGS, [finding.record for finding in found])
    write_scrap(OBSERVATIONS, edition.cached(observe))


def record_result(result: Result) -> None:
    """Record a number under its name; a scalar or a ranking with the one before: ``<name>.previous``."""
    name = result.metric.name
    write_scrap(name, result.value)
    if result.metric.records_previous:
        write_scrap(f"{name}.previous", result.previous)


def _about(edition: Edition) -> dict[str, Any]:
    return {
        "tenant": edition.tenant.id,
        "period": edition.period.key,
        "start": edition.period.start.isoformat(),
        "end": edition.period.end.isoformat(),
        "time_zone": edition.tenant.time_zone,
        "services": list(edition.tenant.services),
        "version": version("tidings"),
    }
