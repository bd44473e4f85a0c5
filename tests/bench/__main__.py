"""``make bench``: what reports cost, beside the plain way, in one run on the same notebook and data."""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.bench_batch import batches
from bench.bench_scale import clusters, many_tenants
from bench.bench_start import starts
from bench.measure import adopt_orphans


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    runs: int
    batch: int
    tenants: tuple[int, ...]
    workers: tuple[int, ...]
    messages: tuple[str, ...]
    kills: int


SIZES = {
    "quick": Size(1, batch=24, tenants=(10, 50), workers=(1, 2), messages=("1e5", "1e6"), kills=20),
    "full": Size(
        3,
        batch=48,
        tenants=(10, 100, 1000),
        workers=(1, 2, 4),
        messages=("1e5", "1e6", "1e7", "1e8"),
        kills=200,
    ),
}
PARTS: dict[str, Callable[[Path, Size], None]] = {
    "starting": lambda folder, size: starts(folder, size.runs),
    "batches": lambda folder, size: batches(folder, size.runs, size.batch),
    "tenants": lambda folder, size: many_tenants(folder, size.tenants),
    "clusters": lambda folder, size: clusters(folder, size.workers),
    "large": lambda folder, size: _run(
        "bench.bench_large", "--messages", *size.messages, "--runs", size.runs
    ),
    "engines": lambda folder, size: _run(
        "bench.bench_engines", "--messages", *size.messages[:2], "--runs", max(size.runs, 2)
    ),
    "delivery": lambda folder, size: _run("bench.bench_delivery", "--runs", size.runs, "--kills", size.kills),
}


def main() -> None:
    options = argparse.ArgumentParser(prog="make bench", description=__doc__)
    options.add_argument("--size", choices=SIZES, default="quick", help="minutes, or an hour")
    options.add_argument("--only", choices=PARTS, help="one part alone")
    chosen = options.parse_args()
    adopt_orphans()
    for name, part in PARTS.items():
        if chosen.only in (None, name):
            with tempfile.TemporaryDirectory() as folder:
                part(Path(folder), SIZES[chosen.size])


def _run(module: str, *options: object) -> None:
    """Run a benchmark that is a command of its own, with settings for its whole process."""
    subprocess.run([sys.executable, "-m", module, *map(str, options)], check=True)


if __name__ == "__main__":
    main()
