"""Batches: reports per minute and CPU seconds of each, by the plain ways, by ours, and at the floor.

Every way makes the same reports of the same tenants, two at a time, and keeps compiled bytecode.
"""

import json
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from statistics import mean, median

from bench.measure import Cost, cost, keep
from bench.tenants import BIN, RESULTS, Tenants, sharing
from rich.console import Console
from rich.table import Table

AT_A_TIME = 2
_FEW = 4
PLAIN, LOOP, WARM, FLOOR = "papermill, then nbconvert", "papermill in a loop", "tidings reports", "floor"
_LATER = f"{WARM}, each further one"


def batches(folder: Path, runs: int, tenants: int) -> None:
    """Measure every way, print a table, and keep it as JSON.

    Parameters
    ----------
    tenants : int
        How many reports are made by our warm batch; the slow ways make four of them.
    """
    project = sharing(folder / "batches", tenants, messages=30_000 * tenants)
    few = project.ids[:: max(tenants // _FEW, 1)][:_FEW]
    found = [
        _commands(PLAIN, project, few, runs, _papermill_and_nbconvert),
        _in_process(LOOP, "papermill", project, few, runs),
        *_ploomber(project, few, runs),
        _commands("tidings report, one by one", project, few, runs, _tidings_report),
        *_warm(project, few, runs),
        _in_process(FLOOR, "script", project, few, runs),
    ]
    _print(found)


def _commands(
    way: str, project: Tenants, ids: tuple[str, ...], runs: int, make: Callable[[Tenants, str, Path], None]
) -> Cost:
    """The cost of a report by commands of its own."""

    def run() -> None:
        outputs = project.new_outputs()
        with ThreadPoolExecutor(AT_A_TIME) as threads:
            list(threads.map(lambda tenant: make(project, tenant, outputs), ids))

    return cost(way, run, runs).each(len(ids))


def _papermill_and_nbconvert(project: Tenants, tenant: str, outputs: Path) -> None:
    executed = outputs / f"{tenant}.ipynb"
    parameters = ("-p", "tenant", tenant, "-p", "period", project.period)
    project.run(BIN / "papermill", project.notebook, executed, *parameters, "--no-progress-bar")()
    project.run(BIN / "jupyter", "nbconvert", "--to", "tidings-page", executed)()


def _tidings_report(project: Tenants, tenant: str, outputs: Path) -> None:
    project.run(BIN / "tidings", "report", tenant, "--period", project.period, "--outputs", outputs)()


def _in_process(way: str, name: str, project: Tenants, ids: tuple[str, ...], runs: int) -> Cost:
    """The cost of a report in processes that make one after the other, and are warm."""
    shares = [ids[start::AT_A_TIME] for start in range(AT_A_TIME)]
    found = [_took(name, project, shares) for _ in range(runs)]
    seconds, cpu = (median(each[place] for each in found) for place in (0, 1))
    return Cost(way, seconds / AT_A_TIME, cpu, runs)


def _took(name: str, project: Tenants, shares: list[tuple[str, ...]]) -> tuple[float, float]:
    def run(share: tuple[str, ...]) -> list[float]:
        words = (BIN / "python", "-m", "bench.in_process", name, project.folder, project.new_outputs())
        return json.loads(project.run(*words, *share)().splitlines()[-1])

    with ThreadPoolExecutor(AT_A_TIME) as threads:
        seconds, cpu = zip(*threads.map(run, shares), strict=True)
    return mean(seconds), mean(cpu)


def _ploomber(project: Tenants, ids: tuple[str, ...], runs: int) -> Iterable[Cost]:
    if find_spec("ploomber_engine"):
        yield _in_process("ploomber-engine in a loop", "ploomber", project, ids, runs)
    else:
        Console().print("ploomber-engine is not installed, and is left out")


def _warm(project: Tenants, few: tuple[str, ...], runs: int) -> Iterable[Cost]:
    """Our batch as a whole, and what each report more adds to it: a large batch's pace."""
    jobs = ("--jobs", str(AT_A_TIME))
    small = cost(WARM, project.batch(few, *jobs), runs)
    large = cost(WARM, project.batch(project.ids, *jobs), runs)
    yield large.each(len(project.ids))
    more = len(project.ids) - len(few)
    if more:
        seconds, cpu = large.seconds - small.seconds, large.cpu_seconds - small.cpu_seconds
        yield Cost(_LATER, seconds, cpu, runs).each(more)


def _print(found: list[Cost]) -> None:
    """Each way beside the plain one, papermill in a loop and the floor."""
    by_way = {each.way: each for each in found}
    table = Table(title="Batches: one report", title_justify="left")
    headings = ("way", "reports a minute", "CPU seconds", "× plain", "× loop", "CPU / floor")
    for heading in headings:
        table.add_column(heading, justify="left" if heading == "way" else "right")
    for each in found:
        faster = (by_way[way].seconds / each.seconds for way in (PLAIN, LOOP))
        table.add_row(
            *(each.way, f"{60 / each.seconds:.1f}", f"{each.cpu_seconds:.2f}"),
            *(f"{times:.1f}" for times in faster),
            f"{each.cpu_seconds / by_way[FLOOR].cpu_seconds:.2f}",
        )
    Console(width=110).print(table)
    rows = [vars(each) | {"reports_a_minute": 60 / each.seconds} for each in found]
    keep("batches", rows, RESULTS)
