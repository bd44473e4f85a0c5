"""What a run that was killed leaves behind: temporary folders, and processes that its cells had started."""

import hashlib
import os
import secrets
import shutil
import signal
import socket
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

MARK = "TIDINGS_KERNEL"
"""In the environment of a kernel, and so of all that its cells start: whose it is."""

_PROCESSES = Path("/proc")


def new_mark() -> str:
    """A mark for a kernel of this process: its number, and a word of its own."""
    return f"{os.getpid()}-{secrets.token_hex(8)}"


def folder_prefix() -> str:
    """How the names of this process's temporary folders begin; short, since a socket's path has to be."""
    return f"tidings-{_host()}-{os.getpid()}-"


def end_marked(mark: str) -> None:
    """End whatever a kernel's cells started and left running, detached or not."""
    for process, found in _marked():
        if found == mark:
            _end(process)


def sweep() -> None:
    """Remove what processes of this machine left that were killed before they could tidy up themselves."""
    for folder in Path(tempfile.gettempdir()).glob(f"tidings-{_host()}-*"):
        owner = folder.name.split("-")[2]
        if owner.isdigit() and not is_running(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)
    for process, mark in _marked():
        owner = mark.partition("-")[0]
        if owner.isdigit() and not is_running(int(owner)):
            _end(process)


def _host() -> str:
    return hashlib.sha256(socket.gethostname().encode()).hexdigest()[:6]


def _marked() -> Iterator[tuple[int, str]]:
    """The processes that have a mark, as far as this user may know; none where the system does not tell."""
    for entry in _PROCESSES.glob("[0-9]*"):
        with suppress(OSError):
            for line in (entry / "environ").read_bytes().split(b"\0"):
                name, _, value = line.partition(b"=")
                if name == MARK.encode():
                    yield int(entry.name), value.decode("ascii", "replace")


def _end(process: int) -> None:
    if process != os.getpid():
        with suppress(ProcessLookupError, PermissionError):
            os.kill(process, signal.SIGKILL)


def is_running(process: int) -> bool:
    """Whether there is a process of a number on this machine, whoever's it is."""
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:  # it runs, and is another user's
        return True
    return True
