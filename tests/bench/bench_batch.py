"""Batches: reports per minute and CPU seconds of each, by the plain ways, by ours, and at the floor.

Every way makes the same reports of the same tenants, two at a time, and keeps compiled bytecode.
"""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import mean

from bench.measure import Cost, in_turns, keep, took
from bench.tenants import BESIDE, BIN, RESULTS, Tenants, papermill_and_nbconvert, sharing
from rich.console import Console
from rich.table import Table

AT_A_TIME = 2
_FEW = 4
PLAIN, LOOP, FLOOR = "papermill, then nbconvert", "papermill in a loop", "floor"
_FIRST, WARM = "tidings reports, the first few", "tidings reports"
_LATER = "tidings reports, each further one"


def batches(folder: Path, runs: int, tenants: int) -> None:
    """Measure every way, print a table, and keep it as JSON.

    Parameters
    ----------
    tenants : int
        How many reports are made by our warm batch, at least five; the other ways make four of them.
    """
    project = sharing(folder / "batches", tenants, messages=30_000 * tenants)
    few = project.ids[:: tenants // _FEW][:_FEW]
    jobs = ("--jobs", str(AT_A_TIME))
    ways = {
        PLAIN: lambda: _commands(project, few, papermill_and_nbconvert),
        LOOP: lambda: _in_process("papermill", project, few),
        "ploomber-engine in a loop": lambda: _in_process("ploomber", project, few, BESIDE),
        "tidings report, one by one": lambda: _commands(project, few, _tidings_report),
        _FIRST: lambda: took(project.batch(few, *jobs)),
        WARM: lambda: took(project.batch(project.ids, *jobs)),
        FLOOR: lambda: _in_process("script", project, few),
    }
    found = {each.way: each for each in in_turns(ways, runs)}
    _print(_per_report(found, tenants))


def _per_report(found: dict[str, Cost], tenants: int) -> list[Cost]:
    """The cost of one report by each way; of our batch, also of each further one: a large batch's pace."""
    first, whole = found.pop(_FIRST), found[WARM]
    more = whole.seconds - first.seconds, whole.cpu_seconds - first.cpu_seconds
    further = Cost(_LATER, *(seconds / (tenants - _FEW) for seconds in more), whole.runs)
    each = {WARM: whole.each(tenants)}
    return [each.get(way, cost) for way, cost in found.items()] + [further]


def _commands(
    project: Tenants, ids: tuple[str, ...], make: Callable[[Tenants, str, Path], None]
) -> tuple[float, float]:
    """The cost of a report by commands of its own."""
    outputs = project.new_outputs()

    def run() -> None:
        with ThreadPoolExecutor(AT_A_TIME) as threads:
            list(threads.map(lambda tenant: make(project, tenant, outputs), ids))

    seconds, cpu = took(run)
    return seconds / len(ids), cpu / len(ids)


def _tidings_report(project: Tenants, tenant: str, outputs: Path) -> None:
    project.run(BIN / "tidings", "report", tenant, "--period", project.period, "--outputs", outputs)()


def _in_process(
    name: str, project: Tenants, ids: tuple[str, ...], programs: Path = BIN
) -> tuple[float, float]:
    """The cost of a report in processes that make one after the other, and are warm."""

    def run(share: tuple[str, ...]) -> list[float]:
        words = (programs / "python", "-m", "bench.in_process", name, project.folder, project.new_outputs())
        return json.loads(project.run(*words, *share)().splitlines()[-1])

    with ThreadPoolExecutor(AT_A_TIME) as threads:
        each = threads.map(run, [ids[start::AT_A_TIME] for start in range(AT_A_TIME)])
        seconds, cpu = zip(*each, strict=True)
    return mean(seconds) / AT_A_TIME, mean(cpu)


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
