"""Small projects in a folder of their own: parameters, data, and the master notebook."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
from support.tables import write_tables

CHECKOUT = Path(__file__).parents[2]
STARTER = CHECKOUT / "lib" / "tidings" / "starter"
"""What a new project begins with: tests use it, and never the notebooks and parameters that analysts edit."""
NOW = "2026-11-18T12:00:00Z"

TENANT = """\
name: Acme
services: [{services}]
cadence: weekly
time_zone: America/Bogota
recipients: [ana@example.com]
source: data/{tenant}
"""


_KEPT = {"parameters", "imports", "edition", "incoming-messages", "footer"}


def make_project(folder: Path, *, short: bool = False) -> Path:
    """A project with the notebooks and no tenant yet; the report's has one chart, where it may be short."""
    (folder / "parameters").mkdir(parents=True)
    (folder / "notebooks").mkdir()
    for name in ("report.ipynb", "review.ipynb"):
        shutil.copy(STARTER / "notebooks" / name, folder / "notebooks")
    if short:
        path = folder / "notebooks" / "report.ipynb"
        notebook = nbformat.read(path, as_version=4)
        notebook.cells = [cell for cell in notebook.cells if cell.id in _KEPT]
        nbformat.write(notebook, path)
    return folder


def add_tenant(project: Path, tenant: str, services: str = "activity", tables: dict | None = None) -> Path:
    """A tenant's file, and its tables where they are given."""
    path = project / "parameters" / f"{tenant}.yaml"
    path.write_text(TENANT.format(tenant=tenant, services=services))
    if tables is not None:
        write_tables(project / "data" / tenant, **tables)
    return path


def run(
    project: Path, *arguments: str, now: str = NOW, seconds: int = 300, **environment: str
) -> subprocess.CompletedProcess:
    """The command line, as a user runs it in a project; it may take so many seconds."""
    return subprocess.run(
        [sys.executable, "-m", "tidings", *arguments],
        cwd=project,
        env=os.environ | {"TIDINGS_HOME": str(project), "TIDINGS_NOW": now} | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
    )
