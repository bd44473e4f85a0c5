"""Making a report's files: the notebook executed, and the page and the message rendered from it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol, cast

import nbformat

from tidings.errors import ReportError
from tidings.metrics.edition import ORDERED
from tidings.notebook.execute import execute
from tidings.notebook.scraps import recorded_edition
from tidings.reports.editions import ReportFiles
from tidings.reports.order import Order, Request, locate_layout
from tidings.reports.origin import origin


class Judgement(Protocol):
    """What was judged of an executed notebook, by whoever judges it."""

    @property
    def state(self) -> str:
        """The gravest of what was found: ``refuse``, ``hold``, ``review``, ``note``, or else ``clean``."""

    @property
    def may_be_made(self) -> bool:
        """Whether there may be a report at all."""

    @property
    def may_be_kept(self) -> bool:
        """Whether the notebook may lie among the tenant's files, if only as one that failed."""

    def reasons(self) -> tuple[str, ...]:
        """Why it is kept back or refused, in sentences; none where it is not."""

    def to_json(self) -> dict[str, Any]:
        """As it is recorded."""


Judge = Callable[[nbformat.NotebookNode, Order], Judgement]
"""Judges an executed notebook for an order: a function of a module, for workers are other processes."""


@dataclass(frozen=True)
class Rendered:
    """What came of rendering.

    Attributes
    ----------
    verdict : dict or None
        What was judged, as it is recorded; None where nothing judged.
    held : tuple of str
        Why the report is held; empty where it is not.
    seconds : dict
        How long each step took, by its name.
    """

    verdict: dict[str, Any] | None = None
    held: tuple[str, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)


def render_files(
    request: Request,
    order: Order,
    draft: ReportFiles,
    made_of: dict[str, Any],
    kernel: Mapping[str, Any],
    judge: Judge | None = None,
    held: tuple[str, ...] = (),
    meanwhile: Callable[[], None] | None = None,
) -> Rendered:
    """Execute a report's notebook, have it judged, and write its files into a draft.

    Parameters
    ----------
    request, order : Request, Order
        Whose report, of when, and how.
    draft : ReportFiles
        Where they are written.
    made_of : dict
        The report's `tidings.reports.fingerprint.ingredients`.
    kernel, judge, meanwhile
        See `tidings.reports.report.make_report`.
    held : tuple of str
        Why it is held whatever the judge says.

    Raises
    ------
    ReportError
        The notebook failed, and is there as far as it came; or it was refused, or what it made cannot be
        shown.
    DeliveryError
        The message cannot be made of it.
    """
    layout = locate_layout(request, order.tenant)
    seconds: dict[str, float] = {}
    with _time("execute", seconds):
        notebook = execute(
            layout,
            cast(Path, draft.notebook),  # a draft is on this machine
            {
                "tenant": order.tenant.id,
                "period": order.period.key,
                "parameters": str(request.parameters),
                "unfinished": request.unfinished,
            },
            order.tenant.services,
            kernel=kernel,
            environment={ORDERED: f"{order.tenant.id} {order.period.key}"},
            seconds=request.seconds,
            origin=origin(order, made_of),
            meanwhile=(_import_readable, *([meanwhile] if meanwhile else [])),
        )
    # Only here: while the notebook is executed, they are imported by another thread.
    from tidings.page.preprocessors import read_notebook
    from tidings.reports.readable import mark_held, render_message, render_page

    _refuse_other_edition(notebook, layout, order, draft)
    verdict = None
    if judge:
        with _time("judge", seconds):
            verdict = judge(notebook, order)
        if not verdict.may_be_made:
            if not verdict.may_be_kept:
                draft.notebook.unlink()
            raise ReportError(
                f"refused: {'; '.join(verdict.reasons())}",
                where=str(order),
                remedy="mend the source or the notebook, and make the report again",
            )
        held = (*verdict.reasons(), *held)
    if held:
        notebook = mark_held(notebook, held)
        nbformat.write(notebook, draft.notebook)
    with _time("page", seconds):
        read = read_notebook(notebook)
        render_page(read, draft)
    with _time("message", seconds):
        render_message(read, order, draft)
    return Rendered(verdict.to_json() if verdict else None, held, seconds)


def _refuse_other_edition(
    notebook: nbformat.NotebookNode, layout: Path, order: Order, draft: ReportFiles
) -> None:
    """A cell that names a tenant itself must never send one tenant's numbers to another."""
    try:
        about = recorded_edition(notebook)
    except ReportError:
        draft.notebook.unlink()  # not even as a failed one is it kept among this tenant's files
        raise
    if about is None:
        raise ReportError(
            "the notebook recorded no numbers",
            where=f"notebook {layout.name}",
            remedy="keep the cell that calls open_edition",
        )
    if (about["tenant"], about["period"]) != (order.tenant.id, order.period.key):
        draft.notebook.unlink()
        raise ReportError(
            f"the notebook recorded tenant {about['tenant']}, period {about['period']}, and not "
            f"tenant {order.tenant.id}, period {order.period.key}",
            where=f"notebook {layout.name}",
            remedy="open the edition with the notebook's own parameters, tenant and period",
        )


def _import_readable() -> None:
    import tidings.reports.readable  # noqa: F401


@contextmanager
def _time(step: str, seconds: dict[str, float]) -> Iterator[None]:
    begun = perf_counter()
    yield
    seconds[step] = perf_counter() - begun
