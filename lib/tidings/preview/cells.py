"""The cells of a notebook that a report executes, each at its own place, so that an error can name it."""

from collections.abc import Iterable, Mapping
from typing import Any

from nbformat import NotebookNode
from papermill.translators import PythonTranslator

from tidings.notebook.sections import services_of_cells
from tidings.notebook.tags import PARAMETERS


def cells_to_execute(
    notebook: NotebookNode, services: Iterable[str], parameters: Mapping[str, Any]
) -> list[tuple[int, str]]:
    """The places and sources of the cells that are executed for a tenant; the notebook loses its outputs.

    Cells of services that the tenant does not have are left out. The cell tagged ``parameters`` ends by
    setting those that are given, for which a report has a cell of their own.
    """
    active, found = set(services), list[tuple[int, str]]()
    for place, (cell, needed) in enumerate(zip(notebook.cells, services_of_cells(notebook), strict=True)):
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            if needed <= active and cell.source.strip():
                found.append((place, cell.source))
    given = PythonTranslator.codify(dict(parameters))
    tagged = next(
        number
        for number, (place, _) in enumerate(found)
        if PARAMETERS in notebook.cells[place].metadata.get("tags", ())
    )
    found[tagged] = (found[tagged][0], f"{found[tagged][1]}\n\n{given}")
    return found
