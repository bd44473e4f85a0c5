"""The present instant: the only place where the clock is read."""

import os
from datetime import UTC, datetime

from tidings.errors import ParametersError

VARIABLE = "TIDINGS_NOW"
YEARS = range(1970, 2200)
"""The years in which instants and periods may lie."""


def now() -> datetime:
    """The present instant in UTC, or the one that the environment variable ``TIDINGS_NOW`` fixes.

    The variable holds an ISO 8601 instant with its offset (``2026-11-16T06:00:00Z``), or a date, which means
    its first instant in UTC. Fixing it lets a past edition be made again.

    Raises
    ------
    ParametersError
        If the variable holds anything else.
    """
    fixed = os.environ.get(VARIABLE, "").strip()
    return _instant(fixed) if fixed else datetime.now(UTC)


def _instant(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        if len(text) <= len("2026-11-16"):
            moment = moment.replace(tzinfo=UTC)
        if moment.tzinfo is not None and moment.year in YEARS:
            return moment.astimezone(UTC)
    except ValueError:
        pass
    raise ParametersError(
        f"{text[:80]!r} is not an instant between {YEARS[0]} and {YEARS[-1]}",
        where=f"environment variable {VARIABLE}",
        remedy="write an instant with its offset (2026-11-16T06:00:00Z) or a date (2026-11-16), or unset it",
    )
