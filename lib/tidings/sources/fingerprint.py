"""Whether a tenant's data have changed, found without opening an engine."""

from datetime import date
from hashlib import sha256
from pathlib import Path

from upath import UPath

from tidings.sources.folder import TableFolder, stamp
from tidings.sources.location import SQLITE, Location
from tidings.tenants.tenant import Tenant


def fingerprint(tenant: Tenant, root: Path, last: date) -> list[list] | None:
    """What changes when a tenant's data up to a local day change.

    None where the source cannot tell, as a database cannot.

    Raises
    ------
    SourceError
        There is no such folder, or it cannot be listed.
    """
    location = Location.of(tenant.source)
    if location.scheme == SQLITE:
        return [*_of_sqlite(location.sqlite_file(root)), *_of_mapping(tenant, root)]
    if location.scheme not in TableFolder.SCHEMES:
        return None
    with location.failures_in_words():
        folder = TableFolder.open(location, root)
        if tenant.mapping is None:
            return folder.fingerprint(tenant.id, last)
        return [*folder.fingerprint_of_all(), *_of_mapping(tenant, root)]


def _of_sqlite(file: Path) -> list[list]:
    """The file, and the log beside it, in which the newest changes may be; none of what is not there."""
    paths = (file, file.with_name(f"{file.name}-wal"))
    return [[str(path), *stamp(UPath(path))] for path in paths if path.is_file() and path.stat().st_size]


def _of_mapping(tenant: Tenant, root: Path) -> list[list]:
    mapping = root / (tenant.mapping or "")
    text = mapping.read_bytes() if mapping.is_file() else b""
    return [[tenant.mapping, sha256(text).hexdigest()]]
