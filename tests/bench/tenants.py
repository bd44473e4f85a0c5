"""A project of many demo tenants, and the commands that make their reports in it."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from bench.measure import command
from support.projects import CHECKOUT, STARTER, make_project

from tidings.demo import DemoSettings, last_full_week_end, write_demo_data
from tidings.periods.clock import now
from tidings.periods.period import latest_period
from tidings.tenants.tenant import load_tenant

BIN = Path(sys.executable).parent
BESIDE = CHECKOUT / ".venv-bench" / "bin"  # an environment that also holds what is measured beside ours
RESULTS = CHECKOUT / "outputs" / "_bench"


@dataclass(frozen=True)
class Tenants:
    """A project whose tenants can each be reported on.

    Attributes
    ----------
    folder : Path
        The project's.
    ids : tuple of str
        The tenants.
    period : str
        Of the reports.
    """

    folder: Path
    ids: tuple[str, ...]
    period: str

    @property
    def notebook(self) -> Path:
        """The master notebook."""
        return self.folder / "notebooks" / "report.ipynb"

    @property
    def environment(self) -> dict[str, str]:
        """The variables that make a command one of this project."""
        path = os.pathsep.join(filter(None, [str(CHECKOUT / "tests"), os.environ.get("PYTHONPATH")]))
        return {"PYTHONPATH": path, "TIDINGS_HOME": str(self.folder)}

    def new_outputs(self) -> Path:
        """A folder without any report."""
        return Path(mkdtemp(prefix="outputs-", dir=self.folder))

    def run(self, *words: str | Path, **environment: str) -> Callable[[], str]:
        """A command run in the project."""
        return command(*words, **(self.environment | environment))

    def batch(self, ids: tuple[str, ...], *options: str, **environment: str) -> Callable[[], str]:
        """``tidings reports`` into a folder without any report."""

        def run() -> str:
            folders = ("--period", self.period, "--outputs", self.new_outputs())
            words = ("reports", "--tenants", ",".join(ids), *folders, *options)
            return self.run(BIN / "tidings", *words, **environment)()

        return run


def sharing(folder: Path, count: int, messages: int) -> Tenants:
    """Tenants of unequal size that share a source, each row saying whose it is."""
    ids = tuple(f"tenant-{number:04}" for number in range(1, count + 1))
    return _project(folder, ids, DemoSettings(end=_end(), messages=messages, tenants=count))


def alike(folder: Path, count: int, messages: int) -> Tenants:
    """Tenants with equal data: the same files, each believing them its own."""
    ids = tuple(f"tenant-{number:04}" for number in range(1, count + 1))
    return _project(folder, ids, DemoSettings(end=_end(), messages=messages))


def papermill_and_nbconvert(project: Tenants, tenant: str, outputs: Path) -> None:
    """The plain way to one report: a notebook executed and its page rendered, by a command each."""
    executed = outputs / f"{tenant}.ipynb"
    parameters = ("-p", "tenant", tenant, "-p", "period", project.period)
    project.run(BIN / "papermill", project.notebook, executed, *parameters, "--no-progress-bar")()
    project.run(BIN / "jupyter", "nbconvert", "--to", "tidings-page", executed)()


def _end():
    return last_full_week_end(now(), load_tenant("demo", STARTER / "parameters").zone)


def _project(folder: Path, ids: tuple[str, ...], settings: DemoSettings) -> Tenants:
    make_project(folder)
    write_demo_data(folder / "data" / "demo", settings)
    own = (STARTER / "parameters" / "demo.yaml").read_text()
    shared = own.replace("tenant_column: false", f"tenant_column: {'true' if settings.tenants else 'false'}")
    for tenant in ids:
        (folder / "parameters" / f"{tenant}.yaml").write_text(shared)
    period = latest_period(load_tenant(ids[0], folder / "parameters"), now()).key
    return Tenants(folder, ids, period)
