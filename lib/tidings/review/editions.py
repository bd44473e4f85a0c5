"""The editions that lie in the outputs folder, as a reviewer meets them: finished, held or failed."""

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from upath import UPath

from tidings.errors import ParametersError
from tidings.reports.editions import ReportFiles, find_folders, find_receipt
from tidings.reports.receipt import Decision, Found, Judged
from tidings.tenants.tenant import load_tenant

_PERIOD = re.compile(r"[0-9]{4}-[0-9A-Za-z.-]{2,}")


@dataclass(frozen=True)
class ListedEdition:
    """A tenant's and period's folder.

    Attributes
    ----------
    tenant, period : str
        Their ids.
    files : ReportFiles
        Where its files are.
    digest : str or None
        The SHA-256 of the executed notebook by the receipt; None where nothing is finished.
    held : tuple of str
        Why it is kept back; empty where it is not.
    has_failed : bool
        Whether its last run failed.
    verdict : Judged or None
        What was judged of it; of one that someone released since, a note of that.
    made : frozenset of str
        The names of its finished files.
    """

    tenant: str
    period: str
    files: ReportFiles
    digest: str | None
    held: tuple[str, ...] = ()
    has_failed: bool = False
    verdict: Judged | None = None
    made: frozenset[str] = frozenset()


def list_editions(
    outputs: Path | UPath, periods: Iterable[str] | None = None, parameters: Path | UPath | None = None
) -> list[ListedEdition]:
    """Every edition in a folder of outputs that finished or failed, by tenant and period.

    Parameters
    ----------
    outputs : Path or UPath
        The folder of ``<tenant>/<period>/``.
    periods : iterable of str, optional
        Only these.
    parameters : Path or UPath, optional
        The folder of the tenants' files, by which it is known whose mail waits for a review.
    """
    found = [_look_at(files, parameters) for files in _find_editions(outputs, periods)]
    return sorted(found, key=lambda edition: (edition.tenant, first_day(edition.period)))


def list_newest(outputs: Path | UPath, parameters: Path | UPath | None = None) -> list[ListedEdition]:
    """Each tenant's edition that begins last, as `list_editions` has it; of the others nothing is read."""
    newest: dict[str, ReportFiles] = {}
    for files in sorted(_find_editions(outputs), key=lambda files: first_day(files.folder.name)):
        newest[files.folder.parent.name] = files
    return [_look_at(newest[tenant], parameters) for tenant in sorted(newest)]


def _find_editions(outputs: Path | UPath, periods: Iterable[str] | None = None) -> list[ReportFiles]:
    return [files for files in find_folders(outputs, periods) if _PERIOD.fullmatch(files.folder.name)]


@cache
def first_day(period: str) -> tuple[date, str]:
    """By what periods are put in order, whoever's they are: the first day, roughly, then the name."""
    week = re.match(r"([0-9]{4})-W([0-9]{2})", period)
    parts = re.match(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2})|([ab]))?", period)
    try:
        if week:
            return date.fromisocalendar(int(week[1]), int(week[2]), 1), period
        if parts:
            return date(int(parts[1]), int(parts[2]), int(parts[3] or (16 if parts[4] == "b" else 1))), period
    except ValueError:
        pass
    return date.min, period


@cache
def kind(period: str) -> str:
    """What periods of one length have in common, so that they can stand in one series: ``0000-W00``."""
    return re.sub("[0-9]", "0", period.replace("b", "a"))


def _look_at(files: ReportFiles, parameters: Path | UPath | None) -> ListedEdition:
    tenant, period, has_failed = files.folder.parent.name, files.folder.name, files.failed.exists()
    receipt = find_receipt(files)
    if receipt is None:  # or none that can be read: it is not finished
        return ListedEdition(tenant, period, files, None, has_failed=has_failed)
    digest, made = receipt.files[files.notebook.name], frozenset(receipt.files)
    if receipt.approved is None or not receipt.is_approved(digest):
        held = receipt.held
        if parameters and receipt.verdict and receipt.verdict.state == "review":  # else the file says no more
            with suppress(ParametersError):
                held = receipt.list_reasons(digest, load_tenant(tenant, parameters))
        return ListedEdition(tenant, period, files, digest, held, has_failed, receipt.verdict, made)
    verdict = _say_approved(receipt.approved, receipt.verdict)
    return ListedEdition(tenant, period, files, digest, (), has_failed, verdict, made)


def _say_approved(approved: Decision, verdict: Judged | None) -> Judged:
    """What was judged of an edition that someone released since: nothing but a note, and who did."""
    release = Found(check="approved", sentence=f"{approved.why} ({approved.by}, {approved.at[:10]})")
    return Judged(state="note", findings=(release, *(verdict.findings if verdict else ())))
