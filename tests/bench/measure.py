"""Measuring: wall and CPU seconds of commands and functions, medians of several runs, and a table."""

import ctypes
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER


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

    def each(self, count: int) -> "Cost":
        """The cost of one of a number of equal things."""
        return Cost(self.way, self.seconds / count, self.cpu_seconds / count, self.runs)


def cost(way: str, run: Callable[[], object], runs: int) -> Cost:
    """The median cost of a function."""
    return in_turns({way: lambda: took(run)}, runs)[0]


def in_turns(ways: dict[str, Callable[[], tuple[float, float]]], runs: int) -> list[Cost]:
    """The median cost of each way, one after the other in each run: a busy machine is so for all of them.

    Parameters
    ----------
    ways : dict
        Functions that do a thing once, and give the seconds and CPU seconds that it took.
    """
    found: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
    for _ in range(runs):
        for way, run in ways.items():
            found[way].append(run())
    return [Cost(way, *map(median, zip(*each, strict=True)), runs) for way, each in found.items()]


def took(run: Callable[[], object]) -> tuple[float, float]:
    """The seconds and CPU seconds of a function, with those of its children."""
    wall, cpu = time.perf_counter(), cpu_seconds()
    run()
    seconds = time.perf_counter() - wall
    reap()
    return seconds, cpu_seconds() - cpu


def command(*arguments: str | Path, **environment: str) -> Callable[[], str]:
    """A function that runs a command, which must succeed, and gives what it printed."""
    words = [str(argument) for argument in arguments]

    def run() -> str:
        variables = command_environment(environment)
        done = subprocess.run(words, env=variables, check=False, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)} failed:\n{done.stderr[-2000:] or done.stdout[-2000:]}")
        return done.stdout

    return run


def command_environment(variables: dict[str, str]) -> dict[str, str]:
    """This process's environment and some variables, for a command.

    Python keeps compiled bytecode there, as it does for a user: without, each start would compile anew.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | variables


def adopt_orphans() -> None:
    """Make this process the parent of orphans among its descendants, so that their CPU seconds count too."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)


def reap(seconds: float = 5.0) -> int:
    """Wait for children that are ending; gives how many are there still."""
    deadline = time.monotonic() + seconds
    with suppress(ChildProcessError):
        while time.monotonic() < deadline:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.01)
        return len(_children())
    return 0


def cpu_seconds() -> float:
    """CPU seconds of this process, and of its children that have ended."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


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
    keep(title, [asdict(each) for each in costs], results)


def keep(title: str, found: list[dict], results: Path) -> None:
    """Keep what was measured as JSON, under the table's title."""
    results.mkdir(parents=True, exist_ok=True)
    path = results / f"{title.lower().replace(' ', '-')}.json"
    path.write_text(json.dumps(found, indent=1))


def _children() -> list[str]:
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
