"""The kernel server: what kernels are forked from, and a kernel in reserve."""

import itertools
import threading
from contextlib import suppress

from tidings.kernels.forked import Kernel
from tidings.kernels.forking import Address, Forking, join_server, start_server
from tidings.kernels.process import ForkedProcess


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
    shared : Address, optional
        A server with these modules that other processes use too. One of this process takes its place should
        it be gone.
    """

    def __init__(
        self,
        memory_limit: int | None,
        preload: tuple[str, ...],
        *,
        is_for_one: bool = False,
        shared: Address | None = None,
    ):
        self._memory_limit, self._preload, self._is_for_one = memory_limit, preload, is_for_one
        self._shared = shared
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._kernels: set[ForkedProcess] = set()
        self._forking: Forking  # both from `start` on
        self._reserve: ForkedProcess | None

    def start(self) -> None:
        """Begin to import the library, and to make the first kernel, without waiting for either."""
        with self._lock:
            self._start()

    def take(self) -> ForkedProcess:
        """A fresh kernel that nobody else gets."""
        with self._lock:
            if not self._forking.is_alive():
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
        self._forking = self._join() or start_server(self._preload, is_for_one=self._is_for_one)
        self._reserve = self._fork_kernel()

    def _join(self) -> Forking | None:
        shared, self._shared = (
            self._shared,
            None,
        )  # it is not joined again: this is also for when it was killed
        if shared:
            with suppress(OSError):
                return join_server(shared)
        return None

    def _stop(self) -> None:
        while self._kernels:
            self._kernels.pop().discard()
        self._forking.close()

    def _fork_kernel(self) -> ForkedProcess:
        # Only here, where the server is importing already: Jupyter's client takes a tenth of a second.
        from jupyter_client.connect import write_connection_file
        from jupyter_client.session import new_id_bytes

        folder = self._forking.folder / str(next(self._numbers))
        (folder / "tmp").mkdir(parents=True)
        connection_file, _ = write_connection_file(
            str(folder / "kernel.json"), ip=str(folder / "ipc"), transport="ipc", key=new_id_bytes()
        )
        kernel = self._forking.fork(Kernel(connection_file, self._memory_limit), folder)
        self._kernels.add(kernel)
        return kernel
