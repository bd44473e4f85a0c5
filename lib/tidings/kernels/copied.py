"""A forkserver that is a copy of this process, for one kernel: what both need is imported once."""

import atexit
import gc
import importlib
import os
import socket
import traceback
from multiprocessing import forkserver, resource_tracker
from multiprocessing.connection import arbitrary_address  # type: ignore[attr-defined]
from pathlib import Path

from tidings.notebook.environment import environment_of_kernels

_SHARED = ("tidings.notebook.record", "ibis.backends.duckdb", "jupyter_client.session")
_THREADS = Path("/proc/self/task")


def may_copy() -> bool:
    """Whether a copy of this process is a safe server of kernels.

    It is where the system tells that there is one thread, and where there are no settings of mail: a kernel
    can read what the process that it is a copy of began with.
    """
    return _has_one_thread() and environment_of_kernels().keys() == os.environ.keys()


class CopiedForkServer(forkserver.ForkServer):
    """The standard library's forkserver, begun by a fork of this process in place of a Python of its own."""

    def __init__(self) -> None:
        super().__init__()
        resource_tracker.ensure_running()  # it starts while the other processor is idle, not as the copy does
        gc.disable()  # nothing of what is imported is garbage
        for module in _SHARED:
            importlib.import_module(module)
        gc.freeze()
        gc.enable()

    def ensure_running(self) -> None:
        """Have the server run; should what was imported have started a thread, as a Python of its own."""
        if self._forkserver_pid is None and _has_one_thread():
            self._copy()
        else:
            super().ensure_running()

    def _copy(self) -> None:
        with socket.socket(socket.AF_UNIX) as listener:
            address = arbitrary_address("AF_UNIX")
            listener.bind(address)
            listener.listen()
            alive, far_end = os.pipe()
            gc.freeze()  # so that neither's collector touches, and so copies, what both have
            process = os.fork()
            if process == 0:
                os.close(far_end)
                _serve(listener.detach(), alive, self._preload_modules)  # type: ignore[attr-defined]
            gc.unfreeze()
            os.close(alive)
        self._forkserver_address, self._forkserver_alive_fd = address, far_end
        self._forkserver_pid = process


def _has_one_thread() -> bool:
    return _THREADS.is_dir() and len(os.listdir(_THREADS)) == 1


def _serve(listener: int, alive: int, preload: list[str]) -> None:
    """Be the server until the owner has gone, and nothing that this process was before."""
    atexit._clear()
    try:
        forkserver.main(listener, alive, preload)
    except SystemExit:
        atexit._run_exitfuncs()
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)
