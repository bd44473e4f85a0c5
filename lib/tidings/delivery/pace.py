"""A pace: no more letters a minute than a server wants."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Watch:
    """What tells and passes the time, in seconds; tests give their own."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


class Pace:
    """Spaces events evenly.

    Parameters
    ----------
    per_minute : float or None
        The most events a minute; None for as many as come.
    """

    def __init__(self, per_minute: float | None, watch: Watch):
        self._gap = 60 / per_minute if per_minute else 0.0
        self._watch = watch
        self._next = watch.now()

    def wait(self) -> None:
        """Return when the next event may be."""
        if (ahead := self._next - self._watch.now()) > 0:
            self._watch.sleep(ahead)
        self._next = max(self._next, self._watch.now()) + self._gap
