"""A batch on executors of the tests' own: each edition once, whatever becomes of others or of a worker."""

import gc
import os
import signal
import time
import tracemalloc
from collections import Counter
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import pytest

from tidings.errors import ParametersError, ReportError
from tidings.reports import batch
from tidings.reports.batch import EditionOutcome, Workers, make_reports
from tidings.reports.editions import ReportFiles
from tidings.reports.order import Request
from tidings.reports.report import Report


@pytest.fixture(autouse=True)
def nothing_is_up_to_date(monkeypatch):
    monkeypatch.setattr(batch, "find_up_to_date", lambda request: None)


def _requests(*tenants: str) -> list[Request]:
    return [Request(tenant, "latest", Path("p"), Path("o"), Path("n.ipynb")) for tenant in tenants]


def _make(request: Request) -> EditionOutcome:
    return EditionOutcome(request.tenant, "2026-W46", "made", folder=f"o/{request.tenant}/2026-W46")


def _on_threads(make=_make, jobs: int = 2) -> Workers:
    return Workers(lambda: ThreadPoolExecutor(jobs), make, room=lambda: 2 * jobs)


def _on_processes(make, jobs: int = 2) -> Workers:
    return Workers(lambda: ProcessPoolExecutor(jobs, get_context("fork")), make, room=lambda: 2 * jobs)


def _states(outcomes) -> dict[str, str]:
    return {outcome.tenant: outcome.state for outcome in outcomes}


@pytest.mark.parametrize("jobs", [1, 2, 9])
def test_every_edition_is_made_once_on_few_and_many_workers(jobs):
    made = [outcome.tenant for outcome in make_reports(_requests(*"abcde"), _on_threads(jobs=jobs))]
    assert sorted(made) == list("abcde")


def test_without_orders_or_without_work_no_executor_is_opened(monkeypatch):
    nobody = Workers(lambda: pytest.fail("opened"), _make, room=lambda: 1)
    assert list(make_reports([], nobody)) == []
    there = Report(ReportFiles(Path("o/a/2026-W46")), is_new=False)
    monkeypatch.setattr(batch, "find_up_to_date", lambda request: there)
    (outcome,) = make_reports(_requests("a"), nobody)
    assert (outcome.state, outcome.period, outcome.folder) == ("up to date", "2026-W46", "o/a/2026-W46")


def test_what_cannot_be_looked_up_has_failed_and_the_others_are_made(monkeypatch):
    errors = {"b": ParametersError("there is no tenant 'b'"), "c": PermissionError(13, "Permission denied")}

    def find_up_to_date(request):
        if request.tenant in errors:
            raise errors[request.tenant]

    monkeypatch.setattr(batch, "find_up_to_date", find_up_to_date)
    outcomes = {outcome.tenant: outcome for outcome in make_reports(_requests(*"abcd"), _on_threads())}
    assert _states(outcomes.values()) == {"a": "made", "b": "failed", "c": "failed", "d": "made"}
    assert outcomes["b"].error == "there is no tenant 'b'"
    assert outcomes["c"].error == "PermissionError: [Errno 13] Permission denied"


def test_a_call_that_an_executor_cannot_make_fails_alone():
    def make(request):
        if request.tenant == "b":
            raise ValueError("no such worker")
        return _make(request)

    outcomes = {outcome.tenant: outcome for outcome in make_reports(_requests(*"abc"), _on_threads(make))}
    assert _states(outcomes.values()) == {"a": "made", "b": "failed", "c": "made"}
    assert outcomes["b"].error == "ValueError: no such worker"


def test_orders_are_taken_only_as_there_is_room():
    taken = Counter()

    def requests():
        for request in _requests(*map(str, range(20))):
            taken["requests"] += 1
            yield request

    for outcomes, _ in enumerate(make_reports(requests(), _on_threads(jobs=2)), start=1):
        assert taken["requests"] - outcomes <= 2 * 2


# Workers that die


def _mark_and_maybe_die(
    folder: Path, deadly: tuple[str, ...], times: int, request: Request
) -> EditionOutcome:
    """Make an edition unless it is there, and keep marks; a deadly one kills its worker so many times."""
    marks = folder / request.tenant
    if marks.exists() and "made" in marks.read_text():
        return _make(request)
    with marks.open("a") as file:
        file.write("tried\n")
    if request.tenant in deadly and len(marks.read_text().splitlines()) <= times:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.02)
    with marks.open("a") as file:
        file.write("made\n")
    return _make(request)


def test_a_worker_that_dies_once_loses_no_edition_and_none_is_made_twice(tmp_path):
    make = partial(_mark_and_maybe_die, tmp_path, ("c",), 1)
    outcomes = list(make_reports(_requests(*"abcdefgh"), _on_processes(make)))
    assert Counter(outcome.state for outcome in outcomes) == {"made": 8}
    assert sorted(outcome.tenant for outcome in outcomes) == list("abcdefgh")
    for tenant in "abcdefgh":
        assert (tmp_path / tenant).read_text().count("made") == 1


def test_an_edition_that_kills_every_worker_fails_alone(tmp_path):
    make = partial(_mark_and_maybe_die, tmp_path, ("b", "c"), 99)
    outcomes = list(make_reports(_requests(*"abcdef"), _on_processes(make)))
    assert sorted((outcome.tenant, outcome.state) for outcome in outcomes) == [
        ("a", "made"),
        ("b", "failed"),
        ("c", "failed"),
        ("d", "made"),
        ("e", "made"),
        ("f", "made"),
    ]
    assert {outcome.error for outcome in outcomes} == {
        None,
        "the worker that made it died, and so did the next",
    }
    assert (tmp_path / "b").read_text().count("tried") == 2


def test_an_executor_found_broken_on_handing_over_is_replaced():
    class BreaksOnce(ThreadPoolExecutor):
        broken = True

        def submit(self, *call):
            if BreaksOnce.broken:
                BreaksOnce.broken = False
                raise BrokenProcessPool("an idle worker died")
            return super().submit(*call)

    workers = Workers(lambda: BreaksOnce(1), _make, room=lambda: 1)
    assert _states(make_reports(_requests("a", "b"), workers)) == {"a": "made", "b": "made"}


def test_a_cluster_that_drops_its_work_ends_the_batch_with_a_remedy():
    class Dropped(ThreadPoolExecutor):
        def submit(self, *call):
            future = Future()
            future.cancel()
            future.set_running_or_notify_cancel()
            return future

    workers = Workers(lambda: Dropped(1), _make, room=lambda: 1)
    with pytest.raises(ReportError, match="scheduler is gone"):
        list(make_reports(_requests("a", "b"), workers))


# Stopping, and memory


def test_a_batch_that_is_stopped_leaves_its_executor_by_the_exception():
    left_by = []

    class Watched(ThreadPoolExecutor):
        def __exit__(self, kind, *error):
            left_by.append(kind)
            return super().__exit__(kind, *error)

    run = make_reports(_requests(*"abcd"), Workers(lambda: Watched(1), _make, room=lambda: 1))
    next(run)
    with pytest.raises(KeyboardInterrupt):
        run.throw(KeyboardInterrupt)
    assert left_by == [KeyboardInterrupt]
    run = make_reports(_requests(*"abcd"), Workers(lambda: Watched(1), _make, room=lambda: 1))
    next(run)
    run.close()
    assert left_by == [KeyboardInterrupt, GeneratorExit]


@pytest.mark.slow
def test_the_memory_of_the_coordinator_is_the_same_after_1000_editions_as_after_100():
    def used_after(count: int) -> int:
        requests = (each for number in range(count) for each in _requests(f"tenant-{number}"))
        for _ in make_reports(requests, _on_threads()):
            pass
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        used_after(100)
        small, large = used_after(100), used_after(1000)
    finally:
        tracemalloc.stop()
    assert large - small < 50_000
