"""One report: the master notebook executed for one tenant and period, and the files made from it."""

import hashlib
import json
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import Any

import nbformat
from upath import UPath

from tidings.edition import reportable_period
from tidings.errors import ReportError
from tidings.execution import PLAIN, execute
from tidings.message import eml
from tidings.page import page_html
from tidings.parameters import Tenant, load_tenant
from tidings.period import Period
from tidings.project import project_folder
from tidings.record import EDITION, recorded
from tidings.sources import fingerprint, open_source

NOTEBOOK, PAGE, MESSAGE = "report.ipynb", "report.html", "message.eml"
FAILED, RECEIPT = "failed.ipynb", "edition.json"
FILES = (NOTEBOOK, PAGE, MESSAGE)


@dataclass(frozen=True)
class Order:
    """What report is wanted, of what, and where it goes.

    Attributes
    ----------
    tenant, period : str
        As a user names them.
    parameters, outputs : Path or UPath
        The folder of tenants' files, and the one under which ``<tenant>/<period>/`` is written; either may
        be in an object store.
    notebook : Path
        The master notebook.
    unfinished : bool
        Whether a period that is not over may be reported on.
    seconds : float
        How long executing the notebook may take.
    """

    tenant: str
    period: str
    parameters: Path | UPath
    outputs: Path | UPath
    notebook: Path
    unfinished: bool = False
    seconds: float = 3600.0


@dataclass(frozen=True)
class Made:
    """What came of an order: where the files are, whether they were made now, and what took how long."""

    folder: Path | UPath
    is_new: bool
    seconds: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class _Job:
    """An order whose names have been looked up."""

    order: Order
    tenant: Tenant
    period: Period

    @property
    def folder(self) -> Path | UPath:
        return self.order.outputs / self.tenant.id / self.period.key


def make_report(order: Order, kernel: Mapping[str, Any] = PLAIN) -> Made:
    """Execute an edition's notebook and write its page and message, unless they are up to date.

    Nothing is half written: the files take the place of earlier ones only when all of them are made.

    Parameters
    ----------
    order : Order
        What is wanted.
    kernel : mapping
        Where the kernel comes from: see `tidings.execution.execute`.

    Raises
    ------
    TidingsError
        What was wrong; the files of an earlier run are as they were. A notebook that failed is kept
        beside them as ``failed.ipynb``.
    """
    job = _look_up(order)
    made_from = _fingerprint(job)
    if _is_up_to_date(job.folder, made_from):
        return Made(job.folder, is_new=False)
    open_source(job.tenant, project_folder())  # a source that cannot serve is refused before a kernel starts
    with _draft(job.folder) as draft:
        seconds = _make(job, draft, kernel)
        _publish(draft, job.folder, made_from)
    return Made(job.folder, is_new=True, seconds=seconds)


def finished(order: Order) -> Made | None:
    """What an order has come to already, where nothing has changed since; None where there is work to do."""
    job = _look_up(order)
    return Made(job.folder, is_new=False) if _is_up_to_date(job.folder, _fingerprint(job)) else None


def _look_up(order: Order) -> _Job:
    tenant = load_tenant(order.tenant, order.parameters)
    return _Job(order, tenant, reportable_period(order.period, tenant, unfinished=order.unfinished))


def _make(job: _Job, draft: Path, kernel: Mapping[str, Any]) -> dict[str, float]:
    seconds: dict[str, float] = {}
    with _timed("execute", seconds):
        notebook = _executed(job, draft, kernel)
    _refuse_other_edition(notebook, job)
    with _timed("page", seconds):
        (draft / PAGE).write_text(page_html(notebook), encoding="utf-8")
    with _timed("message", seconds):
        (draft / MESSAGE).write_bytes(eml(notebook, job.tenant, job.period))
    return seconds


def _executed(job: _Job, draft: Path, kernel: Mapping[str, Any]) -> nbformat.NotebookNode:
    parameters = {
        "tenant": job.tenant.id,
        "period": job.period.key,
        "parameters": str(job.order.parameters),
        "unfinished": job.order.unfinished,
    }
    output, services = draft / NOTEBOOK, job.tenant.services
    try:
        return execute(
            job.order.notebook, output, parameters, services, kernel=kernel, seconds=job.order.seconds
        )
    except ReportError:
        if output.exists():
            _put(output, job.folder / FAILED)
        raise


def _refuse_other_edition(notebook: nbformat.NotebookNode, job: _Job) -> None:
    """A cell that names a tenant itself must never send one tenant's numbers to another."""
    about = recorded(notebook)[EDITION]
    if (about["tenant"], about["period"]) != (job.tenant.id, job.period.key):
        raise ReportError(
            f"the notebook recorded tenant {about['tenant']}, period {about['period']}, and not "
            f"tenant {job.tenant.id}, period {job.period.key}",
            where=NOTEBOOK,
            remedy="open the edition with the notebook's own parameters, tenant and period",
        )


def _publish(draft: Path, folder: Path | UPath, made_from: str | None) -> None:
    """Put the finished files in place. The receipt goes last: what has none is made again."""
    digests = {name: _digest(draft / name) for name in FILES}
    for name in FILES:
        _put(draft / name, folder / name)
    receipt = {
        "fingerprint": made_from,
        "files": digests,
        "stamps": {name: _stamp(folder / name) for name in FILES},
    }
    (draft / RECEIPT).write_text(json.dumps(receipt, indent=1), encoding="utf-8")
    _put(draft / RECEIPT, folder / RECEIPT)
    (folder / FAILED).unlink(missing_ok=True)


def _put(file: Path, target: Path | UPath) -> None:
    """Put a file in its place at once: a rename, or in an object store one upload."""
    if _is_local(target):
        os.replace(file, target)
    else:
        target.write_bytes(file.read_bytes())


def _is_up_to_date(folder: Path | UPath, made_from: str | None) -> bool:
    try:
        receipt = json.loads((folder / RECEIPT).read_text(encoding="utf-8"))
        same = receipt["fingerprint"] == made_from is not None
        return same and all(_stamp(folder / name) == stamp for name, stamp in receipt["stamps"].items())
    except (OSError, ValueError, KeyError):
        return False


def _fingerprint(job: _Job) -> str | None:
    """What changes when anything that the report is made of changes; None where the source cannot tell."""
    root = project_folder()
    data = fingerprint(job.tenant, root, job.period.last)
    if data is None:
        return None
    logo = root / job.tenant.brand.logo if job.tenant.brand.logo else None
    made_of = {
        "period": job.period.key,
        "parameters": _digest(job.order.parameters / f"{job.tenant.id}.yaml"),
        "notebook": _digest(job.order.notebook),
        "library": _library_digest(),
        "logo": _digest(logo) if logo and logo.is_file() else None,
        "data": data,
    }
    return hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()


@cache
def _library_digest() -> str:
    here = Path(__file__).parent
    files = sorted(path for path in here.rglob("*") if path.is_file() and path.suffix != ".pyc")
    lines = (f"{path.relative_to(here)} {_digest(path)}\n" for path in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _digest(path: Path | UPath) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _stamp(path: Path | UPath) -> list:
    """A file's size and the time of its last change: far quicker to look at than its content."""
    info = path.stat()
    return [info.st_size, str(getattr(info, "st_mtime_ns", None) or info.st_mtime)]


@contextmanager
def _draft(folder: Path | UPath) -> Iterator[Path]:
    """A folder for unfinished files: where they can be renamed into place, or else a temporary one."""
    if _is_local(folder):
        folder.mkdir(parents=True, exist_ok=True)
        _clear_abandoned(Path(folder))
    prefix = f".draft-{socket.gethostname()}-{os.getpid()}-"
    draft = Path(tempfile.mkdtemp(prefix=prefix, dir=str(folder) if _is_local(folder) else None))
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


@contextmanager
def _timed(step: str, seconds: dict[str, float]) -> Iterator[None]:
    begun = perf_counter()
    yield
    seconds[step] = perf_counter() - begun
