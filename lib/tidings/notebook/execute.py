"""Execution: the master notebook, run by Papermill for one tenant."""

import logging
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

import nbformat
import papermill
from jupyter_client import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.notebooknode import from_dict
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines
from papermill.exceptions import PapermillException, PapermillExecutionError
from traitlets import default

from tidings import errors
from tidings.errors import ReportError
from tidings.notebook.environment import environment_of_kernels
from tidings.notebook.leftovers import MARK, end_marked, folder_prefix, new_mark, sweep
from tidings.notebook.origin import add_engine, with_origin
from tidings.notebook.sections import without_inactive
from tidings.notebook.tags import PARAMETERS, check_tags
from tidings.sources.secrets import one_line


class PlainKernelManager(AsyncKernelManager):
    """Starts a kernel of its own, spoken to over sockets in a private folder: no TCP port is opened."""

    transport = "tcp" if os.name == "nt" else "ipc"

    @default("ip")
    def _ip_default(self) -> str:
        if self.transport == "tcp":
            return super()._ip_default()
        # Jupyter's own default is a name in the working directory, which two runs at once would share.
        return os.path.join(self._private_folder(), "kernel")

    @default("connection_file")
    def _connection_file_default(self) -> str:
        return os.path.join(self._private_folder(), "kernel.json")

    def _private_folder(self) -> str:
        """For sockets and connection file; gone with the manager, or with the next run's `sweep`."""
        if not hasattr(self, "_folder"):
            self._folder = TemporaryDirectory(prefix=folder_prefix())
        return self._folder.name

    async def _async_interrupt_kernel(self) -> None:
        """Interrupt the kernel, but not before its end, of which it would only complain."""
        if not self.shutting_down:
            await super()._async_interrupt_kernel()


PLAIN = {"kernel_name": "python3", "kernel_manager_class": PlainKernelManager}
"""What Papermill needs to start a kernel for one notebook; `tidings.kernels` has faster ones for many."""


class _Client(PapermillNotebookClient):
    """Adds JSON, which scraps are, to its cell as it is: that any is valid takes nbformat long to see."""

    def output(
        self, outs: list[NotebookNode], msg: dict[str, Any], display_id: str | None, cell_index: int
    ) -> NotebookNode | None:
        is_plain = not (display_id or self.clear_before_next_output or any(self.output_hook_stack.values()))
        match msg:
            case {
                "msg_type": "display_data" as kind,
                "content": {"data": dict(data), "metadata": dict(about)},
            }:
                if is_plain and all(_JSON.fullmatch(mimetype) for mimetype in data):
                    outs.append(from_dict({"output_type": kind, "data": data, "metadata": about}))
                    return outs[-1]
        return super().output(outs, msg, display_id, cell_index)


class _SavesInTheEnd(NBClientEngine):
    """Leaves it to Papermill to save a notebook in the end: around every cell, that would cost the most."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *,
        environment: Mapping[str, str],
        input_path: str,
        start_timeout: float,
        **options: Any,
    ) -> None:
        output, nb_man.output_path = nb_man.output_path, None
        client = _Client(nb_man, kernel_name=kernel_name, startup_timeout=start_timeout, **options)
        try:
            client.execute(env={**environment_of_kernels(), **environment})
            add_engine(nb_man.nb)
        except BaseException:  # for want of time or memory, after which Papermill saves nothing
            nb_man.output_path = output
            raise


_PYTHON = {"name": "python3", "display_name": "Python 3", "language": "python"}
_JSON = re.compile(r"application/(.*\+)?json")  # by the schema of notebooks
_ENGINE = "tidings"
_LONGEST_FAILURE = 500
_SECONDS_TO_SWITCH = 0.005  # from one thread to another: Python's own
_SECONDS_BESIDE_A_KERNEL = 0.0005  # so that its messages do not wait
papermill_engines.register(_ENGINE, _SavesInTheEnd)


def execute(
    master: Path,
    output: Path,
    parameters: dict[str, Any],
    services: tuple[str, ...],
    *,
    kernel: Mapping[str, Any] = PLAIN,
    environment: Mapping[str, str] = MappingProxyType({}),
    origin: Mapping[str, Any] = MappingProxyType({}),
    seconds: float,
    meanwhile: Iterable[Callable[[], None]] = (),
) -> NotebookNode:
    """Execute the master notebook with parameters, and save it executed.

    Cells of services that the tenant does not have are left out before anything runs.

    Parameters
    ----------
    kernel : mapping
        Arguments of ``papermill.execute_notebook`` that say where the kernel comes from.
    environment : mapping, optional
        Environment variables of this kernel alone, beside those of this process.
    origin : mapping, optional
        What the notebook's metadata record under ``tidings``: see `tidings.notebook.origin`.
    seconds : float
        How long the whole notebook may take.
    meanwhile : iterable of callable, optional
        What another thread does while cells are executed, such as to import what is needed afterwards. It
        makes that sooner and no more: what fails there is left to whoever needs it.

    Raises
    ------
    ReportError
        The notebook cannot be executed: see `read_master`. Or a cell failed, the kernel died, or the time was
        up: the notebook is at ``output`` as far as it came, with Papermill's banner where a cell failed.
    """
    notebook = read_master(master)
    trimmed = output.with_name("master.ipynb")
    nbformat.write(with_origin(without_inactive(notebook, services), origin), trimmed)
    logging.getLogger("papermill").setLevel(logging.ERROR)
    sweep()
    with _failures_in_words(master, seconds), _children_ended() as mark, _beside(meanwhile) as begin:
        return papermill.execute_notebook(
            str(trimmed),
            str(output),
            parameters=parameters,
            engine_name=_ENGINE,
            progress_bar=False,
            timeout_func=_time_left(seconds),
            environment={**environment, MARK: mark},
            on_cell_execute=begin,
            **kernel,
        )


@contextmanager
def _children_ended() -> Iterator[str]:
    """Give a mark for a kernel, and in the end leave nothing running that its cells started."""
    mark = new_mark()
    try:
        yield mark
    finally:
        end_marked(mark)


@contextmanager
def _beside(work: Iterable[Callable[[], None]]) -> Iterator[Callable[..., None]]:
    """Give a hook for each cell, the first call of which has another thread begin some work."""

    def do_all() -> None:
        sys.setswitchinterval(_SECONDS_BESIDE_A_KERNEL)
        for each in work:
            with suppress(Exception):
                each()
        sys.setswitchinterval(_SECONDS_TO_SWITCH)

    thread = threading.Thread(target=do_all, daemon=True)

    def begin(**_: Any) -> None:
        if thread.ident is None:
            thread.start()

    try:
        yield begin
    finally:
        if thread.ident is not None:
            thread.join()


@contextmanager
def _failures_in_words(master: Path, seconds: float) -> Iterator[None]:
    """Tell what became of an execution in the library's own errors."""
    try:
        yield
    except PapermillExecutionError as error:
        raise _failed_cell(error, master) from None
    except CellTimeoutError:
        raise ReportError(
            f"took longer than {seconds:,.0f} seconds",
            where=f"notebook {master.name}",
            remedy="see why the source is slow, or allow more time (TIME_LIMIT=)",
        ) from None
    except DeadKernelError:
        raise ReportError(
            "its kernel died, most likely for want of memory",
            where=f"notebook {master.name}",
            remedy="allow more memory (MEMORY_LIMIT=), or fewer reports at a time (JOBS=)",
        ) from None
    except (PapermillException, RuntimeError) as error:
        raise ReportError(
            f"could not be executed: {str(error).strip().splitlines()[0]}",
            where=f"notebook {master.name}",
            remedy="open it with make lab and run it from the top",
        ) from error


def _time_left(seconds: float) -> Callable[[NotebookNode], float]:
    """For each cell, what is left of the time that the whole notebook has."""
    deadline = time.monotonic() + seconds
    return lambda cell: max(deadline - time.monotonic(), 0.001)


def read_master(master: Path) -> NotebookNode:
    """The master notebook, fit to be executed: one that names no language or kernel is in Python.

    Raises
    ------
    ReportError
        It cannot be read, no cell is tagged ``parameters``, or a tag is not known.
    """
    try:
        notebook = nbformat.read(master, as_version=4)
    except (OSError, ValueError, nbformat.ValidationError) as error:
        raise ReportError(
            f"is not a notebook that can be read ({type(error).__name__})",
            where=f"notebook {master}",
            remedy="restore it from version control",
        ) from None
    if not any(PARAMETERS in cell.metadata.get("tags", ()) for cell in notebook.cells):
        raise ReportError(
            f"no cell is tagged {PARAMETERS}",
            where=f"notebook {master.name}",
            remedy=f"give the cell that sets tenant and period the tag {PARAMETERS}, in JupyterLab's "
            "Property Inspector; the report would otherwise be of the tenant that the cell itself names",
        )
    check_tags(notebook)
    notebook.metadata.setdefault("kernelspec", _PYTHON)
    notebook.metadata.setdefault("language_info", {"name": _PYTHON["language"]})
    return notebook


def _failed_cell(error: PapermillExecutionError, master: Path) -> ReportError:
    """The failure of a cell: the library's own errors speak for themselves, others say where they arose."""
    if isinstance(getattr(errors, error.ename, None), type):
        return ReportError(str(error.evalue))
    return ReportError(
        one_line(f"cell {error.cell_index} failed with {error.ename}: {error.evalue}")[:_LONGEST_FAILURE],
        where=f"notebook {master.name}",
        remedy="see failed.ipynb in the edition's folder, or open the notebook with make lab",
    )
