"""What a report is made from, so that it is made again only when any of that has changed."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from tidings.project import project_folder
from tidings.reports.editions import digest
from tidings.reports.order import Order, Request, locate_layout
from tidings.sources.fingerprint import fingerprint as data_fingerprint


def ingredients(request: Request, order: Order) -> dict[str, Any]:
    """What a report is made from, mostly as SHA-256 digests; ``data`` is None where its source cannot tell.

    Raises
    ------
    ParametersError
        The tenant's notebook is not there.
    SourceError
        There is no such source.
    """
    root = project_folder()
    data = data_fingerprint(order.tenant, root, order.period.last)
    logo = root / order.tenant.brand.logo if order.tenant.brand.logo else None
    return {
        "period": order.period.key,
        "unfinished": request.unfinished,
        "until": order.period.until.isoformat() if order.period.until else None,
        "parameters": digest(request.parameters / f"{order.tenant.id}.yaml"),
        "notebook": digest(locate_layout(request, order.tenant)),
        "library": _library_digest(),
        "logo": digest(logo) if logo and logo.is_file() else None,
        "data": None if data is None else _json_digest(data),
    }


def fingerprint(made_of: dict[str, Any]) -> str | None:
    """What changes when any of a report's ingredients changes; None where its source cannot tell."""
    return None if made_of["data"] is None else _json_digest(made_of)


def _json_digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


@cache
def _library_digest() -> str:
    here = Path(__file__).parents[1]
    files = sorted(path for path in here.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    lines = (f"{path.relative_to(here)} {digest(path)}\n" for path in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()
