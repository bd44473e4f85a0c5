"""Recipients in a file of their own: a CSV of addresses, and names where they have one."""

import csv
from pathlib import Path

from upath import UPath

from tidings.errors import ParametersError
from tidings.tenants.address import check_address, check_line
from tidings.tenants.file import shown

_LARGEST = 20_000_000
_LONGEST_NAME = 120


def read_recipients(named: str, folder: Path | UPath) -> dict[str, str]:
    """The addresses of a file, each with its name or "", in the order of its lines.

    The first column holds addresses, the second, if there is one, names; a first line without an address is
    taken for their headings. What is empty is passed over.

    Parameters
    ----------
    named : str
        The file, by its path from the project's folder or from that of the parameters.
    folder : Path
        The folder of parameters.

    Raises
    ------
    ParametersError
        There is no such file, or a line of it is wrong.
    """
    try:
        path = next((place for place in (folder.parent / named, folder / named) if place.is_file()), None)
    except OSError:  # No system has files of so long a name.
        path = None
    if path is None or Path(named).is_absolute() or ".." in Path(named).parts:
        raise ParametersError(
            f"there is no file {shown(named)} of recipients",
            where=str(folder.parent),
            remedy="write a CSV of addresses and names there, or a list of addresses in the tenant's file",
        )
    recipients: dict[str, str] = {}
    for number, (address, name) in enumerate(_read_lines(path), start=1):
        if not address or (number == 1 and "@" not in address):
            continue
        try:
            if address in recipients:
                raise ValueError("is there twice")
            recipients[check_address(address)] = _check_name(name)
        except ValueError as error:
            raise ParametersError(
                f"{shown(address)} {error}", where=f"{path}, line {number}", remedy="mend it, or take it out"
            ) from None
    return recipients


def _read_lines(path: Path | UPath) -> list[tuple[str, str]]:
    """The first two cells of each line."""
    try:
        if path.stat().st_size > _LARGEST:
            raise ParametersError(f"has more than {_LARGEST:,} bytes", where=str(path))
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [[*(cell.strip() for cell in row), "", ""] for row in csv.reader(file)]
    except (OSError, UnicodeDecodeError, csv.Error):
        raise ParametersError(
            "cannot be read as a CSV file", where=str(path), remedy="save it as CSV in UTF-8, with commas"
        ) from None
    return [(row[0], row[1]) for row in rows]


def _check_name(name: str) -> str:
    check_line(name)
    if len(name) > _LONGEST_NAME or set(name) & set('<>"'):
        raise ValueError("has a name that no header can hold")
    name.encode()  # refuses what is no text
    return name
