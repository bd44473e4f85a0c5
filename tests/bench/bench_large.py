"""Large tenants: an edition's numbers by the library, by hand-written SQL and by pandas, on the same files.

``PYTHONPATH=tests python -m bench.bench_large --messages 1e5 1e6 1e7 1e8``. Each side runs in a process of
its own, in turns, and all sides must find the same numbers.
"""

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from bench.large_task import Task
from rich.console import Console
from rich.table import Table
from support.projects import CHECKOUT, STARTER

from tidings.demo import DemoSettings, last_full_week_end, write_demo_data
from tidings.periods.clock import now
from tidings.tenants.tenant import load_tenant

DAYS = 31  # of the period and of the one before: together all but one day of nine weeks
PANDAS_LIMIT = 10**7  # above this it needs more memory than most machines have


@dataclass(frozen=True)
class Measured:
    """What one side took for one edition: medians, and the most memory of any run."""

    messages: int
    checks: bool
    side: str
    seconds: float
    cpu_seconds: float
    peak_bytes: int
    runs: int


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m bench.bench_large", description=__doc__)
    options.add_argument(
        "--messages", type=float, nargs="+", default=[1e5, 1e6, 1e7], help="sizes of the data"
    )
    options.add_argument("--runs", type=int, default=3, help="how often each side is measured, up to 1e7")
    options.add_argument("--memory-limit", default="3GB", help="what DuckDB may use before it spills to disk")
    chosen = options.parse_args()
    os.environ["TIDINGS_MEMORY_LIMIT"] = chosen.memory_limit
    found = []
    for messages in map(int, chosen.messages):
        with tempfile.TemporaryDirectory() as folder:
            runs = chosen.runs if messages <= PANDAS_LIMIT else 1
            measured = list(_measure(messages, Path(folder), runs))
        _print(measured)
        found += measured
        _keep(found)


def _measure(messages: int, folder: Path, runs: int) -> Iterator[Measured]:
    """Every side, with the contract's checks and without."""
    end = write_large(messages, folder)
    period = f"{end - timedelta(days=DAYS)}..{end - timedelta(days=1)}"
    sides = ("tidings", "sql", "pandas") if messages <= PANDAS_LIMIT else ("tidings", "sql")
    for checks in (False, True):
        task = folder / "task.json"
        Task(str(folder / "data"), str(folder), period, checks).write(task)
        outcomes = defaultdict(list)
        for _ in range(runs):
            for side in sides:
                outcomes[side].append(run_side(side, task))
        _refuse_differences({side: found[0].pop("values") for side, found in outcomes.items()})
        for side, found in outcomes.items():
            yield _summed(messages, checks, side, found)


def write_large(messages: int, folder: Path) -> date:
    """Write the tables and the tenant's parameters; gives the day after the data."""
    tenant = load_tenant("demo", STARTER / "parameters")
    end = last_full_week_end(now(), tenant.zone)
    write_demo_data(folder / "data", DemoSettings(end=end, messages=messages))
    about = {
        "name": "Large",
        "services": list(tenant.services),
        "cadence": "weekly",
        "source": str(folder / "data"),
    }
    about |= {"time_zone": tenant.time_zone, "recipients": list(tenant.recipients)}
    (folder / "large.yaml").write_text(json.dumps(about))  # JSON is YAML
    return end


def run_side(side: str, task: Path) -> dict[str, Any]:
    """What a side cost and found, in a process of its own."""
    words = [sys.executable, "-m", "bench.large_side", side, task]
    return json.loads(subprocess.run(words, check=True, stdout=subprocess.PIPE).stdout)


def _summed(messages: int, checks: bool, side: str, runs: list[dict]) -> Measured:
    seconds, cpu_seconds = (median(run[what] for run in runs) for what in ("seconds", "cpu_seconds"))
    return Measured(
        messages, checks, side, seconds, cpu_seconds, max(run["peak_bytes"] for run in runs), len(runs)
    )


def _refuse_differences(values: dict[str, dict]) -> None:
    expected = values.pop("sql")
    for side, found in values.items():
        assert found.keys() == expected.keys(), f"{side}: {found.keys() ^ expected.keys()}"
        different = [name for name in expected if not same_value(found[name], expected[name])]
        assert not different, f"{side} and SQL differ in {', '.join(different)}"


def same_value(one: Any, other: Any) -> bool:
    """Whether two values are one, but for how sums are rounded."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same_value, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-6)
    return one == other


def _print(found: list[Measured]) -> None:
    """A table of what one edition cost, each side beside the hand-written SQL."""
    table = Table(title=f"An edition of {found[0].messages:,} messages", title_justify="left")
    for heading in ("checks", "side", "seconds", "CPU seconds", "peak GB", "seconds / SQL", "CPU / SQL"):
        table.add_column(heading, justify="left" if heading in ("checks", "side") else "right")
    for each in found:
        sql = next(other for other in found if (other.checks, other.side) == (each.checks, "sql"))
        table.add_row(
            *("with" if each.checks else "without", each.side),
            *(f"{each.seconds:.2f}", f"{each.cpu_seconds:.2f}", f"{each.peak_bytes / 1e9:.2f}"),
            *(f"{each.seconds / sql.seconds:.2f}", f"{each.cpu_seconds / sql.cpu_seconds:.2f}"),
        )
    Console(width=110).print(table)


def _keep(found: list[Measured]) -> None:
    results = CHECKOUT / "outputs" / "_bench"
    results.mkdir(parents=True, exist_ok=True)
    (results / "large-tenants.json").write_text(json.dumps([asdict(each) for each in found], indent=1))


if __name__ == "__main__":
    main()
