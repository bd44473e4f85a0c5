"""One run at a time: a lock that the system lets go when the process ends, however it ends."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tidings.delivery.errors import Busy

FILE_NAME = "_delivery.lock"


@contextmanager
def sole_run(outputs: Path) -> Iterator[None]:
    """Hold the lock of an outputs folder.

    Raises
    ------
    Busy
        Another process holds it.
    """
    outputs.mkdir(parents=True, exist_ok=True)
    path = outputs / FILE_NAME
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(
                "another run is mailing; this one sent nothing",
                where=str(path),
                remedy="let it finish; what it leaves, the next run sends",
            ) from None
        yield
