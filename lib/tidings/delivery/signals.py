"""Requests to end, put off for as long as a message is on its way."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_REQUESTS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def hold_signals() -> Iterator[None]:
    """Hold Ctrl-C and the system's request to end until the block is left, and obey it then.

    A run that is asked to end so leaves no delivery uncertain; asked twice, it ends at once. Elsewhere than
    in the main thread, to which signals go, nothing is held.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    requests: list[int] = []

    def hold(number: int, frame: FrameType | None) -> None:
        if requests:
            _restore(before)
            signal.raise_signal(number)
        requests.append(number)

    before = {number: signal.signal(number, hold) for number in _REQUESTS}
    try:
        yield
    finally:
        _restore(before)
        for number in requests:
            signal.raise_signal(number)


def _restore(handlers: dict) -> None:
    for number, handler in handlers.items():
        signal.signal(number, handler)
