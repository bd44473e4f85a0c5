"""A trial of a notebook before it is committed: nbval executes it for a tenant, on the demo's data."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

import nbformat
import yaml
from nbformat import NotebookNode

from tidings import errors
from tidings.demo import DemoSettings, write_demo_data
from tidings.errors import TidingsError, UsageError
from tidings.metrics import METRICS
from tidings.notebook.environment import environment_of_kernels
from tidings.notebook.execute import read_master
from tidings.notebook.sections import services_of_cells
from tidings.preview.cells import cells_to_execute, find_line, without_colors
from tidings.tenants.tenant import Tenant

_MESSAGES, _WEEKS, _END, _NOW = 4_000, 3, date(2026, 11, 16), "2026-11-18T12:00:00Z"
_ASKED = {"period": "2026-11-09..2026-11-15", "parameters": "parameters", "unfinished": False}
_TRIED = {"name", "services", "cadence", "time_zone", "week_starts", "language", "recipients"}
_SECONDS = 300
_NUMBERS = {compute.metric.name: compute.metric.services for compute in METRICS}


@dataclass(frozen=True)
class Finding:
    """What an analyst has to mend in a notebook, where, and the line as it stands there, if one is known."""

    where: str
    what: str
    line: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" + (f"\n  {self.line}" if self.line else "")


def find_saved_outputs(folder: Path) -> list[Finding]:
    """The notebooks of a folder that were saved with outputs, which may hold a tenant's numbers."""
    found = []
    for path in sorted(folder.glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        if any(cell.get("outputs") or cell.get("execution_count") for cell in notebook.cells):
            remedy = "run make clean-notebooks"
            found.append(Finding(f"{folder.name}/{path.name}", f"it was saved with outputs: {remedy}"))
    return found


def check_notebook(path: Path, tenant: Tenant) -> list[Finding]:
    """What is wrong in a notebook as a report of a tenant would be made from it; nothing where all is well.

    It is executed on a few weeks of the demo's data, whatever the tenant's source is, so that neither that
    nor a network is needed. The notebook is not changed.
    """
    name = f"{path.parent.name}/{path.name}"
    try:
        notebook = read_master(path)
    except TidingsError as error:
        return [Finding(error.where or name, f"{error.what}; {error.remedy}")]
    with TemporaryDirectory(prefix="tidings-check-") as folder:
        _write_trial(Path(folder), tenant)
        cells = cells_to_execute(notebook, tenant.services, {"tenant": tenant.id, **_ASKED})
        lacking = list(_asked_of_lacking(notebook, tenant, name))
        nbformat.write(_with_sources(notebook, cells), Path(folder) / "trial.ipynb")
        return [*lacking, *_executed(Path(folder), notebook, name)]


def _write_trial(folder: Path, tenant: Tenant) -> None:
    """Write a project with the tenant as it is, but for its source: that is the demo's data."""
    own = tenant.model_dump(mode="json", include=_TRIED, exclude_defaults=True)
    (folder / "parameters").mkdir()
    text = yaml.safe_dump(own | {"source": "data"}, allow_unicode=True)
    (folder / "parameters" / f"{tenant.id}.yaml").write_text(text, encoding="utf-8")
    write_demo_data(folder / "data", DemoSettings(end=_END, messages=_MESSAGES, weeks=_WEEKS))


def _asked_of_lacking(notebook: NotebookNode, tenant: Tenant, name: str) -> Iterator[Finding]:
    """The numbers that cells ask for though they are of a service that the tenant does not have.

    A cell of one of its own services may ask for it: cards leave such a number out by themselves.
    """
    for place, (cell, needed) in enumerate(zip(notebook.cells, services_of_cells(notebook), strict=True)):
        asked = _numbers_asked_for(cell.source) if cell.cell_type == "code" else ()
        for line, number in asked:
            services = set(_NUMBERS[number])
            if needed <= set(tenant.services) and not services & needed and services - set(tenant.services):
                what = (
                    f"it asks for {number.partition('.')[2]}, which the services of tenant {tenant.id} lack"
                )
                tag = f"section-{_NUMBERS[number][0]}"
                remedy = f"give the cell the tag {tag}, or put it below a heading that has it"
                yield Finding(f"{name}, cell {place + 1}, line {line}", f"{what}: {remedy}")


def _numbers_asked_for(source: str) -> Iterator[tuple[int, str]]:
    """Line and name of each of the library's numbers that a cell speaks of; none if it is no Python."""
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError:
        return
    for node in nodes:
        if isinstance(node, ast.Attribute) and (name := ast.unparse(node)) in _NUMBERS:
            yield node.lineno, name


def _with_sources(notebook: NotebookNode, cells: list[tuple[int, str]]) -> NotebookNode:
    """The notebook with nothing in its cells of code but what is executed of them."""
    sources = dict(cells)
    for place, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            cell.source = sources.get(place, "pass")
    return notebook


def _executed(folder: Path, notebook: NotebookNode, name: str) -> Iterator[Finding]:
    """The first cell that fails when nbval executes the trial, if one does."""
    options = [
        "--nbval-lax",
        "--nbval-current-env",
        "-q",
        *("-p", "tidings.notebook.lean"),  # before nbval imports nbformat
        *("-p", "no:cacheprovider"),
        "--rootdir=.",
        "-c=trial.ini",
        "--junit-xml=trial.xml",
    ]
    (folder / "trial.ini").write_text("[pytest]\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "trial.ipynb"],
        cwd=folder,
        env=environment_of_kernels() | {"TIDINGS_HOME": str(folder), "TIDINGS_NOW": _NOW},
        capture_output=True,
        text=True,
        check=False,
        timeout=_SECONDS,
    )
    if not (folder / "trial.xml").is_file():
        raise UsageError(
            f"nbval could not execute it: {(done.stderr or done.stdout).strip().splitlines()[-1]}",
            where=name,
            remedy="in a checkout use make check; else install tidings[lab]",
        )
    places = [place for place, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    for case in ElementTree.parse(folder / "trial.xml").iter("testcase"):
        if (failure := case.find("failure")) is not None:
            place = places[int(case.get("name", "").rpartition(" ")[2])]
            yield _failure(failure.text or "", notebook.cells[place], f"{name}, cell {place + 1}")
            return


def _failure(told: str, cell: NotebookNode, where: str) -> Finding:
    """What nbval told of a cell that failed, as its error says it."""
    number, line = find_line(told, cell.source)
    place = where + (f", line {number}" if number else "")
    return Finding(place, _last_words(without_colors(told).strip()), line)


def _last_words(traceback: str) -> str:
    """The error at a traceback's end; those of the library speak for themselves."""
    words = traceback.rpartition("\n\n")[2]
    kind, _, message = words.partition(": ")
    return message if hasattr(errors, kind) else words
