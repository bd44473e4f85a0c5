"""An edition's numbers by the library."""

from bench.large_task import Task, plain

from tidings.metrics import METRICS
from tidings.metrics.edition import Edition, check_contract
from tidings.project import project_folder
from tidings.sources.source import open_source


def numbers(task: Task) -> dict:
    """Every number, under its recorded name."""
    edition = Edition(task.tenant, task.when, open_source(task.tenant, project_folder()))
    if task.checks:
        check_contract(edition)
    values = {}
    for compute in METRICS:
        result = compute(edition)
        values[result.metric.name] = plain(result.value)
        if result.metric.compared:
            values[f"{result.metric.name}.previous"] = plain(result.previous)
    return values
