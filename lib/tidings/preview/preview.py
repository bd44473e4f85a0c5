"""A notebook as it is being written: executed again from where it changed, and rendered."""

import asyncio
import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, cast

import anyio
from jinja2 import TemplateError, TemplateSyntaxError
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode

from tidings import errors
from tidings.errors import ReportError, TidingsError
from tidings.metrics.edition import ORDERED
from tidings.notebook.execute import read_master
from tidings.preview.cells import cells_to_execute, find_line
from tidings.preview.kernel import PreviewKernel
from tidings.preview.render import Rendered, render
from tidings.reports.order import Order, Request, locate_layout, resolve

_LONGEST = 2_000  # characters of an error
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Problem:
    """What keeps a notebook from being seen.

    Attributes
    ----------
    what, where : str
        What is wrong, with its remedy where there is one, and in which cell and line.
    line : str
        The line itself; empty where none is known.
    """

    what: str
    where: str = ""
    line: str = ""


@dataclass(frozen=True)
class Shown:
    """What came of looking at the notebook once.

    Attributes
    ----------
    number : int
        Counts the times, from 1.
    about : str
        The tenant and the period.
    told : str
        What was executed and how long that took, in a sentence.
    problem : Problem, optional
        What keeps it from being seen: page and mail are then those from before, if there were any.
    subject : str
        The mail's.
    """

    number: int
    about: str
    told: str
    problem: Problem | None = None
    subject: str = ""

    def to_json(self) -> dict[str, Any]:
        """As plain JSON."""
        return asdict(self)


@dataclass(frozen=True)
class _Done:
    """A code cell that was executed to its end, and what it shows."""

    source: str
    outputs: list[NotebookNode]


class Preview:
    """One tenant's report of one period, executed as often as its notebook or its parameters change.

    Parameters
    ----------
    request : Request
        Whose report, of when, from which notebook; the tenants' files are on this machine.
    kernel : mapping
        Where its kernel comes from: see `tidings.kernels.warm_kernels`.

    Raises
    ------
    TidingsError
        There is no such tenant or period, or the tenant's notebook is not there.

    Attributes
    ----------
    rendered : Rendered or None
        The last page and mail that could be made.
    """

    def __init__(self, request: Request, kernel: Mapping[str, Any]):
        self._request, self._options = request, kernel
        self._notebook = locate_layout(request, resolve(request).tenant)
        self._kernel: PreviewKernel | None = None
        self._order: Order | None = None
        self._done: list[_Done] = []
        self._number = 0
        self._is_stopped = False
        self.rendered: Rendered | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """The notebook and the tenant's file: where they change, there is something new to see."""
        parameters = cast(Path, self._request.parameters)
        return self._notebook, parameters / f"{self._request.tenant}.yaml"

    async def update(self) -> Shown | None:
        """Execute what has changed, and render; None where it was stopped before its end.

        Nothing is raised that a notebook can be the cause of: it is the `Shown.problem`.
        """
        self._is_stopped = False
        self._number += 1
        about, told, problem, begun = self._request.tenant, "", None, perf_counter()
        try:
            order = resolve(self._request)
            about = f"{order.tenant.name}, {order.period.key}"
            self._notebook = locate_layout(self._request, order.tenant)
            notebook = _read_whole(self._notebook)
            told = await self._execute(notebook, order)
            if self._is_stopped:
                return None
            executed, begun = perf_counter() - begun, perf_counter()
            self.rendered = await anyio.to_thread.run_sync(render, notebook, order)
            told += f" ({executed:.1f} s); page and mail made ({perf_counter() - begun:.1f} s)"
        except TidingsError as error:
            problem = _problem(error)
        except _CellFailed as error:
            problem = error.problem
        except TemplateError as error:
            problem = _problem_of_template(error)
        except Exception as error:
            _log.exception("unexpected: a preview of %s", self._request.tenant)
            problem = Problem(
                f"something unexpected went wrong ({type(error).__name__}: {error})"[:_LONGEST],
                "the log in the outputs has the rest",
            )
        return Shown(
            self._number, about, told, problem, subject=self.rendered.subject if self.rendered else ""
        )

    def stop(self) -> None:
        """Have an update end after the cell that it is executing."""
        self._is_stopped = True

    async def close(self) -> None:
        """End the kernel; the next update takes a fresh one."""
        if self._kernel is not None:
            kernel, self._kernel = self._kernel, None
            await kernel.close()

    async def _execute(self, notebook: NotebookNode, order: Order) -> str:
        """Execute the cells that have to be, put into the notebook what each shows, and say what was done."""
        parameters = {
            "tenant": order.tenant.id,
            "period": order.period.key,
            "parameters": str(self._request.parameters),
            "unfinished": self._request.unfinished,
        }
        cells = cells_to_execute(notebook, order.tenant.services, parameters)
        kept, why = await self._go_back([source for _, source in cells], order)
        for number, (place, source) in enumerate(cells):
            if number == len(self._done):
                if self._is_stopped:
                    return ""
                self._done.append(_Done(source, await self._execute_cell(notebook, place, source)))
            notebook.cells[place].outputs = self._done[number].outputs
        if kept == len(cells):
            return "no cell had changed"
        first, last = (cells[index][0] + 1 for index in (kept, -1))
        if kept == 0:
            return f"all cells executed{why}"
        return f"cell {last} executed" if first == last else f"cells {first} to {last} executed"

    async def _go_back(self, sources: list[str], order: Order) -> tuple[int, str]:
        """Make the kernel hold what it held before the first cell that changed: how many are kept, and why
        none is though some could have been."""
        same = [done.source == source for done, source in zip(self._done, sources, strict=False)]
        kept = same.index(False) if False in same else len(same)
        why = ""
        if self._order is not None and order.tenant != self._order.tenant:
            kept, why = 0, ", since the tenant's file has changed"
        elif self._order is not None and order.period != self._order.period:
            kept, why = 0, ", since a new period has begun"
        if self._kernel is not None and 0 < kept < max(len(sources), len(self._done)):
            changed = await self._kernel.go_back(kept)
            if changed:
                kept, why = 0, f", since a cell may have changed {changed}, which one above it made"
        if self._kernel is None or not kept:
            await self._begin(order)
            kept = 0
        del self._done[kept:]
        return kept, why

    async def _begin(self, order: Order) -> None:
        await self.close()
        self._done, self._order = [], order
        self._kernel = PreviewKernel(self._options, {ORDERED: f"{order.tenant.id} {order.period.key}"})
        try:
            await self._kernel.start()
        except RuntimeError as error:
            await self.close()
            raise ReportError(
                f"no kernel could be started: {error}", remedy="end the preview, and begin it anew"
            ) from None

    async def _execute_cell(self, notebook: NotebookNode, place: int, source: str) -> list[NotebookNode]:
        assert self._kernel is not None
        try:
            return await self._kernel.execute(source)
        except CellExecutionError as error:
            raise _CellFailed(_failure(error, notebook.cells[place], place, self._notebook)) from None
        except DeadKernelError:  # also where this was cancelled
            await self.close()
            if self._is_stopped:
                raise asyncio.CancelledError from None
            raise ReportError(
                "its kernel died, most likely for want of memory",
                where=f"notebook {self._notebook.name}, cell {place + 1}",
                remedy="mend that cell and save the notebook: all cells are then executed",
            ) from None


class _CellFailed(Exception):
    """A cell ended in an error."""

    def __init__(self, problem: Problem):
        super().__init__(problem)
        self.problem = problem


def _read_whole(path: Path) -> NotebookNode:
    """The master notebook; one that is being saved is waited for.

    Raises
    ------
    ReportError
        It is not whole, or not fit to be executed: see `tidings.notebook.execute.read_master`.
    """
    try:
        json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        raise ReportError(
            "it is not whole: it may be half saved",
            where=f"notebook {path.name}",
            remedy="wait until it is saved, or save it again",
        ) from None
    return read_master(path)


def _problem(error: TidingsError) -> Problem:
    mend = f"\nTo mend it: {error.remedy}" if error.remedy else ""
    return Problem(f"{error.what}{mend}", error.where or "")


def _problem_of_template(error: TemplateError) -> Problem:
    """A mistake in a template: of syntax, with its line, or of a name that nothing has."""
    place = f", line {error.lineno}" if isinstance(error, TemplateSyntaxError) else ""
    name = getattr(error, "name", None) or "one that was saved"
    return Problem(f"{type(error).__name__}: {error.message}", f"template {name}{place}")


def _failure(error: CellExecutionError, cell: NotebookNode, place: int, path: Path) -> Problem:
    """What went wrong in a cell: the library's own errors speak for themselves, others say their names."""
    number, line = find_line(error.traceback, cell.source)
    is_ours = isinstance(getattr(errors, error.ename, None), type)
    what = str(error.evalue) if is_ours else f"{error.ename}: {error.evalue}"
    return Problem(
        what=what.replace("\n  To mend", "\nTo mend")[:_LONGEST],
        where=f"notebook {path.name}, cell {place + 1}" + (f", line {number}" if number else ""),
        line=line,
    )
