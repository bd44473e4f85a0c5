"""Batches to watch: projects of many tenants, runs in processes of their own, and what they leave behind."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import nbformat
import psutil
from support.projects import NOW, add_tenant, make_project
from support.tables import message

from tidings.reports.order import Request

ROWS = [message("2026-11-10 15:00"), message("2026-11-03 15:00")]


def project_of(folder: Path, *tenants: str, cell: str = "") -> Path:
    """A project of small tenants, whose notebook is short and begins its work with a cell of the test's."""
    project = make_project(folder, short=True)
    for tenant in tenants:
        add_tenant(project, tenant, tables={"messages": ROWS})
    path = project / "notebooks" / "report.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(2, nbformat.v4.new_code_cell(cell, id="work"))
    nbformat.write(notebook, path)
    return project


def request_in(project: Path, tenant: str = "", **changes) -> Request:
    """A request for a project's latest edition."""
    folders = {"parameters": project / "parameters", "outputs": project / "outputs"}
    notebook = project / "notebooks" / "report.ipynb"
    return Request(**({"tenant": tenant, "period": "latest", "notebook": notebook} | folders | changes))


def start_run(project: Path, *arguments: str, **environment: str) -> psutil.Popen:
    """``tidings reports`` in a process group of its own, with its own folder for temporary files."""
    places = {"TIDINGS_HOME": str(project), "TIDINGS_NOW": NOW, "TMPDIR": temporary_folder(project)}
    return psutil.Popen(
        [sys.executable, "-m", "tidings", "reports", *arguments],
        cwd=project,
        env=os.environ | places | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def temporary_folder(project: Path) -> str:
    """A project's own folder for temporary files, ``temporary``, by a name that leaves room for sockets."""
    (project / "temporary").mkdir(exist_ok=True)
    short = Path(tempfile.mkdtemp(prefix="t-", dir="/tmp")) / "t"
    short.symlink_to(project / "temporary")
    return str(short)


def states(project: Path) -> dict[str, str]:
    """What the last run says of each tenant."""
    about = json.loads((project / "outputs" / "_run.json").read_text())
    return {edition["tenant"]: edition["state"] for edition in about["editions"]}


def left_behind(project: Path) -> list[Path]:
    """Drafts and temporary files."""
    return [*project.glob("outputs/**/.draft-*"), *project.glob("temporary/*")]


def until(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether a condition comes about in time."""
    deadline = time.monotonic() + seconds
    while not (held := condition()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return held


def gone(processes: Iterable[psutil.Process], seconds: float) -> bool:
    """Whether processes have ended in time."""
    return until(lambda: not any(map(_is_running, processes)), seconds)


def _is_running(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
