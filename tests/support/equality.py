"""The table of engines: ``python -m support.equality`` makes every number on each of them, and on files."""

import tempfile
from pathlib import Path

from support.engines import ENGINES
from support.random_rows import CLOCK_CHANGE, assert_same_numbers, random_tables, twins
from support.tables import edition_in, edition_of

from tidings.metrics import METRICS

ROWS = {"random rows": random_tables(seed=7), "names that are nearly one": twins()}


def _count_equal(engine: str) -> list[str]:
    """A line of the table."""
    with ENGINES[engine]() as fill, tempfile.TemporaryDirectory() as folder:
        counts, version = [], ""
        for tables in ROWS.values():
            files = edition_of(Path(folder), CLOCK_CHANGE, tables, time_zone="Europe/Amsterdam")
            there = edition_in(fill(tables), CLOCK_CHANGE, Path(folder), time_zone="Europe/Amsterdam")
            equal = [compute for compute in METRICS if _is_equal(compute, files, there)]
            counts.append(f"{len(equal)} of {len(METRICS)}")
            version = there.source.engine[1]
        return [engine, version, *counts]


def _is_equal(compute, files, there) -> bool:
    try:
        assert_same_numbers(files, there, [compute])
    except AssertionError:
        return False
    return True


if __name__ == "__main__":
    lines = [["engine", "version", *ROWS], *(_count_equal(engine) for engine in ENGINES)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip(),
            flush=True,
        )
