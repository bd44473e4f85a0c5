"""Batches: many editions on any executor, where one that fails touches no other."""

import atexit
import contextlib
import json
import multiprocessing.util
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from time import perf_counter
from typing import Any, Literal

from upath import UPath

from tidings import clock
from tidings.errors import TidingsError
from tidings.kernels import warm_kernels
from tidings.report import Order, finished, make_report

RUN = "_run.json"
_TRIES = 3


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
    executors : callable
        Makes an executor; its workers import this library and see the parameters and outputs.
    jobs : int
        How many editions are made at the same time.
    memory_limit : int or None
        The most data, in bytes, that each kernel may hold.
    """

    executors: Callable[[], Executor]
    jobs: int
    memory_limit: int | None = None


@dataclass(frozen=True)
class _Try:
    """An order, and the how manieth try it is."""

    order: Order
    number: int = 1


def make_reports(orders: Iterable[Order], workers: Workers) -> Iterator[Outcome]:
    """Make editions, and give what became of each as soon as it is known.

    Editions that are up to date are found here, in milliseconds; the others go to an executor. Where a
    worker dies, and its executor with it, another executor makes what was not finished; an edition that
    was being made each time has failed.
    """
    todo: list[_Try] = []
    for order in orders:
        if outcome := _if_settled(order):
            yield outcome
        else:
            todo.append(_Try(order))
    while todo:
        lost: list[_Try] = []
        yield from _on_one_executor(todo, workers, lost)
        todo = [each for each in lost if each.number <= _TRIES]
        yield from (_died(each.order) for each in lost if each.number > _TRIES)


def write_run(outputs: UPath, begun: datetime, outcomes: list[Outcome]) -> UPath:
    """Write what became of a batch as ``_run.json``: counts, and each edition's outcome."""
    about = {
        "begun": begun.isoformat(),
        "ended": clock.now().isoformat(),
        "counts": dict(Counter(outcome.state for outcome in outcomes)),
        "editions": [asdict(outcome) for outcome in outcomes],
    }
    outputs.mkdir(parents=True, exist_ok=True)
    (outputs / RUN).write_text(json.dumps(about, indent=1, ensure_ascii=False), encoding="utf-8")
    return outputs / RUN


def _on_one_executor(todo: list[_Try], workers: Workers, lost: list[_Try]) -> Iterator[Outcome]:
    """Outcomes of as many editions as one executor lives for; the others are put to ``lost``."""
    rest = deque(todo)
    running: dict[Future, _Try] = {}
    executor = workers.executors()
    try:
        with contextlib.suppress(BrokenExecutor):
            while rest or running:
                while rest and len(running) < 2 * workers.jobs:
                    future = executor.submit(make_one, rest[0].order, workers.memory_limit)
                    running[future] = rest.popleft()
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    yield future.result()
                    del running[future]
    finally:
        executor.shutdown(wait=True, cancel_futures=True)
    lost.extend(_Try(each.order, each.number + 1) for each in running.values())
    lost.extend(rest)


def make_one(order: Order, memory_limit: int | None = None) -> Outcome:
    """Make one edition in a worker, whose kernels are warm; whatever goes wrong is its outcome."""
    begun = perf_counter()
    try:
        made = make_report(order, _kernels(memory_limit))
    except TidingsError as error:
        return Outcome(order.tenant, order.period, "failed", error=str(error), seconds=perf_counter() - begun)
    except Exception as error:
        what = f"{type(error).__name__}: {error}"
        return Outcome(order.tenant, order.period, "failed", error=what, seconds=perf_counter() - begun)
    return _made(order, made.folder, "made" if made.is_new else "up to date", perf_counter() - begun)


def _if_settled(order: Order) -> Outcome | None:
    """The outcome of an edition that is up to date, or that cannot be made whoever tries."""
    begun = perf_counter()
    try:
        made = finished(order)
    except TidingsError as error:
        return Outcome(order.tenant, order.period, "failed", error=str(error), seconds=perf_counter() - begun)
    return _made(order, made.folder, "up to date", perf_counter() - begun) if made else None


def _made(order: Order, folder: UPath, state: Literal["made", "up to date"], seconds: float) -> Outcome:
    return Outcome(order.tenant, folder.name, state, folder=str(folder), seconds=seconds)


def _died(order: Order) -> Outcome:
    return Outcome(order.tenant, order.period, "failed", error=f"the worker that made it died {_TRIES} times")


@cache
def _kernels(memory_limit: int | None) -> dict[str, Any]:
    """This worker's warm kernels, kept until the process ends."""
    stack = ExitStack()
    warm = stack.enter_context(warm_kernels(memory_limit))
    # A worker of multiprocessing ends without running atexit's functions, any other without its finalizers.
    multiprocessing.util.Finalize(None, stack.close, exitpriority=10)
    atexit.register(stack.close)
    return warm
