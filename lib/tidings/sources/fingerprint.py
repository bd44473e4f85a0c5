"""Whether a tenant's data have changed, found without opening an engine."""

from datetime import date
from hashlib import sha256
from pathlib import Path

from tidings.sources.folder import TableFolder
from tidings.sources.location import Location
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
    if location.scheme not in TableFolder.SCHEMES:
        return None
    with location.failures_in_words():
        folder = TableFolder.open(location, root)
        if tenant.mapping is None:
            return folder.fingerprint(tenant.id, last)
        mapping = root / tenant.mapping
        text = mapping.read_bytes() if mapping.is_file() else b""
        return [*folder.fingerprint_of_all(), [tenant.mapping, sha256(text).hexdigest()]]
