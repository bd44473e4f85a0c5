"""Batches: many editions on any executor, where one that fails touches no other."""

import logging
import traceback
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from contextlib import AbstractContextManager, ExitStack
from dataclasses import asdict, dataclass, field
from datetime import datetime
from time import perf_counter
from typing import Any, Literal

from tidings.errors import ReportError, TidingsError, trouble_of_store
from tidings.reports.order import Request
from tidings.reports.report import Report, find_up_to_date
from tidings.sources.secrets import one_line, redact

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class EditionOutcome:
    """What became of one edition.

    Attributes
    ----------
    tenant, period : str
        As requested, the period by its key where it could be looked up.
    state : {"made", "up to date", "failed"}
        What happened.
    folder : str or None
        Where its files are.
    error : str or None
        Why it failed.
    seconds : float
        How long it took.
    verdict : str or None
        What the gate came to: ``hold``, ``review``, ``note`` or ``clean``; None where there was no report.
    held : tuple of str
        Why it is kept back and not mailed; empty where it is not.
    trace : str or None
        The traceback of an error that is not one of the library's own; for the log alone.
    """

    tenant: str
    period: str
    state: Literal["made", "up to date", "failed"]
    folder: str | None = None
    error: str | None = None
    seconds: float = 0.0
    verdict: str | None = None
    held: tuple[str, ...] = ()
    trace: str | None = field(default=None, repr=False)

    @classmethod
    def of_report(cls, request: Request, report: Report, begun: float) -> "EditionOutcome":
        """The outcome of an edition that is there, begun at an instant of ``perf_counter``."""
        state: Literal["made", "up to date"] = "made" if report.is_new else "up to date"
        return cls(
            request.tenant,
            report.folder.name,
            state,
            folder=str(report.folder),
            seconds=perf_counter() - begun,
            verdict=report.verdict,
            held=report.held,
        )

    @classmethod
    def of_error(cls, request: Request, error: Exception, begun: float | None = None) -> "EditionOutcome":
        """The outcome of an edition that failed: the library's own errors speak for themselves."""
        seconds = 0.0 if begun is None else perf_counter() - begun
        if isinstance(error, TidingsError):
            return cls(request.tenant, request.period, "failed", error=str(error), seconds=seconds)
        if trouble_of_store(error):  # of a worker that lacks credentials, perhaps
            told = TidingsError.of_storage(error, f"tenant {request.tenant}, outputs {request.outputs}")
            return cls(request.tenant, request.period, "failed", error=redact(str(told)), seconds=seconds)
        words, trace = (
            one_line(f"{type(error).__name__}: {error}"),
            "".join(traceback.format_exception(error)),
        )
        return cls(request.tenant, request.period, "failed", error=words, seconds=seconds, trace=trace)


@dataclass(frozen=True)
class Workers:
    """Who makes the editions.

    Attributes
    ----------
    open : callable
        Opens an executor for the length of a ``with`` block. Left by an exception, it stops its work;
        its workers import this library and see the parameters and outputs.
    make : callable
        What a worker does with a request. It raises nothing: whatever goes wrong is its outcome.
    room : callable
        How many editions may be under way now; asked again and again, since workers come and go.
    deaths : tuple of exception types
        What a future has come to where the worker died that had it.
    """

    open: Callable[[], AbstractContextManager[Executor]]
    make: Callable[[Request], EditionOutcome]
    room: Callable[[], int]
    deaths: tuple[type[BaseException], ...] = (BrokenExecutor,)


def make_reports(requests: Iterable[Request], workers: Workers) -> Generator[EditionOutcome, None, None]:
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
        for request in requests:
            begun = perf_counter()
            try:
                report = find_up_to_date(request)
            except Exception as error:  # it cannot be made whoever tries
                yield _log_trace(EditionOutcome.of_error(request, error, begun))
                continue
            if report:
                yield EditionOutcome.of_report(request, report, begun)
            else:
                yield from crew.make(request)
        yield from crew.finish()


def describe_run(begun: datetime, ended: datetime | None, outcomes: list[EditionOutcome]) -> dict[str, Any]:
    """What became of a batch, as `editions.write_run` takes it: when, how many, each edition's outcome."""
    described = [asdict(outcome) for outcome in outcomes]
    for edition in described:
        del edition["trace"]
    judged = Counter(outcome.verdict for outcome in outcomes if outcome.verdict == "review")
    held = Counter("held" for outcome in outcomes if outcome.held)
    return {
        "begun": begun.isoformat(),
        "ended": ended.isoformat() if ended else None,
        "counts": dict(Counter(outcome.state for outcome in outcomes) + held + judged),
        "editions": described,
    }


def _log_trace(outcome: EditionOutcome) -> EditionOutcome:
    """Log what no one expected; here, since a worker may be on another machine."""
    if outcome.trace:
        _log.error("%s, %s: unexpected\n%s", outcome.tenant, outcome.period, outcome.trace)
    return outcome


class _Crew:
    """An executor at work, opened when there is work, and replaced when it breaks."""

    def __init__(self, workers: Workers):
        self._workers, self._stack = workers, ExitStack()
        self._executor: Executor | None = None
        self._running: dict[Future, Request] = {}

    def __enter__(self) -> "_Crew":
        return self

    def __exit__(self, *error) -> None:
        self._stack.__exit__(*error)

    def make(self, request: Request) -> Iterator[EditionOutcome]:
        """Have an edition made as soon as there is room, and give what becomes of others meanwhile."""
        while len(self._running) >= max(self._workers.room(), 1):
            yield from self._settle()
        while True:
            try:
                self._running[self._submit(request)] = request
                return
            except BrokenExecutor:  # a worker died while this one was looked at
                self._leave()
                yield from self.finish()

    def finish(self) -> Iterator[EditionOutcome]:
        """What becomes of all that is under way."""
        while self._running:
            yield from self._settle()

    def _settle(self) -> Iterator[EditionOutcome]:
        """Wait until something is done; where a worker died, until all is that was under way beside it."""
        done, _ = wait(self._running, return_when=FIRST_COMPLETED)
        if any(map(self._is_lost, done)):
            done, _ = wait(self._running)
            _log.warning("a worker died; what was under way is made again, one at a time")
            self._leave()
        for future, request in [(future, self._running.pop(future)) for future in done]:
            yield _log_trace(self._make_alone(request) if self._is_lost(future) else _tell(future, request))

    def _make_alone(self, request: Request) -> EditionOutcome:
        """Make an edition again with nothing beside it: a second death is its own doing."""
        future = self._submit(request)
        wait([future])
        if not self._is_lost(future):
            return _tell(future, request)
        self._leave()
        died = ReportError("the worker that made it died, and so did the next")
        return EditionOutcome.of_error(request, died)

    def _is_lost(self, future: Future) -> bool:
        return not future.cancelled() and isinstance(future.exception(), self._workers.deaths)

    def _submit(self, request: Request) -> Future:
        if self._executor is None:
            self._executor = self._stack.enter_context(self._workers.open())
        return self._executor.submit(self._workers.make, request)

    def _leave(self) -> None:
        self._stack.close()
        self._executor = None


def _tell(future: Future, request: Request) -> EditionOutcome:
    try:
        return future.result()
    except CancelledError:
        raise ReportError(
            "the cluster's scheduler is gone",
            where=f"tenant {request.tenant}",
            remedy="start it and run again: what is finished stays finished",
        ) from None
    except Exception as error:
        return EditionOutcome.of_error(request, error)
