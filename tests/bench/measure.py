"""Measuring: wall and CPU seconds of commands and functions, medians of several runs, and a table."""

import json
import os
import resource
import subprocess
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Cost:
    """What one way of doing a thing costs.

    Attributes
    ----------
    seconds, cpu_seconds : float
        Medians; CPU seconds include those of child processes that have ended.
    runs : int
        Of how many runs.
    """

    way: str
    seconds: float
    cpu_seconds: float
    runs: int


def cost(way: str, run: Callable[[], object], runs: int) -> Cost:
    """The median cost of a function."""
    measured = [_once(run) for _ in range(runs)]
    return Cost(way, median(wall for wall, _ in measured), median(cpu for _, cpu in measured), runs)


def command(*arguments: str | Path, **environment: str) -> Callable[[], None]:
    """A function that runs a command, which must succeed."""

    def run() -> None:
        words = [str(argument) for argument in arguments]
        subprocess.run(words, env=os.environ | environment, check=True, capture_output=True)

    return run


def report(title: str, costs: list[Cost], plain: str, results: Path) -> None:
    """Print a table of costs beside the plain way's, and keep them as JSON."""
    base = next(cost for cost in costs if cost.way == plain)
    table = Table(title=title, title_justify="left")
    for heading in ("way", "seconds", "CPU seconds", "times faster", "times less CPU", "runs"):
        table.add_column(heading, justify="left" if heading == "way" else "right")
    for each in costs:
        faster, less = base.seconds / each.seconds, base.cpu_seconds / each.cpu_seconds
        numbers = (
            f"{each.seconds:.2f}",
            f"{each.cpu_seconds:.2f}",
            f"{faster:.2f}",
            f"{less:.2f}",
            str(each.runs),
        )
        table.add_row(each.way, *numbers)
    Console(width=110).print(table)
    results.mkdir(parents=True, exist_ok=True)
    path = results / f"{title.lower().replace(' ', '-')}.json"
    path.write_text(json.dumps([asdict(each) for each in costs], indent=1))


def _once(run: Callable[[], object]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), _cpu_seconds()
    run()
    return time.perf_counter() - wall, _cpu_seconds() - cpu


def _cpu_seconds() -> float:
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
