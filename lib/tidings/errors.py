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

_NO_CREDENTIALS = (
    "this machine has no credentials for the object store",
    "give it AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile or a role, and so each worker",
)
_UNKNOWN_CREDENTIALS = (
    "the object store does not know these credentials",
    "see whether key and secret are right, and of the store that AWS_ENDPOINT_URL names",
)
_EXPIRED_CREDENTIALS = (
    "the credentials for the object store have expired",
    "renew them, on this machine and on each worker",
)
_NO_RIGHT = (
    "the object store does not let these credentials in",
    "let them list and read there, in outputs also write and remove; or see whether they are right",
)
_NO_ANSWER = (
    "cannot be reached: the object store does not answer",
    "see whether the address is right, in AWS_ENDPOINT_URL too, and the store is up",
)
_STORES = {
    "NoCredentialsError": _NO_CREDENTIALS,
    "PartialCredentialsError": _NO_CREDENTIALS,
    "InvalidAccessKeyId": _UNKNOWN_CREDENTIALS,
    "SignatureDoesNotMatch": _UNKNOWN_CREDENTIALS,
    "InvalidToken": _UNKNOWN_CREDENTIALS,
    "ExpiredToken": _EXPIRED_CREDENTIALS,
    "AccessDenied": _NO_RIGHT,
    "403": _NO_RIGHT,
    "NoSuchBucket": ("there is no such bucket", "make it, or mend the address"),
    "RequestTimeTooSkewed": ("the clock of this machine differs from the object store's", "set it"),
    "EndpointConnectionError": _NO_ANSWER,
    "ConnectTimeoutError": _NO_ANSWER,
}


def trouble_of_store(error: BaseException | None) -> tuple[str, str] | None:
    """What an object store refuses and what to do about it; None of any other error.

    It is known by names, so that no package of a store is loaded. None of the store's own words are in it:
    they may name a key.
    """
    while error is not None:
        answer = getattr(error, "response", None)
        code = answer.get("Error", {}).get("Code") if isinstance(answer, dict) else type(error).__name__
        if code in _STORES:
            return _STORES[code]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return None


def is_of_storage(error: Exception) -> bool:
    """Whether an error is of a disk or of an object store, so that `TidingsError.of_storage` can tell it."""
    return isinstance(error, OSError) or trouble_of_store(error) is not None


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
    def of_storage(cls, error: Exception, where: object) -> Self:
        """What a disk or an object store says of a file or a folder, in place of its own error."""
        if trouble := trouble_of_store(error):
            return cls(trouble[0], where=str(where), remedy=trouble[1])
        name, number, said = (getattr(error, each, None) for each in ("filename", "errno", "strerror"))
        place = name if isinstance(name, str) else where
        remedy = _DISK.get(number or 0, "see that the disk and the folder are there, and have room")
        said = said or " ".join(str(error).split()) or type(error).__name__
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
