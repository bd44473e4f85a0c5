"""Warm kernels: each forked, in milliseconds, from a server that has imported the library once.

    with warm_kernels() as warm:
        papermill.execute_notebook(source, target, parameters, **warm)

Papermill, nbclient and the notebook stay as they are: ``warm`` is nothing but arguments of nbclient's client,
a kernel's name, a kernel manager and how to shut down. Leave it out, and the same call starts a plain kernel.

Several processes, such as the workers of a batch, may have their kernels from one server: one of them, or who
started them, keeps it (`shared_server`), and tells the others its address.

`one_kernel` is the same for one notebook. What the owner and its server both need is imported once: the
server is a copy of the owner (`copied`), which imports on another processor what kernels need besides.
Nothing is rehearsed, for there is no second kernel to gain by it.

Who is who
----------
The *owner* is the process that called `warm_kernels`. It starts a *server*, or joins one that it is told of:
the standard library's forkserver, with the library imported (`preload`) and a report rehearsed (`rehearsed`).
The server forks *kernels* (`forked`), one of them ahead of each owner's need: it has initialised IPython, and
waits for the notebook it is for, to take that one's working directory and environment. A *janitor* of each
owner, forked too, does nothing until the owner dies without having tidied up.

Why the fork is safe
--------------------
A fork copies only the thread that calls it, so a lock held by another thread stays locked in the copy for
ever, and a descriptor in the copy is the same open file. At the fork the server has neither:

- one thread: the forkserver's loop. Libraries that start threads when they are imported are told not to
  (`forking`): OpenBLAS, so that kernels compute on one thread each, and Arrow's allocator;
- no connection: DuckDB starts its threads when one is opened, which only a kernel does. No ZeroMQ context,
  event loop or IPython shell exists before the fork;
- no socket but the forkserver's own, which the standard library closes in the copy; and no file but fonts,
  which matplotlib closes in the copy: two processes that read one open file would lose their places in it.

The owner of one kernel is no different where it is copied: it is seen to have one thread, it has met no
kernel yet, and it began without settings of mail, which a copy could read where the system keeps what a
process began with. Where one of these does not hold, as in a larger program or on macOS, its server is a
Python of its own.

The tests look at a server's threads, sockets and files, and at a kernel's. State that a fork would share is
renewed in the kernel: NumPy's global random state (Python renews its own), the environment, the time zone,
the folder for temporary files. The owner's main module is not run again in the kernel, as `multiprocessing`
would.

What is left behind
-------------------
Nothing. Sockets, connection files and temporary files are in one folder that only its user may enter, and no
TCP port is opened. A finished kernel is killed, not asked to leave: its notebook is complete, and files that
it should have closed itself are not flushed. When the owner dies, however it dies, its end of a connection to
each kernel closes, on which the kernel exits, and the janitor removes the folder.
"""

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tidings.kernels.forking import Address, start_server
from tidings.kernels.server import KernelServer

LIBRARY = ("tidings.kernels.preload",)
_REHEARSED = ("tidings.kernels.rehearsed",)


@contextmanager
def warm_kernels(
    memory_limit: int | None = None,
    preload: tuple[str, ...] = _REHEARSED,
    shared: Address | None = None,
) -> Iterator[dict[str, Any]]:
    """Keep a kernel server, and give what Papermill or nbclient needs to take kernels from it.

    It may be used from several threads at once, and each notebook gets a kernel that none had before. Where
    the system cannot fork, as on Windows, kernels start plainly.

    Parameters
    ----------
    memory_limit : int, optional
        The most data, in bytes, that a kernel may hold (``RLIMIT_DATA``). Beyond it an allocation fails,
        which is a ``MemoryError`` in a cell, or the kernel's death.
    preload : tuple of str
        The modules that are imported once, before any kernel starts.
    shared : Address, optional
        The server that another process keeps (`shared_server`), with the same modules. Without it, or should
        it be gone, this process keeps its own.

    Yields
    ------
    dict
        Keyword arguments for ``papermill.execute_notebook`` or ``nbclient.NotebookClient``.
    """
    with _served(KernelServer(memory_limit, preload, shared=shared)) as kernel:
        yield kernel


@contextmanager
def shared_server(preload: tuple[str, ...] = _REHEARSED) -> Iterator[Address | None]:
    """Keep a server for the warm kernels of several processes, and give its address.

    It imports the library and rehearses a report once for all of them. None where the system cannot fork.

    Parameters
    ----------
    preload : tuple of str
        The modules that are imported once, before any kernel starts.
    """
    if not _can_fork():
        yield None
        return
    server = start_server(preload)
    try:
        yield server.address
    finally:
        server.close()


@contextmanager
def one_kernel() -> Iterator[dict[str, Any]]:
    """Have one kernel get ready in the background, and give what Papermill needs to take it.

    Yields
    ------
    dict
        As `warm_kernels` does; a second notebook gets a kernel too, which is forked when it is asked for.
    """
    with _served(KernelServer(None, LIBRARY, is_for_one=True)) as kernel:
        yield kernel


@contextmanager
def _served(server: KernelServer) -> Iterator[dict[str, Any]]:
    if not _can_fork():
        yield {"kernel_name": "python3"}
        return
    server.start()
    try:
        # Only here: to import Jupyter's client takes a tenth of a second, in which the server imports too.
        from tidings.kernels.manager import KERNEL_NAME, WarmKernelManager

        manager = type("ServedKernelManager", (WarmKernelManager,), {"server": server})
        yield {"kernel_name": KERNEL_NAME, "kernel_manager_class": manager, "shutdown_kernel": "immediate"}
    finally:
        server.close()


def _can_fork() -> bool:
    return "forkserver" in multiprocessing.get_all_start_methods()
