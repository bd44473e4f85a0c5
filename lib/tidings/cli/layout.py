"""A layout of a tenant's own: a copy of the master notebook, for its file to name."""

import re
from pathlib import Path

import nbformat

from tidings.errors import UsageError
from tidings.notebook.execute import read_master
from tidings.project import master_notebook

_NAME = "[a-z0-9][a-z0-9-]{0,63}"


def write_layout(name: str, root: Path) -> Path:
    """Copy the project's master notebook, without outputs, to ``notebooks/<name>.ipynb``.

    Parameters
    ----------
    name : str
        What the copy is called, without its extension.
    root : Path
        The project's folder.

    Returns
    -------
    Path
        The copy, relative to the project's folder.

    Raises
    ------
    UsageError
        The name is none, is taken, or the notebook cannot be written.
    ReportError
        The master cannot be read.
    """
    if not re.fullmatch(_NAME, name):
        raise UsageError(
            f"{name[:80]!r} is not the name of a layout",
            remedy="use 1 to 64 small letters, digits and hyphens, such as acme; the file becomes acme.ipynb",
        )
    layout = read_master(master_notebook(root))
    for cell in layout.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    path = Path("notebooks") / f"{name}.ipynb"
    try:
        with (root / path).open("x", encoding="utf-8") as file:
            nbformat.write(layout, file)
    except FileExistsError:
        raise UsageError("is there already", where=str(path), remedy="choose another name") from None
    except OSError as error:
        raise UsageError(
            f"cannot be written ({error.strerror})", where=str(path), remedy="see who may write there"
        ) from None
    return path
