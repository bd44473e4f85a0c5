"""Execution: the master notebook, run by Papermill for one tenant."""

import logging
from pathlib import Path
from typing import Any

import nbformat
import papermill
from papermill.exceptions import PapermillException, PapermillExecutionError

from tidings import errors
from tidings.errors import ReportError
from tidings.sections import without_inactive

_KERNEL = "python3"
_SECONDS_PER_CELL = 3600


def execute(
    master: Path, output: Path, parameters: dict[str, Any], services: tuple[str, ...]
) -> nbformat.NotebookNode:
    """Execute the master notebook with parameters, and save it executed.

    Cells of services that the tenant does not have are left out before anything runs.

    Raises
    ------
    ReportError
        A cell failed. The notebook is at ``output`` as far as it came, with Papermill's banner.
    """
    trimmed = output.with_name("master.ipynb")
    nbformat.write(without_inactive(_read(master), services), trimmed)
    logging.getLogger("papermill").setLevel(logging.ERROR)
    try:
        return papermill.execute_notebook(
            str(trimmed),
            str(output),
            parameters=parameters,
            kernel_name=_KERNEL,
            progress_bar=False,
            execution_timeout=_SECONDS_PER_CELL,
        )
    except PapermillExecutionError as error:
        raise _failed_cell(error, master) from None
    except (PapermillException, RuntimeError) as error:
        raise ReportError(
            f"could not be executed: {str(error).strip().splitlines()[0]}",
            where=f"notebook {master.name}",
            remedy="open it with make lab and run it from the top",
        ) from error


def _read(master: Path) -> nbformat.NotebookNode:
    try:
        return nbformat.read(master, as_version=4)
    except (OSError, ValueError, nbformat.ValidationError) as error:
        raise ReportError(
            f"is not a notebook that can be read ({type(error).__name__})",
            where=f"notebook {master}",
            remedy="restore it from version control",
        ) from None


def _failed_cell(error: PapermillExecutionError, master: Path) -> ReportError:
    """The failure of a cell: the library's own errors speak for themselves, others say where they arose."""
    if isinstance(getattr(errors, error.ename, None), type):
        return ReportError(str(error.evalue))
    return ReportError(
        f"cell {error.cell_index} failed with {error.ename}: {error.evalue}",
        where=f"notebook {master.name}",
        remedy="see failed.ipynb in the edition's folder, or open the notebook with make lab",
    )
