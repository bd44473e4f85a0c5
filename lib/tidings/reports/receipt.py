"""Receipts: what a report was made from, so that it is made again only when any of that has changed."""

import hashlib
import json
from functools import cache
from pathlib import Path

from upath import UPath

from tidings.project import project_folder
from tidings.reports.order import Job
from tidings.sources.fingerprint import fingerprint as data_fingerprint

RECEIPT = "edition.json"


def fingerprint(job: Job) -> str | None:
    """What changes when anything that a report is made of changes; None where its source cannot tell.

    Raises
    ------
    SourceError
        There is no such source.
    """
    root = project_folder()
    data = data_fingerprint(job.tenant, root, job.period.last)
    if data is None:
        return None
    logo = root / job.tenant.brand.logo if job.tenant.brand.logo else None
    made_of = {
        "period": job.period.key,
        "unfinished": job.order.unfinished,
        "parameters": digest(job.order.parameters / f"{job.tenant.id}.yaml"),
        "notebook": digest(job.order.notebook),
        "library": _library_digest(),
        "logo": digest(logo) if logo and logo.is_file() else None,
        "data": data,
    }
    return hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()


def write_receipt(receipt: Path, files: Path | UPath, digests: dict[str, str], made_from: str | None) -> None:
    """Write a receipt for the finished files in a folder.

    Parameters
    ----------
    receipt : Path
        Where it is written.
    files : Path or UPath
        The folder in which the files have their place already.
    digests : dict
        The `digest` of each file, by its name.
    made_from : str or None
        Their `fingerprint`.
    """
    about = {
        "fingerprint": made_from,
        "files": digests,
        "stamps": {name: _stamp(files / name) for name in digests},
    }
    receipt.write_text(json.dumps(about, indent=1), encoding="utf-8")


def is_up_to_date(folder: Path | UPath, made_from: str | None) -> bool:
    """Whether a folder's receipt has this fingerprint, and its files are as the receipt found them."""
    try:
        receipt = json.loads((folder / RECEIPT).read_text(encoding="utf-8"))
        same = receipt["fingerprint"] == made_from is not None
        return same and all(_stamp(folder / name) == stamp for name, stamp in receipt["stamps"].items())
    except (OSError, ValueError, KeyError):
        return False


@cache
def _library_digest() -> str:
    here = Path(__file__).parents[1]
    files = sorted(path for path in here.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    lines = (f"{path.relative_to(here)} {digest(path)}\n" for path in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def digest(path: Path | UPath) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _stamp(path: Path | UPath) -> list:
    """A file's size and the time of its last change: far quicker to look at than its content."""
    info = path.stat()
    return [info.st_size, str(getattr(info, "st_mtime_ns", None) or info.st_mtime)]
