"""The check of the clock: what is mailed on a wrong day cannot be taken back."""

from datetime import datetime

from tidings.periods.period import Period
from tidings.review.gate.check import Finding, Severity


def check_clock(
    now: datetime, newest_entry: datetime | None, newest_data: datetime | None, period: Period
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
    period : Period
        The longest of the periods that are due.
    """
    if newest_entry and now < newest_entry:
        return Finding(
            f"the clock says {_moment(now)}, before the ledger's last entry of {_moment(newest_entry)}",
            Severity.REFUSE,
            check="clock",
        )
    if newest_data and now - newest_data > 2 * (period.end - period.start):
        return Finding(
            f"the clock says {_moment(now)}, and the newest row of all tenants is of {_moment(newest_data)}, "
            "more than two periods earlier",
            Severity.REFUSE,
            check="clock",
        )
    return None


def _moment(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M} {instant:%Z}"
