"""Making what is due before it is mailed; what cannot be made, or written down, keeps nobody's mail back."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tidings.delivery.context import Folders
from tidings.errors import ReportError
from tidings.periods import clock
from tidings.project import master_notebook
from tidings.reports.editions import write_run
from tidings.reports.order import Order, Request


def make_due(
    folders: Folders, jobs: int | None, broken: Mapping[str, str], orders: Iterable[Order]
) -> Iterator[str]:
    """Make reports on the machine's processors; say what could not be made, and write down what came of all.

    Parameters
    ----------
    jobs : int or None
        How many are made at a time; as many as there are processors, if None.
    broken : mapping
        The errors of tenants whose files are wrong, by their ids: no report of theirs can be made.
    orders : iterable of Order
        What is due.
    """
    from tidings.reports.batch import EditionOutcome, describe_run, make_reports
    from tidings.reports.workers import local_workers
    from tidings.review.judge import judge_edition

    notebook = master_notebook(folders.project)
    requests = [
        Request(order.tenant.id, order.period.key, folders.parameters, folders.outputs, notebook)
        for order in orders
    ]
    if not requests:
        return
    begun = clock.now()
    outcomes = [EditionOutcome(tenant, "latest", "failed", error=error) for tenant, error in broken.items()]
    yield from _write_run(folders, describe_run(begun, None, outcomes))
    for outcome in make_reports(requests, local_workers(jobs, None, judge_edition)):
        outcomes.append(outcome)
        if outcome.state == "failed":
            yield f"{outcome.tenant}, {outcome.period}: {outcome.error}"
    yield from _write_run(folders, describe_run(begun, clock.now(), outcomes))
    from tidings.review.history import update_history

    try:
        update_history(folders.outputs, {request.period for request in requests})
    except ReportError as error:  # which keeps nobody's mail back
        yield str(error)


def _write_run(folders: Folders, run: dict[str, Any]) -> Iterator[str]:
    """Write what became of a batch, or say why that cannot be, which keeps nobody's mail back."""
    try:
        write_run(folders.outputs, run)
    except ReportError as error:
        yield str(error)
