"""``make bench``: what a report costs, beside the plain way, in one run on the same notebook and data."""

import argparse
import sys
import tempfile
from pathlib import Path

from bench.measure import command, cost, report
from support.projects import CHECKOUT

from tidings.clock import now
from tidings.demo import DemoSettings, last_full_week_end, write_demo_data
from tidings.parameters import load_tenant
from tidings.period import latest_period

_BIN = Path(sys.executable).parent


def main() -> None:
    options = argparse.ArgumentParser(prog="make bench", description=__doc__)
    options.add_argument("--runs", type=int, default=3, help="how often each way is measured")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        one_report(Path(folder), chosen.runs)


def one_report(folder: Path, runs: int) -> None:
    """One report of the demo: plain commands, and ours."""
    tenant = load_tenant("demo", CHECKOUT / "parameters")
    write_demo_data(CHECKOUT / tenant.source, DemoSettings(end=last_full_week_end(now(), tenant.zone)))
    period = latest_period(tenant, now()).key
    executed = folder / "plain.ipynb"
    papermill = command(
        *(_BIN / "papermill", CHECKOUT / "notebooks" / "report.ipynb", executed),
        *("-p", "tenant", "demo", "-p", "period", period, "--no-progress-bar"),
    )
    nbconvert = command(_BIN / "jupyter", "nbconvert", "--to", "tidings-page", executed)

    def plain() -> None:
        papermill()
        nbconvert()

    def ours() -> None:
        outputs = tempfile.mkdtemp(dir=folder)
        command(_BIN / "tidings", "report", "demo", "--period", period, "--outputs", outputs)()

    ways = [cost("papermill, then nbconvert", plain, runs), cost("tidings report", ours, runs)]
    report("One report", ways, plain="papermill, then nbconvert", results=CHECKOUT / "outputs" / "_bench")


if __name__ == "__main__":
    main()
