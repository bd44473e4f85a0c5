"""One report: the master notebook executed for one tenant and period, and the files made from it."""

import logging
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from upath import UPath

from tidings.errors import ReportError, TidingsError, is_of_storage
from tidings.kernels import one_kernel
from tidings.project import project_folder
from tidings.reports.editions import (
    ReportFiles,
    files_of,
    find_decision,
    find_notes,
    find_verdict,
    is_up_to_date,
    keep_failed,
    open_draft,
    publish,
)
from tidings.reports.fingerprint import fingerprint, ingredients
from tidings.reports.order import Order, Request, resolve

if TYPE_CHECKING:
    from tidings.reports.render import Judge

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Report:
    """A report that is there: where its files are, whether they were made now, and which step took how long.

    Attributes
    ----------
    files : ReportFiles
        In their place under the outputs.
    is_new : bool
        Whether they were made now.
    seconds : dict
        How long each step took, by its name; empty where there was none.
    verdict : str or None
        What the gate came to when it was made: ``hold``, ``review``, ``note`` or ``clean``; None where none
        judged it.
    held : tuple of str
        Why it is kept back; empty where it is not, or someone approved it.
    notes : tuple of str
        What the gate noted of it, which holds nothing back.
    """

    files: ReportFiles
    is_new: bool
    seconds: dict[str, float] = field(default_factory=dict)
    verdict: str | None = None
    held: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def folder(self) -> Path | UPath:
        """The folder of its files."""
        return self.files.folder


def make_report(
    request: Request,
    kernel: Mapping[str, Any] | None = None,
    judge: "Judge | None" = None,
    meanwhile: Callable[[], None] | None = None,
) -> Report:
    """Execute an edition's notebook and write its page and message, unless they are up to date.

    Nothing is half written: the files take the place of earlier ones only when all of them are made.

    Parameters
    ----------
    request : Request
        What is wanted.
    kernel : mapping, optional
        Where the kernel comes from: see `tidings.notebook.execute.execute`. Without it, one is made ready for
        this notebook alone.
    judge : callable, optional
        Judges the executed notebook; without it, what is made is finished. One that is held by hand stays so
        when it is made anew.
    meanwhile : callable, optional
        What another thread does while the notebook is executed, such as to import what is needed afterwards.

    Raises
    ------
    TidingsError
        What was wrong, or refused; the files of an earlier run are as they were. A notebook that failed is
        kept beside them as ``failed.ipynb``.
    """
    order = resolve(request)
    files, made_of = files_of(order), ingredients(request, order)
    made_from = fingerprint(made_of)
    if is_up_to_date(files, made_from):
        return _find_made(order, files)
    _log.info("%s: making the report", order)
    by_hand = None if find_decision(order, "approved") else find_decision(order, "by_hand")
    try:
        with nullcontext(kernel) if kernel else one_kernel() as warm, open_draft(files) as draft:
            # Only here: what is up to date, as most of a batch may be, is found so without a second of
            # imports; what is not has a kernel of its own get ready meanwhile.
            from tidings.reports.render import render_files
            from tidings.sources.source import open_source

            try:
                if kernel is None:  # while there is nothing to be kept of a source that cannot be read at all
                    open_source(order.tenant, project_folder())
                reasons = (by_hand.reason,) if by_hand else ()
                rendered = render_files(request, order, draft, made_of, warm, judge, reasons, meanwhile)
                publish(
                    draft,
                    files,
                    made_from,
                    tenant=order.tenant.id,
                    period=order.period.key,
                    recipients=order.tenant.recipients,
                    verdict=rendered.verdict,
                    held=rendered.held,
                    by_hand=asdict(by_hand) if by_hand else None,
                )
            except TidingsError:
                keep_failed(draft, files)
                raise
    except Exception as error:
        if not is_of_storage(error):
            raise
        raise ReportError.of_storage(error, f"folder {files.folder}") from error
    _log.info("%s: made in %.1f s", order, sum(rendered.seconds.values()))
    return replace(_find_made(order, files), is_new=True, seconds=rendered.seconds)


def find_up_to_date(request: Request) -> Report | None:
    """The report that a request asks for, if nothing has changed since it was made; else None.

    Looking takes milliseconds, and imports nothing that making a report needs.
    """
    order = resolve(request)
    files = files_of(order)
    return (
        _find_made(order, files) if is_up_to_date(files, fingerprint(ingredients(request, order))) else None
    )


def _find_made(order: Order, files: ReportFiles) -> Report:
    """The report that is there, with what was judged and decided of it."""
    verdict, held = find_verdict(order)
    return Report(files, is_new=False, verdict=verdict, held=held, notes=find_notes(order))
