"""The cells of a notebook that a report executes, each at its own place, so that an error can name it."""

import re
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


def find_line(traceback: str, source: str) -> tuple[int, str]:
    """Where in its source a cell failed, by IPython's traceback: number and text of a line; 0 if nowhere."""
    found = re.search(r"Cell In\[\d+\], line (\d+)", without_colors(traceback))
    number, lines = int(found[1]) if found else 0, source.splitlines()
    return (number, lines[number - 1].strip()) if 0 < number <= len(lines) else (0, "")


def without_colors(text: str) -> str:
    """A text for a terminal without its colours, also as XML writes them."""
    return re.sub(r"(\x1b|#x1B)\[[0-9;]*m", "", text)
