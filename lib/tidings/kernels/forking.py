"""The process that kernels are forked from: a forkserver with the library imported, and what is its own."""

import multiprocessing
import os
import pickle
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import resource_tracker
from multiprocessing.forkserver import ForkServer
from pathlib import Path
from typing import Any

from tidings.kernels.copied import CopiedForkServer, may_copy
from tidings.kernels.forked import FOLDER, INLINE, Janitor, Kernel
from tidings.kernels.process import ForkedProcess
from tidings.notebook.environment import environment_of_kernels
from tidings.notebook.leftovers import folder_prefix

_SERVER_ENVIRONMENT = {
    "PYTHONSAFEPATH": "1",  # or a file in the working directory could stand in for a module
    "OPENBLAS_NUM_THREADS": "1",  # or NumPy and SciPy start a pool each when they are imported
    "JE_ARROW_MALLOC_CONF": "background_thread:false",  # or Arrow's allocator starts a thread
}

# A socket's address has at most 103 characters on macOS, 107 on Linux; ours take 60 beyond the folder.
_LONGEST_FOLDER = 43


@dataclass(frozen=True)
class Address:
    """Where other processes of this user reach a server.

    Attributes
    ----------
    socket : str
        Its socket.
    key : bytes or None
        What who connects has to know; None before Python 3.14, where the socket's folder alone guards it.
    """

    socket: str
    key: bytes | None = field(repr=False)


class Forking:
    """A server that forks processes, with a private folder for what belongs to them, and its janitor.

    The server is this process's own (`start_server`), or that of another one (`join_server`).

    Attributes
    ----------
    folder : Path
        The folder. When this process dies without having removed it, the janitor does.
    """

    def __init__(self, forkserver: ForkServer, folder: Path):
        self._forkserver, self.folder = forkserver, folder
        self._janitor = self.fork(Janitor(str(folder)))

    @property
    def address(self) -> Address:
        """Where others reach the server."""
        state = vars(self._forkserver)  # private: there is no public way to share one
        return Address(state["_forkserver_address"], state.get("_forkserver_authkey"))

    def is_alive(self) -> bool:
        """Whether the server was not killed."""
        return self._janitor.poll() is None

    def fork(self, work: Kernel | Janitor, folder: Path | None = None) -> ForkedProcess:
        """Have the server fork a process for some work, with a folder that is removed with it."""
        link, far_end = multiprocessing.Pipe()
        with far_end:
            status, data = self._forkserver.connect_to_new_process([far_end.fileno()])
        with suppress(BrokenPipeError), open(data, "wb") as stream:  # a server just killed: found out later
            pickle.dump({}, stream)  # no preparation: above all, the main module is not run again
            pickle.dump(work, stream)
        return ForkedProcess(status, link, folder)

    def close(self) -> None:
        """End the server, if it is this process's own, and remove the folder."""
        if process := self._forkserver._forkserver_pid:  # type: ignore[attr-defined]  # private
            with suppress(ProcessLookupError):  # it may still be importing, and would first finish that
                os.kill(process, signal.SIGKILL)
        self._forkserver._stop()  # type: ignore[attr-defined]  # private: there is no public way to end it
        shutil.rmtree(self.folder, ignore_errors=True)
        self._janitor.discard()


class _JoinedForkServer(ForkServer):
    """The client's end of a forkserver that another process has started, and ends."""

    def __init__(self, address: Address) -> None:
        super().__init__()
        self._forkserver_address, self._forkserver_authkey = address.socket, address.key
        # A forked process is given what keeps its server running, which here only the server's owner may do.
        self._forkserver_alive_fd = os.open(os.devnull, os.O_RDONLY)

    def ensure_running(self) -> None:
        """Have all be there that is needed besides the server, which others have to keep running."""
        resource_tracker.ensure_running()

    def _stop(self) -> None:
        os.close(self._forkserver_alive_fd)


def start_server(preload: tuple[str, ...], *, is_for_one: bool = False) -> Forking:
    """Begin to import the library in a server, without waiting for that.

    Parameters
    ----------
    preload : tuple of str
        The modules to import before anything is forked.
    is_for_one : bool
        Whether one kernel is wanted: then the server may be a copy of this process.
    """
    is_copy = is_for_one and may_copy()
    variables = {"MPLBACKEND": INLINE, **environment_of_kernels(), **_SERVER_ENVIRONMENT}
    with _environment(variables):
        forkserver = CopiedForkServer() if is_copy else ForkServer()
    forkserver.set_forkserver_preload(list(preload))
    folder = _private_folder()
    variables[FOLDER] = str(folder)
    with _socket_in(folder), _environment(variables), _out_of_reach_of_interrupts():
        forkserver.ensure_running()
    return Forking(forkserver, folder)


def join_server(address: Address) -> Forking:
    """Have a server that another process has started fork for this one.

    Raises
    ------
    OSError
        It is gone.
    """
    folder = _private_folder()
    try:
        return Forking(_JoinedForkServer(address), folder)
    except OSError:
        folder.rmdir()
        raise


def _private_folder() -> Path:
    with _room_for_sockets():
        return Path(tempfile.mkdtemp(prefix=folder_prefix()))


@contextmanager
def _room_for_sockets() -> Iterator[None]:
    """Where the folder for temporary files has so long a name that a socket's would not fit, take /tmp."""
    before = tempfile.gettempdir()
    tempfile.tempdir = before if len(os.fsencode(before)) <= _LONGEST_FOLDER else "/tmp"
    try:
        yield
    finally:
        tempfile.tempdir = before


@contextmanager
def _socket_in(folder: Path) -> Iterator[None]:
    """Have the forkserver's socket in a folder: that of multiprocessing may be shared with other processes.

    A process started by multiprocessing inherits its parent's, which is not its own to remove.
    """
    process: Any = multiprocessing.current_process()  # whose settings are private
    settings = process._config
    before = settings.get("tempdir")
    settings["tempdir"] = str(folder)
    try:
        yield
    finally:
        settings["tempdir"] = before


@contextmanager
def _out_of_reach_of_interrupts() -> Iterator[None]:
    """Have what is started not be reached by a Ctrl-C at the terminal, not even before it has begun."""
    resource_tracker.ensure_running()  # which else would be started below, and let interrupts through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(variables)
    for name in before.keys() - variables.keys():  # forks could read it there, whatever theirs is
        del os.environ[name]
    try:
        yield
    finally:
        for name in variables.keys() - before.keys():
            del os.environ[name]
        os.environ.update(before)
