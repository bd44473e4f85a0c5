"""Sections: which cells of a notebook belong to which service. Nothing else reads their tags."""

import copy
from collections.abc import Iterable
from functools import cache
from typing import Any, cast

import mistune
import nbformat

from tidings.tenants.tenant import SERVICES

TAGS = {f"section-{service}": service for service in SERVICES}

_NO_HEADING = 7  # one level below the lowest


def without_inactive(notebook: nbformat.NotebookNode, services: Iterable[str]) -> nbformat.NotebookNode:
    """A copy of a notebook without the cells of services that a tenant does not have."""
    kept, active = copy.copy(notebook), frozenset(services)
    belongs = zip(notebook.cells, services_of_cells(notebook), strict=True)
    kept.cells = [copy.deepcopy(cell) for cell, needed in belongs if needed <= active]
    return kept


def services_of_cells(notebook: nbformat.NotebookNode) -> list[frozenset[str]]:
    """The services that each cell needs, by section tags; none for a cell that belongs to every report.

    A tag on a heading holds for the cells below it, up to the next heading of its level or a higher one. The
    tags of a heading between them hold in its place, as far as that heading reaches. What any other cell is
    tagged with, it needs as well.
    """
    found: list[frozenset[str]] = []
    open_headings: list[tuple[int, frozenset[str]]] = []  # levels, and what holds below: the outermost first
    for cell in notebook.cells:
        own = frozenset(TAGS[tag] for tag in cell.metadata.get("tags", ()) if tag in TAGS)
        level = _heading_level(cell.source) if cell.cell_type == "markdown" else _NO_HEADING
        open_headings = [(above, held) for above, held in open_headings if above < level]
        if own and level < _NO_HEADING:
            open_headings.append((level, own))
            found.append(own)
        else:
            held = open_headings[-1][1] if open_headings else frozenset()
            found.append(held | own)
    return found


def _heading_level(source: str) -> int:
    """The level of the highest heading in a Markdown text."""
    tokens = cast(list[dict[str, Any]], _markdown()(source))
    levels = [token["attrs"]["level"] for token in tokens if token["type"] == "heading"]
    return min(levels, default=_NO_HEADING)


@cache
def _markdown() -> mistune.Markdown:
    return mistune.create_markdown(renderer=None)
