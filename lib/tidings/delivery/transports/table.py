"""The transports that there are: a row each."""

from collections.abc import Callable
from pathlib import Path

from tidings.delivery.errors import Misconfigured
from tidings.delivery.settings import PREFIX, Settings
from tidings.delivery.transports.base import Transport
from tidings.delivery.transports.console import Console
from tidings.delivery.transports.outbox import Outbox
from tidings.delivery.transports.smtp import Smtp

TRANSPORTS: dict[str, Callable[[Settings, Path], Transport]] = {
    "outbox": Outbox.from_settings,
    "smtp": Smtp.from_settings,
    "console": Console.from_settings,
}
"""How each is made from the settings and the outputs folder, by the name that TIDINGS_TRANSPORT gives it."""


def make_transport(settings: Settings, outputs: Path) -> Transport:
    """The transport that the settings choose.

    Raises
    ------
    Misconfigured
        There is none of that name, or it lacks a setting.
    """
    if settings.transport not in TRANSPORTS:
        raise Misconfigured(
            "names no transport that there is",
            where=f"{PREFIX}TRANSPORT",
            remedy=f"write one of {', '.join(TRANSPORTS)}",
        )
    return TRANSPORTS[settings.transport](settings, outputs)
