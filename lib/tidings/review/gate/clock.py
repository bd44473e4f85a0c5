"""The check of the clock: what is mailed on a wrong day cannot be taken back."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from tidings.errors import TidingsError
from tidings.periods.period import Period
from tidings.review.gate.check import Finding, Severity
from tidings.sources.source import open_source
from tidings.tenants.tenant import Tenant

_EVENTS = {"messages": "sent_at", "assignments": "assigned_at"}


def check_clock(
    now: datetime, newest_entry: datetime | None, newest_data: datetime | None, period: Period | None
) -> Finding | None:
    """What is wrong with the clock, before anything is mailed by it; None where nothing is.

    It is wrong where it is before what was written down last, or further past the newest row of all tenants
    than two periods.

    Parameters
    ----------
    now : datetime
        The present instant, by the clock.
    newest_entry : datetime or None
        When the ledger was last written to.
    newest_data : datetime or None
        The newest instant of the data of all tenants.
    period : Period or None
        The longest of the periods that are due; None where none is.
    """
    if newest_entry and now < newest_entry:
        return Finding(
            f"the clock says {_moment(now)}, before the ledger's last entry of {_moment(newest_entry)}",
            Severity.REFUSE,
            check="clock",
        )
    if newest_data and period and now - newest_data > 2 * (period.end - period.start):
        return Finding(
            f"the clock says {_moment(now)}, and the newest row of all tenants is of {_moment(newest_data)}, "
            "more than two periods earlier",
            Severity.REFUSE,
            check="clock",
        )
    return None


def find_newest_row(tenants: Iterable[Tenant], root: Path, enough: datetime) -> datetime | None:
    """The newest instant of the tenants' messages and assignments; None where no source has any.

    They are asked one after the other, and no more of them as soon as one has a row after ``enough``. Sources
    that do not answer are passed over: they fail where their reports are made.

    Parameters
    ----------
    root : Path
        The project's folder.
    """
    newest = None
    for tenant in tenants:
        try:
            source = open_source(tenant, root)
            for table, column in _EVENTS.items():
                if not source.has(table):
                    continue
                instants = source.rows(table)[column]
                found = source.fetch(instants.as_table().aggregate(newest=instants.max()))["newest"][0]
                if not pd.isna(found):
                    instant = pd.Timestamp(found).to_pydatetime().replace(tzinfo=UTC)
                    newest = max(newest or instant, instant)
        except TidingsError:
            continue
        if newest and newest > enough:
            break
    return newest


def _moment(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M} {instant:%Z}"
