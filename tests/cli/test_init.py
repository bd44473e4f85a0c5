"""A new project: what is written into an empty folder, and when nothing is."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.projects import STARTER

FILES = {
    *(".gitignore", "Makefile", "parameters/demo.yaml", "parameters/tenant.schema.json"),
    *("notebooks/report.ipynb", "notebooks/review.ipynb", "notebooks/gallery.ipynb"),
    *("sources/amazon-connect.sql", "sources/chatwoot.sql", "sources/dialogflow-cx.sql"),
    *("sources/rasa.sql", "sources/rocket-chat.sql"),
}


def _tidings(folder: Path, *words: str) -> subprocess.CompletedProcess:
    """The command line in a folder that nothing says is a project."""
    environment = {name: value for name, value in os.environ.items() if name != "TIDINGS_HOME"}
    command = [sys.executable, "-m", "tidings", *words]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def _written(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_an_empty_folder_becomes_a_project_with_a_demo_tenant(tmp_path):
    done = _tidings(tmp_path, "init")

    assert (done.returncode, done.stderr) == (0, "")
    assert _written(tmp_path) == FILES
    for name in FILES - {".gitignore", "Makefile"}:
        assert (tmp_path / name).read_bytes() == (STARTER / name).read_bytes(), name
    *written, following = done.stdout.splitlines()
    assert written == [
        *("written: parameters/demo.yaml", "written: parameters/tenant.schema.json"),
        *("written: notebooks/report.ipynb", "written: notebooks/review.ipynb"),
        "written: notebooks/gallery.ipynb",
        *("written: sources/amazon-connect.sql", "written: sources/chatwoot.sql"),
        *("written: sources/dialogflow-cx.sql", "written: sources/rasa.sql"),
        "written: sources/rocket-chat.sql",
        *("written: Makefile", "written: .gitignore"),
    ]
    assert following == "next: tidings demo"


def test_a_folder_that_is_named_is_made(tmp_path):
    done = _tidings(tmp_path, "init", "reports/acme")

    assert _written(tmp_path / "reports" / "acme") == FILES
    assert done.stdout.splitlines()[-1] == "next: cd reports/acme && tidings demo"


def test_nothing_is_written_where_one_of_the_files_is_already(tmp_path):
    (tmp_path / "Makefile").write_text("all:\n")

    done = _tidings(tmp_path, "init")

    assert done.returncode == 1
    assert "folder .: has Makefile already; nothing was written" in done.stderr
    assert "tidings init <folder>" in done.stderr
    assert _written(tmp_path) == {"Makefile"}
    assert (tmp_path / "Makefile").read_text() == "all:\n"


def test_other_files_of_the_folder_are_left_as_they_are(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")

    assert _tidings(tmp_path, "init").returncode == 0
    assert _written(tmp_path) == {*FILES, "notes.txt"}
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_folder_that_cannot_be_made_is_named_without_a_traceback(tmp_path):
    (tmp_path / "file").write_text("")

    done = _tidings(tmp_path, "init", "file/project")

    assert done.returncode == 1
    assert "file file/project/parameters/demo.yaml: cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_project_the_error_names_init(tmp_path, monkeypatch):
    # The checkout, which would be taken otherwise, is not one while its notebook is said to be elsewhere.
    monkeypatch.delenv("TIDINGS_HOME", raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tidings.project._LIBRARY_HOME", tmp_path)
    from tidings.errors import ParametersError
    from tidings.project import project_folder

    with pytest.raises(ParametersError, match="tidings init"):
        project_folder()


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A new project; its tests write nothing."""
    folder = tmp_path_factory.mktemp("project")
    assert _tidings(folder, "init").returncode == 0
    return folder


@pytest.mark.parametrize(
    ("words", "runs"),
    [
        (["demo"], "tidings demo"),
        (["report", "TENANT=acme"], "tidings report acme"),
        (["report"], "tidings report demo"),
        (["due"], "tidings due"),
        (["preview"], "tidings preview demo"),
        (["check"], "tidings check"),
        (["lab"], "tidings lab"),
        (["lab", "TENANT=acme"], "tidings lab --tenant acme"),
    ],
)
def test_the_makefile_of_a_new_project_runs_the_command_line(project, words, runs):
    command = ["make", "--dry-run", "--no-print-directory", *words]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == runs
    assert len((project / "Makefile").read_text().splitlines()) == 8
