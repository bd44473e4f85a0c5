"""The one family of errors: each says what is wrong, where, and how to mend it."""

import errno
from typing import Self

_DISK = {
    errno.ENOSPC: "make room on that disk",
    errno.EDQUOT: "make room, or have this user's quota raised",
    errno.EROFS: "name a folder on a disk that can be written",
    errno.EACCES: "let this user read and write there",
    errno.EPERM: "let this user read and write there",
    errno.EIO: "have that disk looked at",
}


class TidingsError(Exception):
    """Something a user can mend; shown to them without a traceback.

    Parameters
    ----------
    what : str
        What is wrong, in one sentence without a full stop.
    where : str, optional
        The file, table, column or row in which it is wrong.
    remedy : str, optional
        What to do about it.

    Attributes
    ----------
    exit_status : int
        What a command ends with that it stops.
    """

    exit_status = 1

    def __init__(self, what: str, *, where: str | None = None, remedy: str | None = None):
        super().__init__(what, where, remedy)
        self.what, self.where, self.remedy = what, where, remedy

    @classmethod
    def of_disk(cls, error: OSError, where: object) -> Self:
        """What the system says of a file or a folder, in place of its own error."""
        place = error.filename if isinstance(error.filename, str) else where
        remedy = _DISK.get(error.errno or 0, "see that the disk and the folder are there, and have room")
        said = error.strerror or " ".join(str(error).split()) or type(error).__name__
        return cls(f"cannot be read or written: {said}", where=str(place), remedy=remedy)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        mend = f"\n  To mend it: {self.remedy}" if self.remedy else ""
        return f"{place}{self.what}{mend}"


class ParametersError(TidingsError):
    """A tenant's parameters are missing, unreadable or wrong."""


class UsageError(ParametersError):
    """What a user asked for cannot even be begun."""

    exit_status = 2


class PeriodError(TidingsError):
    """A period's name is not understood, or the period cannot be reported on yet."""


class SourceError(TidingsError):
    """A source cannot be reached or read."""


class ContractError(SourceError):
    """A source was read, and its data break the data contract."""


class MetricError(TidingsError):
    """A metric is declared wrongly, or computed numbers contradict each other: none of them may be shown."""


class ChartError(TidingsError):
    """A chart was given what it cannot show."""


class ReportError(TidingsError):
    """An edition could not be executed, rendered or written."""


class DeliveryError(TidingsError):
    """A message could not be made or delivered."""
