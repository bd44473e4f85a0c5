"""The notebooks as they are committed, and as analysts run them."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import nbformat
import pytest
from support.projects import CHECKOUT, NOW, STARTER, add_tenant, make_project
from support.quick import slow_but
from support.tables import message

from tidings import charts
from tidings.demo import DemoSettings, write_demo_data
from tidings.notebook.sections import without_inactive

NOTEBOOKS = sorted((STARTER / "notebooks").glob("*.ipynb"))
GALLERY = nbformat.read(STARTER / "notebooks" / "gallery.ipynb", as_version=4)
MASTER = nbformat.read(STARTER / "notebooks" / "report.ipynb", as_version=4)


def _nbval(notebook: Path, project: Path, folder: Path) -> subprocess.CompletedProcess:
    """Run a notebook top to bottom from another working directory; nbval reports any cell that fails."""
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "--nbval-lax",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
            str(notebook),
        ],
        cwd=folder,
        env=os.environ | {"TIDINGS_HOME": str(project), "TIDINGS_NOW": NOW},
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_committed_valid_and_without_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        assert not cell.get("outputs"), cell.id
        assert cell.get("execution_count") is None, cell.id


def _make(target: str, folder: Path) -> subprocess.CompletedProcess:
    """A target of the checkout's Makefile, in another folder and with the environment as it is."""
    environment = CHECKOUT / ".venv"
    ready = [f"--old-file={environment / name}" for name in ("ready", "lab")]
    command = ["make", "-f", CHECKOUT / "Makefile", f"VENV={environment}", *ready, target]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_a_notebook_saved_with_outputs_is_cleaned_and_what_was_hidden_stays_hidden(tmp_path):
    path = tmp_path / "notebooks" / "report.ipynb"
    path.parent.mkdir()
    shown = nbformat.v4.new_output("stream", text="3 rows")
    hidden = {"collapsed": True, "jupyter": {"outputs_hidden": True}, "tags": ["remove-output"]}
    cell = nbformat.v4.new_code_cell("rows()", outputs=[shown], execution_count=3, metadata=hidden, id="rows")
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)

    assert _make("clean-notebooks", tmp_path).returncode == 0
    assert nbformat.read(path, as_version=4).cells == [
        cell | {"outputs": [], "execution_count": None},
    ]


def test_a_cell_has_one_to_three_lines_and_a_chart_cell_belongs_to_a_section():
    for cell in MASTER.cells:
        if cell.cell_type == "code" and "parameters" not in cell.metadata.get("tags", []):
            assert 1 <= len(cell.source.splitlines()) <= 3, cell.id
    for cell in without_inactive(MASTER, ()).cells:
        assert "charts." not in cell.source, cell.id


def test_the_gallery_shows_every_shape():
    shown = " ".join(cell.source for cell in GALLERY.cells if cell.cell_type == "code")
    assert [name for name in charts.SHAPES if f"charts.{name}(" not in shown] == []


def test_the_parameter_cell_says_what_each_parameter_is():
    (cell,) = [cell for cell in MASTER.cells if "parameters" in cell.metadata.get("tags", [])]
    for line in cell.source.splitlines():
        assert " # " in line, line


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Path:
    project = make_project(tmp_path_factory.mktemp("demo"))
    (project / "parameters" / "demo.yaml").write_text((STARTER / "parameters" / "demo.yaml").read_text())
    write_demo_data(project / "data" / "demo", DemoSettings(end=date(2026, 11, 16), messages=4_000, weeks=3))
    return project


@pytest.mark.parametrize("name", slow_but(["report"], [path.stem for path in NOTEBOOKS]))
def test_nbval_runs_the_notebook_by_hand_from_any_folder(name, demo, tmp_path):
    done = _nbval(STARTER / "notebooks" / f"{name}.ipynb", demo, tmp_path)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    assert "failed" not in done.stdout


@pytest.mark.slow
def test_nbval_tells_a_cell_that_fails(demo, tmp_path):
    notebook = nbformat.from_dict(MASTER)
    notebook.cells = [*MASTER.cells[:3], nbformat.v4.new_code_cell("open_edition('nobody')")]
    nbformat.write(notebook, tmp_path / "broken.ipynb")
    assert _nbval(tmp_path / "broken.ipynb", demo, tmp_path).returncode == 1


@pytest.mark.slow
def test_a_service_that_the_tenant_lacks_leaves_nothing_on_the_page_of_a_notebook_run_by_hand(tmp_path):
    project = make_project(tmp_path / "project")
    add_tenant(project, "acme", tables={"messages": [message("2026-11-10 15:00")]})
    executed = tmp_path / "by-hand.ipynb"
    source = nbformat.from_dict(MASTER)
    source.cells[0].source = source.cells[0].source.replace('"demo"', '"acme"')
    nbformat.write(source, executed)
    subprocess.run(
        [
            sys.executable,
            "-m",
            "jupyter",
            "nbconvert",
            "--execute",
            "--to",
            "notebook",
            "--inplace",
            str(executed),
        ],
        env=os.environ | {"TIDINGS_HOME": str(project), "TIDINGS_NOW": NOW},
        check=True,
        capture_output=True,
        timeout=280,
    )
    from tidings.page.page import page_html

    page = page_html(nbformat.read(executed, as_version=4))
    assert "Activity" in page
    assert "Contact Center" not in page
    assert "Chatbot" not in page
