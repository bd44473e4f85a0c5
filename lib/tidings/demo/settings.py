"""What can be chosen about the demo data, and what is said of them afterwards."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tidings.errors import ParametersError

FILE_LIMIT = 1_000_000


@dataclass(frozen=True, kw_only=True)
class DemoSettings:
    """How much data to make, for which weeks; equal settings give equal bytes.

    Attributes
    ----------
    end : datetime.date
        The first local day after the data: the Monday after the last full week.
    messages : int
        Messages to make, met within two percent; above a million they are written as hive partitions.
    weeks : int
        Length of the data, back from ``end``.
    time_zone : str
        IANA name of the zone in which the company's days begin and its agents' shifts are set.
    seed : int
        Another seed gives another history of the same company.
    tenants : int
        Number of tenants that share the tables, told apart by a ``tenant_id`` column and unequal in
        size (the first is the largest); 0 is one company, without that column.

    Raises
    ------
    ParametersError
        A number is out of range or the time zone is unknown.
    """

    end: date
    messages: int = 120_000
    weeks: int = 9
    time_zone: str = "America/Bogota"
    seed: int = 2026
    tenants: int = 0

    def __post_init__(self) -> None:
        for name, least, most in (("messages", 1, 10**11), ("weeks", 1, 520), ("tenants", 0, 9_999)):
            value = getattr(self, name)
            if not least <= value <= most:
                raise ParametersError(
                    f"demo data cannot be made with {name} = {value}",
                    remedy=f"choose a number from {least:,} to {most:,}",
                )
        if self.seed < 0:
            raise ParametersError(f"{self.seed} is no seed", remedy="choose 0 or a larger whole number")
        self.zone  # noqa: B018 - an unknown name is refused here, not halfway through writing

    @property
    def zone(self) -> ZoneInfo:
        try:
            return ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ParametersError(
                f"{self.time_zone!r} is not a known time zone",
                remedy="give an IANA name such as America/Bogota",
            ) from error

    @property
    def hive(self) -> bool:
        """Whether messages are written as one folder a UTC day, instead of in one file."""
        return self.messages > FILE_LIMIT


@dataclass(frozen=True)
class DemoSummary:
    """What was written.

    Attributes
    ----------
    folder : pathlib.Path
        The folder that now holds the tables.
    rows : dict of str to int
        Rows of each table.
    start, end : datetime.datetime
        The half-open span of the messages, in UTC.
    messages_layout : {"file", "hive"}
        ``messages.parquet``, or ``messages/date=YYYY-MM-DD/part-0000.parquet`` by UTC date.
    """

    folder: Path
    rows: dict[str, int]
    start: datetime
    end: datetime
    messages_layout: Literal["file", "hive"]


def last_full_week_end(now: datetime, zone: ZoneInfo) -> date:
    """The Monday on which the running week began in a zone: data up to it end with the last full week."""
    today = now.astimezone(zone).date()
    return today - timedelta(days=today.weekday())
