"""Finished editions: what `make report` has left in the outputs folder, checked before anyone gets it."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat

from tidings.errors import PeriodError, ReportError
from tidings.periods.period import Period, parse_period
from tidings.reports.report import FAILED, NOTEBOOK, RECEIPT
from tidings.tenants.tenant import Tenant


@dataclass(frozen=True)
class FoundEdition:
    """A tenant's and period's folder under outputs.

    Attributes
    ----------
    tenant, period : Tenant, Period
        Whose and which.
    folder : Path
        Where its files are.
    digest : str or None
        The SHA-256 of the executed notebook by the receipt, None where the edition may not be mailed.
    reason : str
        Why it may not be mailed: empty where it may.
    """

    tenant: Tenant
    period: Period
    folder: Path
    digest: str | None
    reason: str = ""

    @property
    def is_finished(self) -> bool:
        """Whether it may be mailed."""
        return self.digest is not None


def edition_periods(tenant: Tenant, outputs: Path, now: datetime) -> list[Period]:
    """The periods of which a tenant has a folder, oldest first; nothing in it is read."""
    return sorted(_periods(tenant, outputs / tenant.id, now), key=lambda period: (period.last, period.key))


def find_edition(tenant: Tenant, period: Period, outputs: Path) -> FoundEdition:
    """The edition of one period by its receipt, whether or not it was made."""
    folder = outputs / tenant.id / period.key
    try:
        return FoundEdition(tenant, period, folder, digest=_receipt(folder)[NOTEBOOK])
    except ReportError as error:
        return FoundEdition(tenant, period, folder, digest=None, reason=error.what)


def read_notebook(edition: FoundEdition) -> nbformat.NotebookNode:
    """The executed notebook of a finished edition, all of whose files are those that were made.

    Raises
    ------
    ReportError
        They are not, or the notebook was executed before its period was over.
    """
    where = f"{edition.tenant.id}, {edition.period.key}"
    for name, digest in _receipt(edition.folder).items():
        if not _is(edition.folder / name, digest):
            raise ReportError(
                f"{name} is not the file that was made", where=where, remedy="make the report again"
            )
    notebook = nbformat.read(edition.folder / NOTEBOOK, as_version=4)
    _refuse_unfinished(notebook.metadata.get("papermill", {}), edition)
    return notebook


def _refuse_unfinished(papermill: dict[str, Any], edition: FoundEdition) -> None:
    begun, unfinished = papermill.get("start_time"), papermill.get("parameters", {}).get("unfinished")
    if unfinished and begun and datetime.fromisoformat(begun) < edition.period.end:
        raise ReportError(
            "was made before its period was over",
            where=f"{edition.tenant.id}, {edition.period.key}",
            remedy="make it again without UNFINISHED=1",
        )


def _periods(tenant: Tenant, folder: Path, now: datetime) -> Iterator[Period]:
    for path in folder.iterdir() if folder.is_dir() else ():
        try:
            period = parse_period(path.name, tenant, now)
        except PeriodError:
            continue
        if period.key == path.name:
            yield period


def _receipt(folder: Path) -> dict[str, str]:
    """The digests of a finished edition's files, by name."""
    if not (folder / RECEIPT).is_file():
        raise ReportError("failed: see failed.ipynb" if (folder / FAILED).is_file() else "not made")
    try:
        receipt = json.loads((folder / RECEIPT).read_text(encoding="utf-8"))
        files, held = dict(receipt["files"]), receipt.get("held")
        _ = files[NOTEBOOK]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise ReportError("its receipt cannot be read: make the report again") from None
    if held:
        raise ReportError(f"held: {_listed(held)}")
    return files


def _listed(reasons: str | Iterable[object]) -> str:
    return reasons if isinstance(reasons, str) else "; ".join(map(str, reasons))


def _is(path: Path, digest: str) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == digest
    except OSError:
        return False
