"""A side of the benchmark of large tenants, in its own process: ``python -m bench.large_side SIDE TASK``.

Prints one line of JSON: what it cost once everything was imported, the most memory it held, and the numbers.
"""

import json
import resource
import sys
import time
from importlib import import_module
from pathlib import Path

from bench.large_task import Task


def main(side: str, task: Task) -> None:
    """Compute the numbers by ``tidings``, ``sql`` or ``pandas``, and print them with their cost."""
    numbers = import_module(f"bench.large_{side}").numbers
    wall, cpu = time.perf_counter(), time.process_time()
    values = numbers(task)
    cost = {"seconds": time.perf_counter() - wall, "cpu_seconds": time.process_time() - cpu}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps(cost | {"peak_bytes": peak, "values": values}))


if __name__ == "__main__":
    main(sys.argv[1], Task.read(Path(sys.argv[2])))
