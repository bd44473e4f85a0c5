"""All numbers of an edition, in the order of the report."""

from tidings.metrics import METRICS
from tidings.metrics.edition import Edition
from tidings.metrics.metric import Declared, Result


def edition_results(edition: Edition) -> list[Result]:
    """The results of every metric of the tenant's services that the source can give."""
    results = [compute(edition) for compute in metrics_of(edition.tenant.services)]
    return [result for result in results if result.available]


def metrics_of(services: tuple[str, ...]) -> list[Declared]:
    """The metrics that mean something to a tenant with these services."""
    return [compute for compute in METRICS if set(compute.metric.services) <= set(services)]
