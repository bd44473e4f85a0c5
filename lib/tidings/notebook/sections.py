"""Sections: which cells of a notebook belong to which service."""

import copy

import nbformat

from tidings.tenants.tenant import SERVICES

TAGS = {f"section-{service}": service for service in SERVICES}


def without_inactive(notebook: nbformat.NotebookNode, services: tuple[str, ...]) -> nbformat.NotebookNode:
    """A copy of a notebook without the cells of services that a tenant does not have."""
    kept = copy.deepcopy(notebook)
    kept.cells = [cell for cell in kept.cells if services_of(cell) <= set(services)]
    return kept


def services_of(cell: nbformat.NotebookNode) -> set[str]:
    """The services that a cell's section tags name; none for a cell that belongs to every report."""
    return {TAGS[tag] for tag in cell.metadata.get("tags", ()) if tag in TAGS}
