"""What reports record."""

from tidings.metrics.observations import OBSERVATIONS
from tidings.metrics.results import metrics_of
from tidings.notebook.scraps import EDITION, FINDINGS, HIGHLIGHTS


def expected_names(services: tuple[str, ...]) -> set[str]:
    """The names that a report of these services records, if its source gives every table."""
    metrics = [compute.metric for compute in metrics_of(services)]
    before = {f"{metric.name}.previous" for metric in metrics if metric.records_previous}
    return {EDITION, HIGHLIGHTS, FINDINGS, OBSERVATIONS} | {metric.name for metric in metrics} | before
