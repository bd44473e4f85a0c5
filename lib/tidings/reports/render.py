"""Making a report's files: the notebook executed, and the page and the message rendered from it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any, cast

import nbformat

from tidings.errors import ReportError
from tidings.mail.message import eml
from tidings.metrics.edition import ORDERED
from tidings.notebook.execute import PLAIN, execute
from tidings.notebook.scraps import recorded_edition
from tidings.page.page import page_html
from tidings.project import project_folder
from tidings.reports.editions import ReportFiles
from tidings.reports.order import Order, Request
from tidings.reports.origin import origin
from tidings.sources.source import open_source


def render_files(
    request: Request,
    order: Order,
    draft: ReportFiles,
    made_of: dict[str, Any],
    kernel: Mapping[str, Any] | None,
) -> dict[str, float]:
    """Execute a report's notebook, write its files into a draft, and tell how many seconds each step took.

    Parameters
    ----------
    request, order : Request, Order
        Whose report, of when, and how.
    draft : ReportFiles
        Where they are written.
    made_of : dict
        The report's `tidings.reports.fingerprint.ingredients`.
    kernel : mapping or None
        See `tidings.reports.report.make_report`.

    Raises
    ------
    SourceError
        The source cannot serve its tenant at all, where it would take a kernel's start to find out otherwise.
    ReportError
        The notebook failed, and is there as far as it came; or what it made cannot be shown.
    DeliveryError
        The message cannot be made of it.
    """
    if kernel is None:
        open_source(order.tenant, project_folder())
    seconds: dict[str, float] = {}
    with _time("execute", seconds):
        notebook = execute(
            request.notebook,
            cast(Path, draft.notebook),  # a draft is on this machine
            {
                "tenant": order.tenant.id,
                "period": order.period.key,
                "parameters": str(request.parameters),
                "unfinished": request.unfinished,
            },
            order.tenant.services,
            kernel=PLAIN if kernel is None else kernel,
            environment={ORDERED: f"{order.tenant.id} {order.period.key}"},
            seconds=request.seconds,
            origin=origin(order, made_of),
        )
    _refuse_other_edition(notebook, order, draft)
    with _time("page", seconds):
        draft.page.write_text(page_html(notebook), encoding="utf-8")
    with _time("message", seconds):
        draft.message.write_bytes(eml(notebook, order.tenant, order.period))
    return seconds


def _refuse_other_edition(notebook: nbformat.NotebookNode, order: Order, draft: ReportFiles) -> None:
    """A cell that names a tenant itself must never send one tenant's numbers to another."""
    try:
        about = recorded_edition(notebook)
    except ReportError:
        draft.notebook.unlink()  # not even as a failed one is it kept among this tenant's files
        raise
    if about is None:
        raise ReportError(
            "the notebook recorded no numbers",
            where=draft.notebook.name,
            remedy="keep the cell that calls open_edition",
        )
    if (about["tenant"], about["period"]) != (order.tenant.id, order.period.key):
        draft.notebook.unlink()
        raise ReportError(
            f"the notebook recorded tenant {about['tenant']}, period {about['period']}, and not "
            f"tenant {order.tenant.id}, period {order.period.key}",
            where=draft.notebook.name,
            remedy="open the edition with the notebook's own parameters, tenant and period",
        )


@contextmanager
def _time(step: str, seconds: dict[str, float]) -> Iterator[None]:
    begun = perf_counter()
    yield
    seconds[step] = perf_counter() - begun
