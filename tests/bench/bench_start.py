"""Starting: what one command takes from its start to its end, beside the plain commands for one report."""

from pathlib import Path

from bench.measure import in_turns, report, took
from bench.tenants import BIN, RESULTS, alike, papermill_and_nbconvert

_MESSAGES = 120_000  # as the demo has them
_PLAIN = "papermill, then nbconvert"


def starts(folder: Path, runs: int) -> None:
    """Measure one report, then commands that have nothing to make, and print a table."""
    project = alike(folder / "starting", 1, _MESSAGES)
    (tenant,) = project.ids
    finished = ("--outputs", project.new_outputs())

    def tidings(*words: str | Path) -> tuple[float, float]:
        return took(project.run(BIN / "tidings", *words))

    tidings("report", tenant, *finished)
    ways = {
        _PLAIN: lambda: took(lambda: papermill_and_nbconvert(project, tenant, project.new_outputs())),
        "tidings report": lambda: tidings("report", tenant, "--outputs", project.new_outputs()),
        "tidings report, up to date": lambda: tidings("report", tenant, *finished),
        "tidings reports, all up to date": lambda: tidings("reports", "--tenants", tenant, *finished),
        "tidings status": lambda: tidings("status", *finished),
        "tidings --help": lambda: tidings("--help"),
    }
    report("Starting", in_turns(ways, runs), plain=_PLAIN, results=RESULTS)
