"""What an executed notebook says of its origin, in its metadata under ``tidings``.

Who executes it knows the versions, the notebook and the parameters beforehand. The source's engine is known
in the kernel alone: the cell that opens the edition says it in the metadata of what it shows. A kernel has no
other need of nbformat, and does not import it.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tidings.metrics.edition import Edition

if TYPE_CHECKING:
    from nbformat import NotebookNode

_KEY = "tidings"


def with_origin(notebook: "NotebookNode", origin: Mapping[str, Any]) -> "NotebookNode":
    """A copy of a notebook whose metadata record an origin."""
    from nbformat.notebooknode import NotebookNode, from_dict

    copied = NotebookNode(notebook, metadata=NotebookNode(notebook.metadata))
    copied.metadata[_KEY] = from_dict(dict(origin))
    return copied


def engine_metadata(edition: Edition) -> dict[str, Any]:
    """The metadata by which the output that opens an edition says its source's engine."""
    name, version = edition.source.engine
    return {_KEY: {"engine": name, "engine_version": version}}


def add_engine(notebook: "NotebookNode") -> None:
    """Put what an output said of the source's engine beside the rest of the notebook's origin."""
    from nbformat.notebooknode import from_dict

    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if said := output.get("metadata", {}).get(_KEY):
                notebook.metadata[_KEY] = from_dict({**notebook.metadata.get(_KEY, {}), **said})
