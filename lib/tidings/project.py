"""Where the project is: the folder that holds ``parameters/``, ``notebooks/`` and ``outputs/``."""

import os
from pathlib import Path

from upath import UPath

from tidings.errors import ParametersError

_LIBRARY_HOME = Path(__file__).resolve().parents[2]


def located(folder: str, root: Path) -> Path:
    """A folder as a user names it: relative to the project, absolute, or an address in an object store."""
    return UPath(folder) if "://" in folder else root / folder


def project_folder() -> Path:
    """The project's folder, from any working directory.

    ``TIDINGS_HOME`` where it is set; else the nearest folder above the working directory that has
    ``notebooks/report.ipynb``; else the checkout that the library was installed from.

    Raises
    ------
    ParametersError
        There is none.
    """
    if home := os.environ.get("TIDINGS_HOME"):
        return Path(home).resolve()
    here = Path.cwd()
    for folder in (here, *here.parents, _LIBRARY_HOME):
        if (folder / "notebooks" / "report.ipynb").is_file():
            return folder
    raise ParametersError(
        "no project folder was found",
        where=f"folder {here}",
        remedy="begin one here with tidings init, work inside one, or set TIDINGS_HOME to it",
    )
