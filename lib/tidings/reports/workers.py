"""Workers: processes, of this machine or of a Dask cluster, in which editions are made."""

import atexit
import logging
import multiprocessing.util
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cache, partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from time import perf_counter
from typing import TYPE_CHECKING, Any, cast

import tidings.notebook.lean  # noqa: F401  before anything that imports jsonschema
from tidings.errors import UsageError
from tidings.kernels import Address, shared_server, warm_kernels
from tidings.reports.batch import EditionOutcome, Workers
from tidings.reports.order import Request
from tidings.reports.report import make_report

if TYPE_CHECKING:
    from tidings.reports.render import Judge

_server: Address | None = None  # in a worker process, the one from which all workers have their kernels

_SECONDS_TO_STOP = 5
_SECONDS_TO_CONNECT = 5


@dataclass(frozen=True)
class Share:
    """What the kernel of one edition may take of its machine.

    Attributes
    ----------
    memory : int or None
        The most data, in bytes, that it may hold. Half of that is the embedded engine's, which then spills
        to disk. None: no limit.
    of : int or None
        How many kernels share the machine: each one's engine gets its part of the processors, and of the
        memory if that has no limit. None: not known, so that the engine takes one thread.
    """

    memory: int | None = None
    of: int | None = None

    @property
    def environment(self) -> dict[str, str]:
        """The share as the embedded engine reads it."""
        threads = {"TIDINGS_THREADS": str(max(_processors() // self.of, 1) if self.of else 1)}
        if self.memory:
            return threads | {"TIDINGS_MEMORY_LIMIT": f"{self.memory // 2}B"}
        return threads | ({"TIDINGS_MEMORY_LIMIT": f"{max(80 // self.of, 1)}%"} if self.of else {})


def make_edition(request: Request, share: Share, judge: "Judge | None" = None) -> EditionOutcome:
    """Make one edition in this process, whose kernels are warm; whatever goes wrong is its outcome.

    What the environment says of the embedded engine goes before its share. The judge is that of
    `tidings.reports.report.make_report`.
    """
    begun = perf_counter()
    for name, value in share.environment.items():
        os.environ.setdefault(name, value)
    try:
        report = make_report(request, _kernels(share.memory), judge)
    except Exception as error:
        return EditionOutcome.of_error(request, error, begun)
    return EditionOutcome.of_report(request, report, begun)


def local_workers(jobs: int | None, memory_limit: int | None, judge: "Judge | None" = None) -> Workers:
    """Worker processes of this machine, as many as it has processors unless said otherwise."""
    count = jobs or _processors()
    make = partial(_make_in_process, share=Share(memory_limit, of=count), judge=judge)
    return Workers(lambda: _processes(count), make, room=lambda: 2 * count)


@contextmanager
def dask_workers(scheduler: str, memory_limit: int | None, judge: "Judge | None" = None) -> Iterator[Workers]:
    """The workers of a Dask cluster, which may join and leave while the batch runs.

    Raises
    ------
    UsageError
        Dask is not installed, or the scheduler does not answer.
    """
    client = _client(scheduler)
    from distributed import KilledWorker

    try:
        yield Workers(
            lambda: _on_cluster(client),
            partial(make_edition, share=Share(memory_limit), judge=judge),
            room=lambda: 2 * sum(client.nthreads().values()),
            deaths=(KilledWorker,),  # of several workers, one after the other, with all that they had to do
        )
    finally:
        client.close()


def _processors() -> int:
    return os.cpu_count() or 1


def _client(scheduler: str):
    where = f"scheduler {scheduler}"
    try:
        from distributed import Client
        from distributed.comm import get_address_host_port
    except ImportError:
        raise UsageError("Dask is not installed", where=where, remedy="install tidings[dask]") from None
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # a lost scheduler is told of once
    try:
        get_address_host_port(scheduler)  # of a wrong address, a client says so only after half a minute
        return Client(scheduler, timeout=_SECONDS_TO_CONNECT, set_as_default=False)
    except ValueError as error:
        raise UsageError(str(error), where=where, remedy="name it as in tcp://host:8786") from None
    except OSError:
        raise UsageError("no scheduler answers", where=where, remedy="start one: dask scheduler") from None


@contextmanager
def _on_cluster(client) -> Iterator[Executor]:
    executor = client.get_executor(pure=False)  # a second run asks again, even for the same request
    try:
        yield executor
    except BaseException:
        executor.shutdown(wait=False)  # what a worker has begun, it finishes
        raise


@contextmanager
def _processes(count: int) -> Iterator[Executor]:
    """Worker processes that end when the ``with`` block, or this process, ends in whatever way."""
    far_end, link = multiprocessing.Pipe(duplex=False)
    with shared_server() as server:
        # Workers are spawned: a fork of this process would inherit its threads' locks.
        executor = _Processes(count, get_context("spawn"), initializer=_begin, initargs=(far_end, server))
        try:
            yield executor
        except BaseException:
            link.close()
            raise
        finally:
            executor.shutdown(wait=True, cancel_futures=True)
            link.close()
            far_end.close()


class _Processes(ProcessPoolExecutor):
    """Starts workers that a Ctrl-C at the terminal does not reach, even before they have begun."""

    def submit(self, *call: Any, **arguments: Any) -> Future:
        if not hasattr(signal, "pthread_sigmask"):
            return super().submit(*call, **arguments)
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            return super().submit(*call, **arguments)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(coordinator: Connection, server: Address | None) -> None:
    """Prepare a worker process: the terminal is not its own, and it ends with the coordinator."""
    global _server
    _server = server
    logging.getLogger().addHandler(logging.NullHandler())  # or Python would show what libraries log
    if hasattr(signal, "pthread_sigmask"):
        os.setsid()
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # forgets one that has come meanwhile
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGUSR1, _stop)
    threading.Thread(target=_end_with, args=(coordinator,), daemon=True).start()


def _end_with(coordinator: Connection) -> None:
    """Wait for the link's end; then have the main thread leave its work and tidy up, while there is time."""
    with suppress(EOFError, OSError):
        coordinator.recv()
    if hasattr(signal, "pthread_kill"):
        # nbclient takes SIGINT and SIGTERM for itself, and would report a kernel that died.
        signal.pthread_kill(cast(int, threading.main_thread().ident), signal.SIGUSR1)
        time.sleep(_SECONDS_TO_STOP)
    os._exit(1)


def _stop(signum: int, frame: Any) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what libraries say of being cut short helps no one
    raise SystemExit


def _make_in_process(request: Request, share: Share, judge: "Judge | None") -> EditionOutcome:
    try:
        return make_edition(request, share, judge)
    except SystemExit:  # which the executor's worker would send as a result, and go on
        os._exit(1)


@cache
def _kernels(memory_limit: int | None) -> dict[str, Any]:
    """This process's warm kernels, kept until it ends."""
    stack = ExitStack()
    warm = stack.enter_context(warm_kernels(memory_limit, shared=_server))
    # A worker of multiprocessing ends without running atexit's functions, any other without its finalizers.
    multiprocessing.util.Finalize(None, stack.close, exitpriority=10)
    atexit.register(stack.close)
    return warm
