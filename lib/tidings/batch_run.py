"""``tidings reports``: a batch as an operator sees it, its progress, its summary and its exit status."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import get_context
from time import perf_counter

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from tidings import clock
from tidings.batch import Outcome, Workers, make_reports, write_run
from tidings.errors import ParametersError
from tidings.parameters import tenant_ids
from tidings.report import Order

ALL_WELL, PARTIAL_FAILURE, INTERRUPTED = 0, 3, 130
_MOST_SHOWN = 20


def run_reports(order: Order, tenants: list[str], workers: Workers, console: Console) -> int:
    """Make the reports of tenants, show how it goes, and write ``_run.json``.

    Parameters
    ----------
    order : Order
        What every edition has in common; its tenant is not looked at.
    tenants : list of str
        Whose reports; all tenants where it is empty.

    Returns
    -------
    int
        0 where every edition is there, 3 where some failed, 130 where the user stopped the run; what is
        finished by then stays, and the next run goes on from there.
    """
    chosen = _known(tenants or tenant_ids(order.parameters), order)
    begun, outcomes, status = clock.now(), [], ALL_WELL
    orders = (replace(order, tenant=tenant) for tenant in chosen)
    try:
        with _progress(len(chosen), console) as show:
            for outcome in make_reports(orders, workers):
                outcomes.append(outcome)
                show(outcome)
    except KeyboardInterrupt:
        status = INTERRUPTED
    path = write_run(order.outputs, begun, outcomes)
    _print_summary(outcomes, len(chosen), console)
    console.print(f"details: {path}", highlight=False, soft_wrap=True)
    return status or (PARTIAL_FAILURE if any(each.state == "failed" for each in outcomes) else ALL_WELL)


def local_workers(jobs: int | None, memory_limit: int | None) -> Workers:
    """Worker processes of this machine, as many as it has processors unless said otherwise."""
    count = jobs or os.cpu_count() or 1
    # Workers are spawned: a fork of this process would inherit its threads' locks.
    return Workers(lambda: ProcessPoolExecutor(count, get_context("spawn")), count, memory_limit)


@contextmanager
def dask_workers(scheduler: str, memory_limit: int | None) -> Iterator[Workers]:
    """The workers of a Dask cluster, which may join and leave while the batch runs.

    Raises
    ------
    ParametersError
        Dask is not installed, or the scheduler does not answer.
    """
    try:
        from distributed import Client
    except ImportError:
        raise ParametersError(
            "Dask is not installed", where=f"scheduler {scheduler}", remedy="install tidings[dask]"
        ) from None
    try:
        client = Client(scheduler)
    except OSError:
        raise ParametersError(
            "no scheduler answers", where=f"scheduler {scheduler}", remedy="start one: dask scheduler"
        ) from None
    with client:
        jobs = max(sum(client.nthreads().values()), 1)
        yield Workers(client.get_executor, jobs, memory_limit)


def _known(tenants: list[str], order: Order) -> list[str]:
    if not tenants:
        raise ParametersError(
            "there is no tenant",
            where=f"folder {order.parameters}",
            remedy="write a file <tenant>.yaml there",
        )
    return list(dict.fromkeys(tenants))


@contextmanager
def _progress(total: int, console: Console) -> Iterator[Callable[[Outcome], None]]:
    """Show each outcome: a bar on a terminal, a line each elsewhere."""
    if not console.is_terminal:
        yield lambda outcome: _print_line(outcome, console)
        return
    columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[pace]}"))
    with Progress(*columns, TimeRemainingColumn(), console=console) as progress:
        task = progress.add_task("reports", total=total, pace="")
        begun, failed = perf_counter(), 0

        def show(outcome: Outcome) -> None:
            nonlocal failed
            failed += outcome.state == "failed"
            done = progress.tasks[0].completed + 1
            pace = f"{done / (perf_counter() - begun) * 60:.0f} a minute, {failed} failed"
            progress.update(task, advance=1, pace=pace)
            if outcome.state == "failed":
                _print_line(outcome, progress.console)

        yield show


def _print_line(outcome: Outcome, console: Console) -> None:
    why = f": {outcome.error}" if outcome.error else ""
    line = f"{outcome.state:<10} {outcome.tenant} {outcome.period} {outcome.seconds:.1f} s{why}"
    console.print(line, highlight=False, markup=False, soft_wrap=True)


def _print_summary(outcomes: list[Outcome], total: int, console: Console) -> None:
    counts = Counter(outcome.state for outcome in outcomes)
    if len(outcomes) < total:
        counts["not begun"] = total - len(outcomes)
    table = Table.grid(padding=(0, 2))
    for state in ("made", "up to date", "failed", "not begun"):
        if counts[state]:
            table.add_row(state, f"{counts[state]:,}")
    console.print(table)
    failed = [outcome.tenant for outcome in outcomes if outcome.state == "failed"]
    if failed:
        more = f" and {len(failed) - _MOST_SHOWN:,} more" if len(failed) > _MOST_SHOWN else ""
        names = f"{', '.join(failed[:_MOST_SHOWN])}{more}"
        console.print(f"failed: {names}", highlight=False, markup=False, soft_wrap=True)
