"""One report: the master notebook executed for one tenant and period, and the files made from it."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from time import perf_counter

import nbformat

from tidings.edition import reportable_period
from tidings.errors import ReportError
from tidings.execution import execute
from tidings.message import eml
from tidings.page import page_html
from tidings.parameters import Tenant, load_tenant
from tidings.period import Period
from tidings.project import project_folder
from tidings.record import EDITION, recorded
from tidings.sources import open_source

NOTEBOOK, PAGE, MESSAGE = "report.ipynb", "report.html", "message.eml"
FAILED, RECEIPT = "failed.ipynb", "edition.json"
_FILES = (NOTEBOOK, PAGE, MESSAGE)


@dataclass(frozen=True)
class Order:
    """What report is wanted, of what, and where it goes.

    Attributes
    ----------
    tenant, period : str
        As a user names them.
    parameters, outputs : Path
        The folder of tenants' files, and the one under which ``<tenant>/<period>/`` is written.
    notebook : Path
        The master notebook.
    unfinished : bool
        Whether a period that is not over may be reported on.
    """

    tenant: str
    period: str
    parameters: Path
    outputs: Path
    notebook: Path
    unfinished: bool = False


@dataclass(frozen=True)
class Made:
    """What came of an order: where the files are, whether they were made now, and what took how long."""

    folder: Path
    is_new: bool
    seconds: dict[str, float] = field(default_factory=dict)


def make_report(order: Order) -> Made:
    """Execute an edition's notebook and write its page and message, unless they are up to date.

    Nothing is half written: the files take the place of earlier ones only when all of them are made.

    Raises
    ------
    TidingsError
        What was wrong; the files of an earlier run are as they were. A notebook that failed is kept
        beside them as ``failed.ipynb``.
    """
    tenant = load_tenant(order.tenant, order.parameters)
    period = reportable_period(order.period, tenant, unfinished=order.unfinished)
    folder = order.outputs / tenant.id / period.key
    fingerprint = _fingerprint(order, tenant, period)
    if _is_up_to_date(folder, fingerprint):
        return Made(folder, is_new=False)
    folder.mkdir(parents=True, exist_ok=True)
    with _draft(folder) as draft:
        seconds = _make(order, tenant, period, draft)
        _publish(draft, folder, fingerprint)
    return Made(folder, is_new=True, seconds=seconds)


def _make(order: Order, tenant: Tenant, period: Period, draft: Path) -> dict[str, float]:
    seconds: dict[str, float] = {}
    with _timed("execute", seconds):
        notebook = _executed(order, tenant, period, draft)
    _refuse_other_edition(notebook, tenant, period)
    with _timed("page", seconds):
        (draft / PAGE).write_text(page_html(notebook), encoding="utf-8")
    with _timed("message", seconds):
        (draft / MESSAGE).write_bytes(eml(notebook, tenant, period))
    return seconds


def _executed(order: Order, tenant: Tenant, period: Period, draft: Path) -> nbformat.NotebookNode:
    parameters = {
        "tenant": tenant.id,
        "period": period.key,
        "parameters": str(order.parameters),
        "unfinished": order.unfinished,
    }
    try:
        return execute(order.notebook, draft / NOTEBOOK, parameters, tenant.services)
    except ReportError:
        if (draft / NOTEBOOK).exists():
            os.replace(draft / NOTEBOOK, draft.parent / FAILED)
        raise


def _refuse_other_edition(notebook: nbformat.NotebookNode, tenant: Tenant, period: Period) -> None:
    """A cell that names a tenant itself must never send one tenant's numbers to another."""
    about = recorded(notebook)[EDITION]
    if (about["tenant"], about["period"]) != (tenant.id, period.key):
        raise ReportError(
            f"the notebook recorded tenant {about['tenant']}, period {about['period']}, and not "
            f"tenant {tenant.id}, period {period.key}",
            where=NOTEBOOK,
            remedy="open the edition with the notebook's own parameters, tenant and period",
        )


def _publish(draft: Path, folder: Path, fingerprint: str | None) -> None:
    """Put the finished files in place. The receipt goes last: what has none is made again."""
    receipt = {"fingerprint": fingerprint, "files": {name: _digest(draft / name) for name in _FILES}}
    (draft / RECEIPT).write_text(json.dumps(receipt, indent=1), encoding="utf-8")
    for name in (*_FILES, RECEIPT):
        os.replace(draft / name, folder / name)
    (folder / FAILED).unlink(missing_ok=True)


def _is_up_to_date(folder: Path, fingerprint: str | None) -> bool:
    try:
        receipt = json.loads((folder / RECEIPT).read_text(encoding="utf-8"))
        same = receipt["fingerprint"] == fingerprint is not None
        return same and all(_digest(folder / name) == digest for name, digest in receipt["files"].items())
    except (OSError, ValueError, KeyError):
        return False


def _fingerprint(order: Order, tenant: Tenant, period: Period) -> str | None:
    """What changes when anything that the report is made of changes; None where the source cannot tell."""
    root = project_folder()
    data = open_source(tenant, root).fingerprint()
    if data is None:
        return None
    logo = root / tenant.brand.logo if tenant.brand.logo else None
    made_of = {
        "period": period.key,
        "parameters": _digest(order.parameters / f"{tenant.id}.yaml"),
        "notebook": _digest(order.notebook),
        "library": _library_digest(),
        "logo": _digest(logo) if logo and logo.is_file() else None,
        "data": data,
    }
    return hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()


@cache
def _library_digest() -> str:
    here = Path(__file__).parent
    files = sorted(path for path in here.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return hashlib.sha256(
        "".join(f"{path.relative_to(here)}{_digest(path)}" for path in files).encode()
    ).hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _draft(folder: Path) -> Iterator[Path]:
    """A folder for unfinished files beside the finished ones, so that they can be renamed into place."""
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=folder))
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def _timed(step: str, seconds: dict[str, float], clock: Callable[[], float] = perf_counter) -> Iterator[None]:
    begun = clock()
    yield
    seconds[step] = clock() - begun
