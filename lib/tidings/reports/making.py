"""Making a report's files: the notebook executed, and the page and the message rendered from it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

import nbformat

from tidings.errors import ReportError
from tidings.mail.message import eml
from tidings.notebook.execute import PLAIN, execute
from tidings.page.page import page_html
from tidings.page.view import recorded_edition
from tidings.project import project_folder
from tidings.reports.order import MESSAGE, NOTEBOOK, PAGE, Job
from tidings.sources.source import open_source


def refuse_source_that_cannot_serve(job: Job) -> None:
    """See that the source can serve its tenant at all, where it takes a kernel's start to find out otherwise.

    Raises
    ------
    SourceError
        See `tidings.sources.source.open_source`.
    """
    open_source(job.tenant, project_folder())


def make_files(job: Job, draft: Path, kernel: Mapping[str, Any] | None) -> dict[str, float]:
    """Write a report's files into a folder, and tell how many seconds each step took.

    Parameters
    ----------
    job : Job
        Whose report, and of when.
    draft : Path
        The folder.
    kernel : mapping or None
        See `tidings.reports.report.make_report`.

    Raises
    ------
    ReportError
        The notebook failed, and is there as far as it came; or what it made cannot be shown.
    DeliveryError
        The message cannot be made of it.
    """
    seconds: dict[str, float] = {}
    with _timed("execute", seconds):
        notebook = _executed(job, draft, kernel)
    _refuse_other_edition(notebook, job, draft)
    with _timed("page", seconds):
        (draft / PAGE).write_text(page_html(notebook), encoding="utf-8")
    with _timed("message", seconds):
        (draft / MESSAGE).write_bytes(eml(notebook, job.tenant, job.period))
    return seconds


def _executed(job: Job, draft: Path, kernel: Mapping[str, Any] | None) -> nbformat.NotebookNode:
    parameters = {
        "tenant": job.tenant.id,
        "period": job.period.key,
        "parameters": str(job.order.parameters),
        "unfinished": job.order.unfinished,
    }
    output, services = draft / NOTEBOOK, job.tenant.services
    return execute(
        job.order.notebook,
        output,
        parameters,
        services,
        kernel=PLAIN if kernel is None else kernel,
        seconds=job.order.seconds,
    )


def _refuse_other_edition(notebook: nbformat.NotebookNode, job: Job, draft: Path) -> None:
    """A cell that names a tenant itself must never send one tenant's numbers to another."""
    about = recorded_edition(notebook)
    if about is None:
        raise ReportError(
            "the notebook recorded no numbers",
            where=NOTEBOOK,
            remedy="keep the cell record(edition) after open_edition",
        )
    if (about["tenant"], about["period"]) != (job.tenant.id, job.period.key):
        (draft / NOTEBOOK).unlink()  # not even as a failed one is it kept among this tenant's files
        raise ReportError(
            f"the notebook recorded tenant {about['tenant']}, period {about['period']}, and not "
            f"tenant {job.tenant.id}, period {job.period.key}",
            where=NOTEBOOK,
            remedy="open the edition with the notebook's own parameters, tenant and period",
        )


@contextmanager
def _timed(step: str, seconds: dict[str, float]) -> Iterator[None]:
    begun = perf_counter()
    yield
    seconds[step] = perf_counter() - begun
