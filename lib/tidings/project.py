"""Where the project is: the folder that holds ``parameters/``, ``notebooks/`` and ``outputs/``.

And where the library keeps what it compiled: beside the bytecode of its modules, under the same rules.
"""

import os
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path
from typing import BinaryIO

from upath import UPath

from tidings.errors import ParametersError, UsageError

_LIBRARY_HOME = Path(__file__).resolve().parents[2]


def locate_folder(folder: str, root: Path) -> Path | UPath:
    """A folder as a user names it: relative to the project, absolute, or an address.

    Here alone it is decided what is on this machine: that is a `Path`, addresses ``file:///…`` among them.
    What is a `UPath` is in an object store.

    Raises
    ------
    UsageError
        It is an address that leads to no folder.
    """
    remedy = "name a folder, or an address such as file:///srv/reports or s3://bucket/reports"
    if address := re.match(r"(?:file|local):(?://(?:localhost)?)?(?P<path>.*)", folder, re.DOTALL):
        if not address["path"].startswith("/") or address["path"].startswith("//"):
            raise UsageError(
                "does not lead to a folder of this machine", where=f"folder {folder}", remedy=remedy
            )
        return Path(address["path"])
    if "://" not in folder:
        return root / folder
    try:
        return UPath(folder)
    except (ValueError, ImportError) as error:
        raise UsageError(str(error), where=f"folder {folder}", remedy=remedy) from None


def master_notebook(root: Path) -> Path:
    """The notebook that every report of a project is made from."""
    return root / "notebooks" / "report.ipynb"


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
        if master_notebook(folder).is_file():
            return folder
    raise ParametersError(
        "no project folder was found",
        where=f"folder {here}",
        remedy="begin one here with tidings init, work inside one, or set TIDINGS_HOME to it",
    )


def compiled_file(name: str) -> Path:
    """The file of something compiled, for this version of Python."""
    return Path(cache_from_source(__file__)).with_name(f"{name}.{sys.implementation.cache_tag}")


def write_compiled(file: Path, write: Callable[[BinaryIO], object]) -> None:
    """Write such a file, all or nothing, where bytecode may be written."""
    if sys.dont_write_bytecode:
        return
    draft = file.with_suffix(f".{os.getpid()}")
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        with open(draft, "wb") as stream:
            write(stream)
        draft.replace(file)
