"""The origin of a report: what it takes to make it once more, as its executed notebook records it."""

import subprocess
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tidings.periods.zone_data import zone_data_version
from tidings.project import project_folder
from tidings.reports.order import Order

_FOR_NO_READER = {
    "recipients",
    "names",
    "source",
}  # who gets it is nobody else's, and an address may hold a secret


def origin(order: Order, made_of: dict[str, Any]) -> dict[str, Any]:
    """What a report comes from, as plain values.

    Parameters
    ----------
    order : Order
        Whose report, and of when.
    made_of : dict
        Its `tidings.reports.fingerprint.ingredients`.

    Returns
    -------
    dict
        ``version`` and ``library``, the library's number and digest; ``revision`` of the project in git, or
        None; ``notebook``, the digest of the master; ``parameters`` of the tenant, but neither recipients nor
        source; ``source``, the fingerprint of its data, None where it cannot tell; ``period``; ``zone_data``,
        the version of the time zones' rules. ``engine`` and ``engine_version`` are added in the kernel.
    """
    return {
        "version": version("tidings"),
        "library": made_of["library"],
        "revision": _revision(project_folder()),
        "notebook": made_of["notebook"],
        "parameters": order.tenant.model_dump(mode="json", exclude=_FOR_NO_READER),
        "source": made_of["data"],
        "period": order.period.key,
        "zone_data": zone_data_version(order.tenant.time_zone),
    }


@cache
def _revision(root: Path) -> str | None:
    """The commit of the project's folder, with ``-dirty`` where files that git knows have changed since."""
    command = [
        "git",
        "--no-optional-locks",
        "-C",
        str(root),
        "describe",
        "--always",
        "--abbrev=40",
        "--exclude=*",
        "--dirty",
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):  # no git, or no repository
        return None
    return done.stdout.strip()
