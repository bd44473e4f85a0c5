"""The tags of cells that mean something here: all others are the analyst's own."""

from difflib import get_close_matches

import nbformat

from tidings.errors import ReportError
from tidings.notebook.sections import TAGS as SECTIONS

PARAMETERS = "parameters"

_INJECTED = "injected-parameters"
_HIDE = frozenset(
    f"{verb}{dash}{what}" for verb in ("hide", "remove") for dash in "-_" for what in ("cell", "output")
)
_HARMLESS = frozenset(  # of Jupyter Book and nbconvert: a report never shows code, nor what was printed
    f"{verb}{dash}{what}"
    for verb in ("hide", "remove")
    for dash in "-_"
    for what in ("input", "stdout", "stderr")
)
_KNOWN = _HIDE | _HARMLESS | {PARAMETERS, _INJECTED} | SECTIONS.keys()
_OURS = ("hide-", "remove-", "section-")
_ALIKE = 0.85


def check_tags(notebook: nbformat.NotebookNode) -> None:
    """See that no tag was meant to be one of those that mean something, and is not.

    Raises
    ------
    ReportError
        A tag looks like one of them and is none: what it should hide would be shown, or the other way round.
    """
    for number, cell in enumerate(notebook.cells, start=1):
        for tag in cell.metadata.get("tags", ()):
            if tag in _KNOWN:
                continue
            plain = tag.strip().casefold().replace("_", "-").replace(" ", "-")
            is_ours = plain.startswith(_OURS)
            nearest = get_close_matches(plain, sorted(_KNOWN), n=1, cutoff=0 if is_ours else _ALIKE)
            if not nearest:
                continue
            raise ReportError(
                f"the tag {tag!r} is not known",
                where=f"cell {number}",
                remedy=f"write {nearest[0]!r}, or a tag of your own that looks like none of the report's",
            )


def is_hidden(cell: nbformat.NotebookNode) -> bool:
    """Whether readers are not to see what a cell shows: by a tag, or since JupyterLab has it collapsed."""
    metadata = cell.metadata
    tags = set(metadata.get("tags", ()))
    is_collapsed = metadata.get("collapsed", False) or metadata.get("jupyter", {}).get(
        "outputs_hidden", False
    )
    return bool(tags & (_HIDE | {PARAMETERS, _INJECTED}) or is_collapsed)
