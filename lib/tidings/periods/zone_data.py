"""Which version of the time zones' rules is in use: governments change them several times a year."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from zoneinfo import TZPATH


def zone_data_version(zone: str) -> str | None:
    """The version of the data in which a zone is found, such as ``2026a``; None where nothing says it.

    Parameters
    ----------
    zone : str
        An IANA name. It is looked for as `zoneinfo.ZoneInfo` does it: in the system's data, then in the
        package tzdata.
    """
    for folder in map(Path, TZPATH):
        if (folder / zone).is_file():
            return _system_version(folder)
    try:
        return version("tzdata")
    except PackageNotFoundError:
        return None


def _system_version(folder: Path) -> str | None:
    """What ``tzdata.zi`` says in its first line (``# version 2026a``), or the file ``+VERSION`` holds."""
    for name in ("tzdata.zi", "+VERSION"):
        try:
            with (folder / name).open(encoding="utf-8") as file:
                return file.readline().removeprefix("# version ").strip()
        except (OSError, UnicodeDecodeError):
            continue
    return None
