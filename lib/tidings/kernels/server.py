"""The kernel server: a forkserver with the library imported, its private folder, and a kernel in reserve."""

import itertools
import multiprocessing
import os
import pickle
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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


class KernelServer:
    """Forks kernels, the first one ahead of need, and ends them all.

    Parameters
    ----------
    memory_limit : int, optional
        The most data, in bytes, that a kernel may hold.
    preload : tuple of str
        The modules to import before any kernel is forked.
    is_for_one : bool
        Whether it is for one kernel: then none is kept in reserve when that is taken, and the server may be a
        copy of this process.
    """

    def __init__(self, memory_limit: int | None, preload: tuple[str, ...], *, is_for_one: bool = False):
        self._memory_limit, self._preload, self._is_for_one = memory_limit, preload, is_for_one
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._kernels: set[ForkedProcess] = set()
        self._janitor: ForkedProcess  # both from `start` on
        self._reserve: ForkedProcess | None

    def start(self) -> None:
        """Begin to import the library, and to make the first kernel, without waiting for either."""
        with self._lock:
            self._start()

    def take(self) -> ForkedProcess:
        """A fresh kernel that nobody else gets."""
        with self._lock:
            if self._janitor.poll() is not None:  # the forkserver was killed
                self._stop()
                self._start()
            reserve = self._reserve
            taken = reserve if reserve and reserve.poll() is None else self._fork_kernel()
            self._reserve = None if self._is_for_one else self._fork_kernel()
            return taken

    def give_back(self, kernel: ForkedProcess) -> None:
        """End a kernel that was taken, and remove everything of it."""
        with self._lock:
            self._kernels.discard(kernel)
        kernel.discard()

    def close(self) -> None:
        """End every process, and remove the private folder."""
        with self._lock:
            self._stop()

    def _start(self) -> None:
        is_copy = self._is_for_one and may_copy()
        variables = {"MPLBACKEND": INLINE, **environment_of_kernels(), **_SERVER_ENVIRONMENT}
        with _environment(variables):
            self._forkserver = CopiedForkServer() if is_copy else ForkServer()
        self._forkserver.set_forkserver_preload(list(self._preload))
        with _room_for_sockets():
            self._folder = Path(tempfile.mkdtemp(prefix=folder_prefix()))
        variables[FOLDER] = str(self._folder)
        with _socket_in(self._folder), _environment(variables), _out_of_reach_of_interrupts():
            self._forkserver.ensure_running()
        self._janitor = self._fork(Janitor(str(self._folder)))
        self._reserve = self._fork_kernel()

    def _stop(self) -> None:
        while self._kernels:
            self._kernels.pop().discard()
        with suppress(ProcessLookupError):  # it may still be importing, and would first finish that
            os.kill(self._forkserver._forkserver_pid, signal.SIGKILL)  # type: ignore[attr-defined]  # private
        self._forkserver._stop()  # type: ignore[attr-defined]  # private: there is no public way to end it
        shutil.rmtree(self._folder, ignore_errors=True)
        self._janitor.discard()

    def _fork_kernel(self) -> ForkedProcess:
        # Only here, where the server is importing already: Jupyter's client takes a tenth of a second.
        from jupyter_client.connect import write_connection_file
        from jupyter_client.session import new_id_bytes

        folder = self._folder / str(next(self._numbers))
        (folder / "tmp").mkdir(parents=True)
        connection_file, _ = write_connection_file(
            str(folder / "kernel.json"), ip=str(folder / "ipc"), transport="ipc", key=new_id_bytes()
        )
        kernel = self._fork(Kernel(connection_file, self._memory_limit), folder)
        self._kernels.add(kernel)
        return kernel

    def _fork(self, work: Kernel | Janitor, folder: Path | None = None) -> ForkedProcess:
        link, far_end = multiprocessing.Pipe()
        with far_end:
            status, data = self._forkserver.connect_to_new_process([far_end.fileno()])
        with suppress(BrokenPipeError), open(data, "wb") as stream:  # a server just killed: found out later
            pickle.dump({}, stream)  # no preparation: above all, the main module is not run again
            pickle.dump(work, stream)
        return ForkedProcess(status, link, folder)


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
