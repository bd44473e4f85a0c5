"""What runs in a process forked from the kernel server: a kernel, or the janitor."""

import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tidings.kernels.application import KernelApplication

_ROOM_TO_START = 100_000_000
INLINE = "module://matplotlib_inline.backend_inline"
FOLDER = "TIDINGS_KERNELS_FOLDER"  # in the server's environment, its private folder


@dataclass(frozen=True)
class Surroundings:
    """Where a kernel finds itself when it is handed over: its working directory and environment."""

    directory: str
    environment: dict[str, str]

    def enter(self) -> None:
        """Make this process's surroundings these, and none that it was forked with."""
        os.environ.clear()
        os.environ.update(self.environment)
        os.environ.setdefault("MPLBACKEND", INLINE)
        time.tzset()
        tempfile.tempdir = None
        os.chdir(self.directory)


@dataclass(frozen=True)
class Kernel:
    """An IPython kernel that gets ready, says so, waits to be handed over, and then serves.

    Parameters
    ----------
    connection_file : str
        Jupyter's connection file: the sockets to bind and the key to sign with.
    memory_limit : int, optional
        The most data, in bytes, that the kernel may hold.
    """

    connection_file: str
    memory_limit: int | None = None

    def _bootstrap(self, parent_sentinel: int) -> int:
        """Run; the name and the parameter are what ``multiprocessing.spawn`` calls."""
        os.close(parent_sentinel)
        os.setsid()  # a Ctrl-C at the terminal is for the owner, which then ends its kernels itself
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})  # by which the owner interrupts a cell
        owner = _link_to_owner()
        if not os.path.exists(self.connection_file):  # the owner is dead already; Jupyter would open ports
            return 1
        if self.memory_limit is not None and self.memory_limit < (least := _least_limit()):
            owner.send(least)
            return 1
        _limit_data(self.memory_limit)
        _reseed()
        application = self._application()
        surroundings = _handed_over(owner)
        if surroundings is None:
            return 1
        surroundings.enter()
        threading.Thread(target=_exit_with, args=(owner,), daemon=True).start()
        application.start()
        return 0

    def _application(self) -> "KernelApplication":
        from traitlets.config import Config

        from tidings.kernels.application import KernelApplication

        # as its parent counts init, which never dies: the owner is watched over the link instead
        application = KernelApplication.instance(
            parent_handle=1,
            connection_file=self.connection_file,
            config=Config(HistoryManager={"enabled": False}),
        )
        application.initialize()
        return application


@dataclass(frozen=True)
class Janitor:
    """Removes what the owner leaves behind when it dies without a chance to tidy up.

    Parameters
    ----------
    folder : str
        The server's private folder.
    """

    folder: str

    def _bootstrap(self, parent_sentinel: int) -> int:
        """Wait for the owner's end; the name and the parameter are what ``multiprocessing.spawn`` calls."""
        os.close(parent_sentinel)
        os.setsid()
        for signum in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
            signal.signal(signum, signal.SIG_IGN)  # which a whole group gets at once; its work begins then
        _wait_for_end(_link_to_owner())
        self._tidy_up()
        return 0

    def _tidy_up(self) -> None:
        for _ in range(40):  # two seconds, in which a kernel that is just starting may still make a file
            shutil.rmtree(self.folder, ignore_errors=True)
            time.sleep(0.05)


def _link_to_owner() -> Connection:
    descriptors = forkserver.get_inherited_fds()
    assert descriptors, "the server sends the link's descriptor to each process that it forks"
    return Connection(descriptors[0])


def _handed_over(owner: Connection) -> Surroundings | None:
    """What the kernel is handed over to, waited for; None if the owner dies before that."""
    try:
        owner.send("ready")
        return owner.recv()
    except (EOFError, OSError):
        return None


def _wait_for_end(owner: Connection) -> None:
    with suppress(EOFError, OSError):
        owner.recv()


def _exit_with(owner: Connection) -> None:
    _wait_for_end(owner)
    os._exit(1)


def _least_limit() -> int:
    """The least limit in bytes under which a kernel can start; 0 where the system does not tell."""
    with suppress(OSError, StopIteration, ValueError):
        lines = Path("/proc/self/status").read_text().splitlines()
        data = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmData:"))
        return -(-(data + _ROOM_TO_START) // 1_000_000) * 1_000_000
    return 0


def _limit_data(limit: int | None) -> None:
    if limit is not None:
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def _reseed() -> None:
    """Give NumPy's global generator a state of its own: unlike Python's, it is the same in every fork."""
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()
