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
from tidings.parameters import Tenant
from tidings.period import Period, parse_period
from tidings.report import FAILED, NOTEBOOK, RECEIPT


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
        The SHA-256 of the executed notebook, None where the edition may not be mailed.
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


def found_editions(tenant: Tenant, outputs: Path, now: datetime) -> list[FoundEdition]:
    """The editions of a tenant that have a folder, in the order of their periods."""
    periods = sorted(_periods(tenant, outputs / tenant.id, now), key=lambda period: (period.end, period.key))
    return [find_edition(tenant, period, outputs) for period in periods]


def find_edition(tenant: Tenant, period: Period, outputs: Path) -> FoundEdition:
    """The edition of one period, whether or not it was made."""
    folder = outputs / tenant.id / period.key
    try:
        return FoundEdition(tenant, period, folder, digest=_checked(folder))
    except ReportError as error:
        return FoundEdition(tenant, period, folder, digest=None, reason=error.what)


def read_notebook(edition: FoundEdition) -> nbformat.NotebookNode:
    """The executed notebook of a finished edition.

    Raises
    ------
    ReportError
        It is not the one that was checked, or was executed before its period was over.
    """
    text = (edition.folder / NOTEBOOK).read_bytes()
    if hashlib.sha256(text).hexdigest() != edition.digest:
        raise ReportError("was made anew meanwhile", where=str(edition.folder), remedy="run make mail again")
    notebook = nbformat.reads(text.decode("utf-8"), as_version=4)
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


def _checked(folder: Path) -> str:
    """The digest of the notebook in a folder whose receipt holds for all its files."""
    if not (folder / RECEIPT).is_file():
        raise ReportError("failed: see failed.ipynb" if (folder / FAILED).is_file() else "not made")
    try:
        receipt = json.loads((folder / RECEIPT).read_text(encoding="utf-8"))
        files = dict(receipt["files"])
        if held := receipt.get("held"):
            raise ReportError(f"held: {_listed(held)}")
        if NOTEBOOK not in files or any(_digest(folder / name) != digest for name, digest in files.items()):
            raise ReportError("its files are not those that were made: make the report again")
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise ReportError("its receipt cannot be read: make the report again") from None
    return files[NOTEBOOK]


def _listed(reasons: str | Iterable[object]) -> str:
    return reasons if isinstance(reasons, str) else "; ".join(map(str, reasons))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
