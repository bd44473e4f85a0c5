"""One report: the master notebook executed for one tenant and period, and the files made from it."""

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from upath import UPath

from tidings.errors import TidingsError
from tidings.reports.order import FILES, MESSAGE, NOTEBOOK, PAGE, Order, look_up
from tidings.reports.receipt import RECEIPT, digest, fingerprint, is_up_to_date, write_receipt

__all__ = [
    "FAILED",
    "FILES",
    "MESSAGE",
    "NOTEBOOK",
    "PAGE",
    "RECEIPT",
    "Made",
    "Order",
    "finished",
    "make_report",
]

FAILED = "failed.ipynb"


@dataclass(frozen=True)
class Made:
    """What came of an order: where the files are, whether they were made now, and what took how long."""

    folder: Path | UPath
    is_new: bool
    seconds: dict[str, float] = field(default_factory=dict)


def make_report(order: Order, kernel: Mapping[str, Any] | None = None) -> Made:
    """Execute an edition's notebook and write its page and message, unless they are up to date.

    Nothing is half written: the files take the place of earlier ones only when all of them are made.

    Parameters
    ----------
    order : Order
        What is wanted.
    kernel : mapping, optional
        Where the kernel comes from: see `tidings.notebook.execute.execute`. Without it, one is started for
        this notebook alone.

    Raises
    ------
    TidingsError
        What was wrong; the files of an earlier run are as they were. A notebook that failed is kept
        beside them as ``failed.ipynb``.
    """
    job = look_up(order)
    made_from = fingerprint(job)
    if is_up_to_date(job.folder, made_from):
        return Made(job.folder, is_new=False)
    # Only here: what is up to date, as most of a batch may be, is found so without a second of imports.
    from tidings.reports.making import make_files, refuse_source_that_cannot_serve

    if kernel is None:
        refuse_source_that_cannot_serve(job)
    with _draft(job.folder) as draft, _failed_notebook_kept(draft, job.folder):
        seconds = make_files(job, draft, kernel)
        _publish(draft, job.folder, made_from)
    return Made(job.folder, is_new=True, seconds=seconds)


def finished(order: Order) -> Made | None:
    """What an order has come to already, where nothing has changed since; None where there is work to do.

    Looking takes milliseconds, and imports nothing that making a report needs.
    """
    job = look_up(order)
    return Made(job.folder, is_new=False) if is_up_to_date(job.folder, fingerprint(job)) else None


@contextmanager
def _failed_notebook_kept(draft: Path, folder: Path | UPath) -> Iterator[None]:
    try:
        yield
    except TidingsError:
        if (draft / NOTEBOOK).exists():
            _put(draft / NOTEBOOK, folder / FAILED)
        raise


def _publish(draft: Path, folder: Path | UPath, made_from: str | None) -> None:
    """Put the finished files in place. The receipt goes last: what has none is made again."""
    digests = {name: digest(draft / name) for name in FILES}
    for name in FILES:
        _put(draft / name, folder / name)
    write_receipt(draft / RECEIPT, folder, digests, made_from)
    _put(draft / RECEIPT, folder / RECEIPT)
    (folder / FAILED).unlink(missing_ok=True)


def _put(file: Path, target: Path | UPath) -> None:
    """Put a file in its place at once: a rename, or in an object store one upload."""
    if _is_local(target):
        os.replace(file, target)
    else:
        target.write_bytes(file.read_bytes())


@contextmanager
def _draft(folder: Path | UPath) -> Iterator[Path]:
    """A folder for unfinished files: where they can be renamed into place, or else a temporary one."""
    place = Path(folder if _is_local(folder) else tempfile.gettempdir())
    place.mkdir(parents=True, exist_ok=True)
    _clear_abandoned(place)
    draft = Path(tempfile.mkdtemp(prefix=f".draft-{socket.gethostname()}-{os.getpid()}-", dir=place))
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _clear_abandoned(folder: Path) -> None:
    """Remove drafts of processes of this machine that are gone, killed before they could tidy up."""
    for draft in folder.glob(f".draft-{socket.gethostname()}-*"):
        owner = draft.name.removeprefix(f".draft-{socket.gethostname()}-").partition("-")[0]
        if not _is_running(int(owner)):
            shutil.rmtree(draft, ignore_errors=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _is_local(path: Path | UPath) -> bool:
    return not isinstance(path, UPath) or path.protocol in ("", "file")
