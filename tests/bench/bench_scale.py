"""Growth: what an edition costs as there are more tenants, and as there are more workers in a cluster."""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import psutil
from bench.measure import command_environment, cost, cpu_seconds, keep, reap, took
from bench.tenants import BIN, RESULTS, Tenants, alike
from rich.console import Console
from rich.table import Table

_SMALL = 2_000  # messages: what an edition costs beside its data
_ON_CLUSTER = 12
_EVERY = 0.5  # seconds from one look at the memory to the next
_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Growth:
    """A batch of so many tenants.

    Attributes
    ----------
    seconds, cpu_seconds : float
        For each edition.
    coordinator, workers : tuple of float
        Megabytes of memory in the first and in the last quarter of the run: of the process that
        coordinates, and of the largest worker.
    left : int
        Processes and temporary files that are there still when the batch has ended.
    again : float
        Seconds of the same batch once more, start included, now that every edition is up to date.
    """

    tenants: int
    seconds: float
    cpu_seconds: float
    coordinator: tuple[float, float]
    workers: tuple[float, float]
    left: int
    again: float


def many_tenants(folder: Path, sizes: tuple[int, ...]) -> None:
    """Batches of ever more tenants with equal data: what each edition takes, and what memory."""
    found = [_grown(folder, size) for size in sizes]
    rows = [
        (
            *(f"{each.tenants:,}", f"{each.seconds:.2f}", f"{each.cpu_seconds:.2f}"),
            *(f"{first:.0f} → {last:.0f}" for first, last in (each.coordinator, each.workers)),
            *(str(each.left), f"{each.again:.1f}"),
        )
        for each in found
    ]
    headings = ("tenants", "seconds each", "CPU seconds each", "coordinator MB", "worker MB", "left", "again")
    _print("Batches of many tenants", headings, rows)
    keep("many tenants", [asdict(each) for each in found], RESULTS)


def clusters(folder: Path, sizes: tuple[int, ...]) -> None:
    """The same batch on Dask clusters of so many workers, each with one thread, on this machine."""
    project = alike(folder / "cluster", _ON_CLUSTER, _SMALL)
    found = []
    for size in sizes:
        with _cluster(project, size) as address:
            run = project.batch(project.ids, "--scheduler", address)
            run()  # by which the workers have their kernels warm
            found.append({"workers": size, "seconds": cost("", run, 1).seconds / _ON_CLUSTER})
    rows = [(str(each["workers"]), f"{each['seconds']:.2f}", f"{60 / each['seconds']:.1f}") for each in found]
    _print("Batches on a Dask cluster", ("workers", "seconds each", "reports a minute"), rows)
    keep("clusters", found, RESULTS)


def _grown(folder: Path, tenants: int) -> Growth:
    project = alike(folder / str(tenants), tenants, _SMALL)
    temporary = project.folder / "tmp"
    temporary.mkdir()
    options = ("--jobs", "2", "--period", project.period, "--outputs", project.new_outputs())
    words, environment = (BIN / "tidings", "reports", *options), {"TMPDIR": str(temporary)}
    wall, cpu = time.perf_counter(), cpu_seconds()
    memory = _watched(words, project.environment | environment)
    wall, left = time.perf_counter() - wall, reap() + len(os.listdir(temporary))
    each = (wall / tenants, (cpu_seconds() - cpu) / tenants)
    coordinator, workers = zip(*memory, strict=True)
    again, _ = took(project.run(*words, **environment))
    return Growth(tenants, *each, _first_and_last(coordinator), _first_and_last(workers), left, again)


def _watched(words: tuple[Any, ...], environment: dict[str, str]) -> list[tuple[float, float]]:
    """Run a batch, and look at the memory of its coordinator and of its largest worker, again and again."""
    seen = []
    with subprocess.Popen(words, env=command_environment(environment), stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            with suppress(psutil.NoSuchProcess):
                coordinator = psutil.Process(process.pid)
                workers = [child.memory_info().rss for child in coordinator.children()]
                seen.append((coordinator.memory_info().rss / _MEGABYTE, max(workers, default=0) / _MEGABYTE))
            time.sleep(_EVERY)
    if process.returncode:
        raise RuntimeError(f"the batch ended with status {process.returncode}")
    return seen


def _first_and_last(seen: tuple[float, ...]) -> tuple[float, float]:
    """The medians of the first quarter, without the start, and of the last."""
    quarter = max(len(seen) // 4, 1)
    return median(seen[quarter : 2 * quarter] or seen), median(seen[-quarter:])


@contextmanager
def _cluster(project: Tenants, workers: int) -> Iterator[str]:
    """A scheduler and its workers as an operator starts them; gives the scheduler's address."""
    file = project.folder / f"scheduler-{workers}.json"
    environment = command_environment(project.environment)
    many = ("--nworkers", str(workers), "--nthreads", "1")
    commands = (("scheduler", "--port", "0", "--host", "127.0.0.1"), ("worker", *many))
    with ExitStack() as stack:
        for options in commands:
            words = [BIN / "dask", *options, "--scheduler-file", file, "--no-dashboard"]
            process = subprocess.Popen(words, env=environment, stderr=subprocess.DEVNULL)
            stack.callback(process.wait)
            stack.callback(process.terminate)
            while not file.exists():
                time.sleep(0.1)
        time.sleep(5)  # until the workers have joined
        yield json.loads(file.read_text())["address"]


def _print(title: str, headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    table = Table(title=title, title_justify="left")
    for heading in headings:
        table.add_column(heading, justify="right")
    for row in rows:
        table.add_row(*row)
    Console(width=110).print(table)
