"""What lies in the outputs: ``<tenant>/<period>/`` and the files in it. No other module knows their names.

A report's files are made in a draft and take their place together, the receipt last: what has none is not
finished. Whoever reads them later holds them against it.
"""

import hashlib
import json
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from upath import UPath

from tidings.errors import PeriodError, ReportError, trouble_of_store
from tidings.notebook.leftovers import is_running
from tidings.periods.period import parse_period
from tidings.reports.order import Order
from tidings.reports.receipt import Decision, Receipt
from tidings.tenants.tenant import Tenant

if TYPE_CHECKING:  # what is up to date is passed over without it
    from nbformat import NotebookNode

NOTEBOOK, PAGE, MESSAGE, MESSAGE_PAGE = FILES = ("report.ipynb", "report.html", "message.eml", "message.html")
FAILED = "failed.ipynb"
RECEIPT = "edition.json"
RUN = "_run.json"
_ABANDONED_AFTER = 24 * 60 * 60
HELD_CELL = "held-for-a-reviewer"
"""The id of the cell by which a held notebook says so; no reader is ever sent it."""


@dataclass(frozen=True)
class ReportFiles:
    """Where the files of one report are: in their place under the outputs, or in a draft."""

    folder: Path | UPath

    @property
    def notebook(self) -> Path | UPath:
        """The executed notebook."""
        return self.folder / NOTEBOOK

    @property
    def page(self) -> Path | UPath:
        """The page."""
        return self.folder / PAGE

    @property
    def message(self) -> Path | UPath:
        """The message, addressed to no one yet."""
        return self.folder / MESSAGE

    @property
    def message_page(self) -> Path | UPath:
        """The message as a browser shows it; what was made before there were such has none."""
        return self.folder / MESSAGE_PAGE

    @property
    def failed(self) -> Path | UPath:
        """The notebook of the last run, if that failed."""
        return self.folder / FAILED

    @property
    def receipt(self) -> Path | UPath:
        """What the finished files were made from, and their digests."""
        return self.folder / RECEIPT


class ReportState(StrEnum):
    """Why what lies in the outputs is not a finished report."""

    HELD = "held"
    """It was made, and is kept back until someone approves it."""
    MISPLACED = "misplaced"
    """It is another tenant's or period's, or was made for other recipients."""
    FAILED = "failed"
    """It never was made, and the last run failed."""
    ABSENT = "absent"
    """It never was made."""
    DAMAGED = "damaged"
    """Its receipt cannot be read."""


@dataclass(frozen=True)
class FinishedReport:
    """A report that lies in the outputs and may be mailed.

    Attributes
    ----------
    order : Order
        Whose, of when, and where.
    digests : mapping
        The SHA-256 of each of its files by the receipt.
    """

    order: Order
    digests: Mapping[str, str]

    @property
    def digest(self) -> str:
        """That of the executed notebook, by which one making of a report is told from another."""
        return self.digests[NOTEBOOK]


@dataclass(frozen=True)
class UnfinishedReport:
    """What lies in the outputs in place of a finished report, and in words why it may not be mailed.

    Attributes
    ----------
    order : Order
        Whose it should be, of when, and where.
    state : ReportState
        Why it may not be mailed.
    reason : str
        The same in words.
    digest : str or None
        That of the executed notebook, where there is one.
    """

    order: Order
    state: ReportState
    reason: str
    digest: str | None = None


def files_of(order: Order) -> ReportFiles:
    """Where the files of a report have their place."""
    return ReportFiles(order.outputs / order.tenant.id / order.period.key)


def list_orders(tenant: Tenant, outputs: Path | UPath, now: datetime) -> list[Order]:
    """What a tenant has a folder of, the oldest period first; nothing in it is read."""
    orders = []
    folder = outputs / tenant.id
    for path in folder.iterdir() if folder.is_dir() else ():
        try:
            period = parse_period(path.name, tenant, now)
        except PeriodError:
            continue
        if period.key == path.name:
            orders.append(Order(tenant, period, outputs))
    return sorted(orders, key=lambda order: (order.period.last, order.period.key))


def find_receipt(files: ReportFiles) -> Receipt | None:
    """The receipt of a report; None where it is not there, or cannot be read."""
    try:
        receipt = Receipt.model_validate_json(files.receipt.read_bytes())
    except (OSError, ValueError):
        return None
    return receipt if NOTEBOOK in receipt.files else None


def find_report(order: Order) -> FinishedReport | UnfinishedReport:
    """What lies in the outputs, by its receipt alone."""
    files = files_of(order)
    if not files.receipt.is_file():
        if files.failed.is_file():
            return UnfinishedReport(order, ReportState.FAILED, f"failed: see {FAILED}")
        return UnfinishedReport(order, ReportState.ABSENT, "not made")
    receipt = find_receipt(files)
    if receipt is None:
        reason = "its receipt cannot be read: make the report again"
        return UnfinishedReport(order, ReportState.DAMAGED, reason)
    notebook = receipt.files[NOTEBOOK]
    if misplaced := _find_misplaced(order, receipt):
        return UnfinishedReport(order, ReportState.MISPLACED, misplaced, notebook)
    if reasons := receipt.list_reasons(notebook, order.tenant):
        return UnfinishedReport(order, ReportState.HELD, f"held: {'; '.join(reasons)}", notebook)
    return FinishedReport(order, receipt.files)


def find_verdict(order: Order) -> tuple[str | None, tuple[str, ...]]:
    """What the gate came to when a report was made, by its receipt, and why the report is kept back now."""
    receipt = find_receipt(files_of(order))
    if receipt is None:
        return None, ()
    state = receipt.verdict.state if receipt.verdict else None
    return state, receipt.list_reasons(receipt.files[NOTEBOOK], order.tenant)


def find_notes(order: Order) -> tuple[str, ...]:
    """What the gate noted of a report when it was made, in sentences: what holds nothing back."""
    receipt = find_receipt(files_of(order))
    findings = receipt.verdict.findings if receipt and receipt.verdict else ()
    return tuple(found.reason for found in findings if found.severity == "note")


def find_decision(order: Order, name: Literal["by_hand", "approved"]) -> Decision | None:
    """What someone decided of the report that lies there: ``by_hand``, to hold it, or ``approved``."""
    receipt = find_receipt(files_of(order))
    return getattr(receipt, name) if receipt else None


def read_notebook(report: FinishedReport) -> "NotebookNode":
    """The executed notebook of a finished report, all of whose files are those that were made.

    It is without the cell that says why it was held.

    Raises
    ------
    ReportError
        They are not; or the notebook was executed before its period was over, or is of another edition.
    """
    import nbformat

    from tidings.notebook.scraps import recorded_edition

    files, period = files_of(report.order), report.order.period
    for name, expected in report.digests.items():
        try:
            found = digest(files.folder / name)
        except OSError:
            found = None
        if found != expected:
            raise ReportError(
                f"{name} is not the file that was made",
                where=str(report.order),
                remedy="make the report again",
            )
    notebook = nbformat.read(files.notebook, as_version=4)
    papermill: dict[str, Any] = notebook.metadata.get("papermill", {})
    begun, unfinished = papermill.get("start_time"), papermill.get("parameters", {}).get("unfinished")
    if unfinished and begun and datetime.fromisoformat(begun) < period.whole().end:
        raise ReportError(
            "was made before its period was over",
            where=str(report.order),
            remedy="make it again without UNFINISHED=1",
        )
    about = recorded_edition(notebook)
    if about and (about["tenant"], about["period"]) != (report.order.tenant.id, period.key):
        raise ReportError(
            f"the notebook records tenant {about['tenant']}, period {about['period']}",
            where=str(report.order),
            remedy="take it out of this folder, and make the report again",
        )
    notebook.cells = [cell for cell in notebook.cells if cell.get("id") != HELD_CELL]
    return notebook


def find_folders(outputs: Path | UPath, periods: Iterable[str] | None = None) -> set[ReportFiles]:
    """Where a report finished or failed, of any tenant; nothing there is read.

    Parameters
    ----------
    periods : iterable of str, optional
        Only of these, by their keys.
    """
    patterns = ("*",) if periods is None else tuple(sorted(set(periods)))
    return {
        ReportFiles(path.parent)
        for period in patterns
        for name in (RECEIPT, FAILED)
        for path in outputs.glob(f"*/{period}/{name}")
    }


def is_up_to_date(files: ReportFiles, fingerprint: str | None) -> bool:
    """Whether the receipt has this fingerprint, and its files are as the receipt found them."""
    receipt = find_receipt(files)
    if fingerprint is None or receipt is None or receipt.fingerprint != fingerprint or not receipt.stamps:
        return False
    try:
        return all(_stamp(files.folder / name) == stamp for name, stamp in receipt.stamps.items())
    except OSError:
        return False


@contextmanager
def open_draft(files: ReportFiles) -> Iterator[ReportFiles]:
    """A folder for unfinished files: where they can be renamed into place, or else a temporary one."""
    parent = Path(tempfile.gettempdir()) if isinstance(files.folder, UPath) else files.folder
    parent.mkdir(parents=True, exist_ok=True)
    _clear_abandoned(parent)
    draft = Path(tempfile.mkdtemp(prefix=f".draft-{socket.gethostname()}-{os.getpid()}-", dir=parent))
    try:
        yield ReportFiles(draft)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def publish(draft: ReportFiles, files: ReportFiles, fingerprint: str | None, **about: Any) -> None:
    """Put the files of a draft in their place. The receipt goes last: what has none is made again.

    Parameters
    ----------
    fingerprint : str or None
        What they were made from: see `tidings.reports.fingerprint`.
    **about
        What else the receipt says: for whom they were made, and what was judged of them.
    """
    digests = {name: digest(draft.folder / name) for name in FILES}
    for name in FILES:
        _put(draft.folder / name, files.folder / name)
    stamps = {name: _stamp(files.folder / name) for name in FILES}
    _write_receipt(Receipt(fingerprint=fingerprint, files=digests, stamps=stamps, **about), draft, files)
    files.failed.unlink(missing_ok=True)


def amend(draft: ReportFiles, files: ReportFiles, made: Iterable[Path | UPath], **about: Any) -> None:
    """Put some files of a draft in the place of a report's own, and then say in its receipt what is new.

    Raises
    ------
    ReportError
        The receipt cannot be read.
    """
    receipt = find_receipt(files)
    if receipt is None:
        raise ReportError(
            "its receipt cannot be read", where=str(files.receipt), remedy="make the report again"
        )
    digests = {path.name: digest(path) for path in made}
    for name in digests:
        _put(draft.folder / name, files.folder / name)
    stamps = {name: _stamp(files.folder / name) for name in digests}
    _write_receipt(receipt.amended(digests, stamps, **about), draft, files)


def keep_failed(draft: ReportFiles, files: ReportFiles) -> None:
    """Keep a notebook that failed beside the finished files, which stay as they are."""
    if draft.notebook.exists():
        _put(draft.notebook, files.failed)


def remove_report(order: Order) -> None:
    """Remove a report's folder; its receipt goes first, so that what is left of it is not finished.

    Raises
    ------
    OSError
        It cannot be removed.
    """
    files = files_of(order)
    files.receipt.unlink(missing_ok=True)
    if isinstance(files.folder, UPath):
        files.folder.fs.rm(files.folder.path, recursive=True)
    else:
        shutil.rmtree(files.folder)


def write_run(outputs: Path | UPath, run: dict[str, Any]) -> Path | UPath:
    """Write what became of a batch into the outputs, and tell where.

    Raises
    ------
    ReportError
        It cannot be written there.
    """
    try:
        if not isinstance(outputs, UPath):
            outputs.mkdir(parents=True, exist_ok=True)
        (outputs / RUN).write_text(json.dumps(run, indent=1, ensure_ascii=False), encoding="utf-8")
    except Exception as error:  # each object store has errors of its own
        what, remedy = trouble_of_store(error) or (
            f"{type(error).__name__}: {error}",
            "name a folder, or a bucket, that is there and that you may write",
        )
        raise ReportError(f"cannot be written ({what})", where=f"folder {outputs}", remedy=remedy) from None
    return outputs / RUN


def read_run(outputs: Path | UPath) -> dict[str, Any]:
    """What was written of the batch that ran last.

    Raises
    ------
    OSError, ValueError
        There is none, or it cannot be read.
    """
    return dict(json.loads((outputs / RUN).read_text(encoding="utf-8")))


def digest(path: Path | UPath) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(cast(BufferedReader, file), "sha256").hexdigest()


def _put(file: Path | UPath, target: Path | UPath) -> None:
    """Put a file in its place at once: a rename, or in an object store one upload."""
    if isinstance(target, UPath):
        target.write_bytes(file.read_bytes())
    else:
        file.replace(target)


def _stamp(path: Path | UPath) -> list:
    """A file's size and the time of its last change: far quicker to look at than its content."""
    info = path.stat()
    return [info.st_size, str(getattr(info, "st_mtime_ns", None) or info.st_mtime)]


def _clear_abandoned(folder: Path) -> None:
    """Remove drafts of processes of this machine that are gone, killed before they could tidy up.

    Of another machine's processes nothing is known here: what one left is removed when it has lain for a day.
    """
    for draft in folder.glob(".draft-*"):
        host, _, process = draft.name.removeprefix(".draft-").rpartition("-")[0].rpartition("-")
        if host == socket.gethostname() and process.isascii() and process.isdigit():
            is_abandoned = not is_running(int(process))
        else:
            is_abandoned = time.time() - _last_change(draft) > _ABANDONED_AFTER
        if is_abandoned:
            shutil.rmtree(draft, ignore_errors=True)


def _last_change(folder: Path) -> float:
    """When a folder or a file in it last changed; now, if it is gone meanwhile."""
    try:
        return max(path.stat().st_mtime for path in (folder, *folder.iterdir()))
    except OSError:
        return time.time()


def _write_receipt(receipt: Receipt, draft: ReportFiles, files: ReportFiles) -> None:
    draft.receipt.write_text(receipt.written(), encoding="utf-8")
    _put(draft.receipt, files.receipt)


def _find_misplaced(order: Order, receipt: Receipt) -> str | None:
    """Why a receipt is not of the folder that it lies in; None where it is, or does not say whose it is."""
    named = (order.tenant.id, order.period.key)
    about = receipt.tenant or named[0], receipt.period or named[1]
    if about != named:
        return f"is the report of tenant {about[0]}, period {about[1]}: take it out of this folder"
    # Some may have joined or left since; where no one is left, it was made for others.
    if receipt.recipients is not None and not set(receipt.recipients) & set(order.tenant.recipients):
        return "was made for other recipients: make the report again"
    return None
