"""Batches: many editions on any executor, where one that fails touches no other."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from contextlib import AbstractContextManager, ExitStack
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Literal

from upath import UPath

from tidings.errors import ReportError, TidingsError
from tidings.reports.report import Order, finished

RUN = "_run.json"


@dataclass(frozen=True)
class Outcome:
    """What became of one edition.

    Attributes
    ----------
    tenant, period : str
        As ordered, the period by its own name where it could be looked up.
    state : {"made", "up to date", "failed"}
        What happened.
    folder : str or None
        Where its files are.
    error : str or None
        Why it failed.
    seconds : float
        How long it took.
    """

    tenant: str
    period: str
    state: Literal["made", "up to date", "failed"]
    folder: str | None = None
    error: str | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class Workers:
    """Who makes the editions.

    Attributes
    ----------
    open : callable
        Opens an executor for the length of a ``with`` block. Left by an exception, it stops its work;
        its workers import this library and see the parameters and outputs.
    make : callable
        What a worker does with an order. It raises nothing: whatever goes wrong is its outcome.
    room : callable
        How many editions may be under way now; asked again and again, since workers come and go.
    deaths : tuple of exception types
        What a future has come to where the worker died that had it.
    """

    open: Callable[[], AbstractContextManager[Executor]]
    make: Callable[[Order], Outcome]
    room: Callable[[], int]
    deaths: tuple[type[BaseException], ...] = (BrokenExecutor,)


def make_reports(orders: Iterable[Order], workers: Workers) -> Iterator[Outcome]:
    """Make editions, and give what became of each as soon as it is known.

    Editions that are up to date are found here, in milliseconds; the others go to an executor as it has
    room. Where a worker dies, and its executor with it, what was under way is made again, one at a time, so
    that an edition that is the death of every worker fails alone.

    Raises
    ------
    ReportError
        The executor dropped what it was given: its cluster is gone.
    """
    with _Crew(workers) as crew:
        for order in orders:
            if outcome := _if_settled(order):
                yield outcome
            else:
                yield from crew.make(order)
        yield from crew.finish()


def write_run(
    outputs: Path | UPath, begun: datetime, ended: datetime | None, outcomes: list[Outcome]
) -> None:
    """Write what became of a batch as ``_run.json``: when, how many, and each edition's outcome.

    Raises
    ------
    ReportError
        It cannot be written there.
    """
    about = {
        "begun": begun.isoformat(),
        "ended": ended.isoformat() if ended else None,
        "counts": dict(Counter(outcome.state for outcome in outcomes)),
        "editions": [asdict(outcome) for outcome in outcomes],
    }
    try:
        if not isinstance(outputs, UPath):
            outputs.mkdir(parents=True, exist_ok=True)
        (outputs / RUN).write_text(json.dumps(about, indent=1, ensure_ascii=False), encoding="utf-8")
    except Exception as error:  # each object store has errors of its own
        raise ReportError(
            f"cannot be written ({type(error).__name__}: {error})",
            where=f"folder {outputs}",
            remedy="name a folder, or a bucket, that is there and that you may write",
        ) from None


def made(order: Order, folder: Path | UPath, state: Literal["made", "up to date"], begun: float) -> Outcome:
    """The outcome of an edition that is there, begun at an instant of ``perf_counter``."""
    return Outcome(order.tenant, folder.name, state, folder=str(folder), seconds=perf_counter() - begun)


def failed(order: Order, why: str | Exception, begun: float | None = None) -> Outcome:
    """The outcome of an edition that failed: the library's own errors speak for themselves."""
    speaks = isinstance(why, str | TidingsError)
    error = str(why) if speaks else f"{type(why).__name__}: {why}"
    seconds = 0.0 if begun is None else perf_counter() - begun
    return Outcome(order.tenant, order.period, "failed", error=error, seconds=seconds)


class _Crew:
    """An executor at work, opened when there is work, and replaced when it breaks."""

    def __init__(self, workers: Workers):
        self._workers, self._stack = workers, ExitStack()
        self._executor: Executor | None = None
        self._running: dict[Future, Order] = {}

    def __enter__(self) -> "_Crew":
        return self

    def __exit__(self, *error) -> None:
        self._stack.__exit__(*error)

    def make(self, order: Order) -> Iterator[Outcome]:
        """Have an edition made as soon as there is room, and give what becomes of others meanwhile."""
        while len(self._running) >= max(self._workers.room(), 1):
            yield from self._settle()
        while True:
            try:
                self._running[self._submit(order)] = order
                return
            except BrokenExecutor:  # a worker died while this one was looked at
                self._leave()
                yield from self.finish()

    def finish(self) -> Iterator[Outcome]:
        """What becomes of all that is under way."""
        while self._running:
            yield from self._settle()

    def _settle(self) -> Iterator[Outcome]:
        """Wait until something is done; where a worker died, until all is that was under way beside it."""
        done, _ = wait(self._running, return_when=FIRST_COMPLETED)
        if any(map(self._is_lost, done)):
            done, _ = wait(self._running)
            self._leave()
        for future, order in [(future, self._running.pop(future)) for future in done]:
            yield self._alone(order) if self._is_lost(future) else _outcome(future, order)

    def _alone(self, order: Order) -> Outcome:
        """Make an edition again with nothing beside it: a second death is its own doing."""
        future = self._submit(order)
        wait([future])
        if not self._is_lost(future):
            return _outcome(future, order)
        self._leave()
        return failed(order, "the worker that made it died, and so did the next")

    def _is_lost(self, future: Future) -> bool:
        return not future.cancelled() and isinstance(future.exception(), self._workers.deaths)

    def _submit(self, order: Order) -> Future:
        if self._executor is None:
            self._executor = self._stack.enter_context(self._workers.open())
        return self._executor.submit(self._workers.make, order)

    def _leave(self) -> None:
        self._stack.close()
        self._executor = None


def _outcome(future: Future, order: Order) -> Outcome:
    try:
        return future.result()
    except CancelledError:
        raise ReportError(
            "the cluster's scheduler is gone",
            where=f"tenant {order.tenant}",
            remedy="start it and run again: what is finished stays finished",
        ) from None
    except Exception as error:
        return failed(order, error)


def _if_settled(order: Order) -> Outcome | None:
    """The outcome of an edition that is up to date, or that cannot be made whoever tries."""
    begun = perf_counter()
    try:
        there = finished(order)
    except Exception as error:
        return failed(order, error, begun)
    return made(order, there.folder, "up to date", begun) if there else None
