"""The editions that lie in the outputs folder, as a reviewer meets them: finished, held or failed."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from upath import UPath

from tidings.reports.editions import FAILED, NOTEBOOK, RECEIPT

_PERIOD = re.compile(r"[0-9]{4}-[0-9A-Za-z.-]{2,}")


@dataclass(frozen=True)
class ListedEdition:
    """A tenant's and period's folder.

    Attributes
    ----------
    tenant, period : str
        Their ids.
    folder : Path or UPath
        Where its files are.
    digest : str or None
        The SHA-256 of the executed notebook by the receipt; None where nothing is finished.
    held : tuple of str
        Why it is kept back; empty where it is not.
    has_failed : bool
        Whether its last run failed.
    verdict : object
        What the receipt says that was judged of it: a mapping, see `tidings.review.standing.read_standing`.
    """

    tenant: str
    period: str
    folder: Path | UPath
    digest: str | None
    held: tuple[str, ...] = ()
    has_failed: bool = False
    verdict: object = None

    @property
    def notebook(self) -> Path | UPath:
        """The executed notebook of the last run that finished."""
        return self.folder / NOTEBOOK

    @property
    def failed_notebook(self) -> Path | UPath:
        """The notebook of the last run, where that failed."""
        return self.folder / FAILED


def list_editions(outputs: Path | UPath, periods: Iterable[str] | None = None) -> list[ListedEdition]:
    """Every edition in a folder of outputs that finished or failed, by tenant and period.

    Parameters
    ----------
    outputs : Path or UPath
        The folder of ``<tenant>/<period>/``.
    periods : iterable of str, optional
        Only these.
    """
    folders = find_folders(outputs, periods)
    return sorted(map(_look_at, folders), key=lambda edition: (edition.tenant, first_day(edition.period)))


def list_newest(outputs: Path | UPath) -> list[ListedEdition]:
    """Each tenant's edition that begins last; of the others nothing is read."""
    newest: dict[str, Path | UPath] = {}
    for folder in sorted(find_folders(outputs), key=lambda folder: first_day(folder.name)):
        newest[folder.parent.name] = folder
    return [_look_at(newest[tenant]) for tenant in sorted(newest)]


def find_folders(outputs: Path | UPath, periods: Iterable[str] | None = None) -> set[Path | UPath]:
    """The folders in which an edition finished or failed."""
    patterns = ("*",) if periods is None else tuple(sorted(set(periods)))
    return {
        path.parent
        for period in patterns
        for name in (RECEIPT, FAILED)
        for path in outputs.glob(f"*/{period}/{name}")
        if _PERIOD.fullmatch(path.parent.name)
    }


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


def _look_at(folder: Path | UPath) -> ListedEdition:
    digest, held, verdict = None, (), None
    try:
        receipt = json.loads((folder / RECEIPT).read_text(encoding="utf-8"))
        digest, held = str(receipt["files"][NOTEBOOK]), tuple(_reasons(receipt.get("held")))
        verdict = receipt.get("verdict")
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass  # there is none, or none that can be read: it is not finished
    has_failed = (folder / FAILED).exists()
    return ListedEdition(folder.parent.name, folder.name, folder, digest, held, has_failed, verdict)


def _reasons(held: object) -> Iterator[str]:
    if isinstance(held, str):
        yield held
    elif isinstance(held, list):
        yield from map(str, held)
