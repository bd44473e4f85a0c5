"""What stops a whole run, as against what befalls one message; each with an exit status of its own."""

from tidings.errors import DeliveryError


class Misconfigured(DeliveryError):
    """The settings, or the server's view of them, let no message out until someone mends them."""

    exit_status = 2


class SenderRefused(Misconfigured):
    """The server refused one letter, and not for its recipient's sake: others may still go through."""


class LedgerBroken(Misconfigured):
    """The ledger cannot be read or written: what is not written down is not sent."""


class Busy(DeliveryError):
    """Another run holds the ledger."""

    exit_status = 4


class Unreachable(DeliveryError):
    """No connection to the server came about, for a reason that may pass."""

    exit_status = 3
