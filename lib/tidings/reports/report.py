"""One report: the master notebook executed for one tenant and period, and the files made from it."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from upath import UPath

from tidings.errors import TidingsError
from tidings.reports.editions import ReportFiles, files_of, is_up_to_date, keep_failed, open_draft, publish
from tidings.reports.fingerprint import fingerprint, ingredients
from tidings.reports.order import Request, resolve

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
    """

    files: ReportFiles
    is_new: bool
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def folder(self) -> Path | UPath:
        """The folder of its files."""
        return self.files.folder


def make_report(request: Request, kernel: Mapping[str, Any] | None = None) -> Report:
    """Execute an edition's notebook and write its page and message, unless they are up to date.

    Nothing is half written: the files take the place of earlier ones only when all of them are made.

    Parameters
    ----------
    request : Request
        What is wanted.
    kernel : mapping, optional
        Where the kernel comes from: see `tidings.notebook.execute.execute`. Without it, one is started for
        this notebook alone.

    Raises
    ------
    TidingsError
        What was wrong; the files of an earlier run are as they were. A notebook that failed is kept
        beside them as ``failed.ipynb``.
    """
    order = resolve(request)
    files, made_of = files_of(order), ingredients(request, order)
    made_from = fingerprint(made_of)
    if is_up_to_date(files, made_from):
        return Report(files, is_new=False)
    # Only here: what is up to date, as most of a batch may be, is found so without a second of imports.
    from tidings.reports.render import render_files

    _log.info("%s: making the report", order)
    with open_draft(files) as draft:
        try:
            seconds = render_files(request, order, draft, made_of, kernel)
            publish(draft, files, made_from)
        except TidingsError:
            keep_failed(draft, files)
            raise
    _log.info("%s: made in %.1f s", order, sum(seconds.values()))
    return Report(files, is_new=True, seconds=seconds)


def find_up_to_date(request: Request) -> Report | None:
    """The report that a request asks for, if nothing has changed since it was made; else None.

    Looking takes milliseconds, and imports nothing that making a report needs.
    """
    order = resolve(request)
    files, made_from = files_of(order), fingerprint(ingredients(request, order))
    return Report(files, is_new=False) if is_up_to_date(files, made_from) else None
