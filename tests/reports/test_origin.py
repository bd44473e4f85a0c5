"""What a report says of its origin, and that it can be made once more: equal numbers, equal bytes."""

import hashlib
import json
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

import duckdb
import nbformat
import pandas as pd
import pytest
from support.projects import NOW, add_tenant, make_project
from support.random_rows import random_tables

from tidings.mail.message import message_bytes, unaddressed_message
from tidings.notebook.scraps import recorded
from tidings.page.page import page_html
from tidings.periods.zone_data import zone_data_version
from tidings.reports.fingerprint import ingredients
from tidings.reports.order import Request, resolve
from tidings.reports.origin import origin
from tidings.reports.report import make_report

SERVICES = "activity, chatbot, contact-center"


def _request(project: Path, outputs: str) -> Request:
    return Request(
        tenant="acme",
        period="2026-W43",
        parameters=project / "parameters",
        outputs=project / outputs,
        notebook=project / "notebooks" / "report.ipynb",
    )


@pytest.fixture(scope="module")
def project(tmp_path_factory, kernel) -> Path:
    """A project in git, whose one report was executed twice."""
    project = make_project(tmp_path_factory.mktemp("origin"))
    add_tenant(project, "acme", SERVICES, random_tables(seed=4))
    git = ["git", "-C", str(project), "-c", "user.name=Ana", "-c", "user.email=ana@example.com"]
    subprocess.run([*git, "init", "--quiet"], check=True)
    subprocess.run([*git, "add", "notebooks", "parameters"], check=True)
    subprocess.run([*git, "commit", "--quiet", "--message", "Begin"], check=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TIDINGS_HOME", str(project))
        patch.setenv("TIDINGS_NOW", NOW)
        for outputs in ("once", "again"):
            make_report(_request(project, outputs), kernel)
    return project


def _executed(project: Path, outputs: str) -> nbformat.NotebookNode:
    return nbformat.read(project / outputs / "acme" / "2026-W43" / "report.ipynb", as_version=4)


def test_an_executed_notebook_says_what_it_was_made_from_and_by_what(project):
    said = _executed(project, "once").metadata.tidings
    head = subprocess.run(
        ["git", "-C", str(project), "rev-parse", "HEAD"], capture_output=True, text=True, check=True
    )
    master = (project / "notebooks" / "report.ipynb").read_bytes()
    assert said["version"] == version("tidings")
    assert said["revision"] == head.stdout.strip()
    assert said["notebook"] == hashlib.sha256(master).hexdigest()
    assert said["period"] == "2026-W43"
    assert said["zone_data"] == zone_data_version("America/Bogota")
    assert (said["engine"], said["engine_version"]) == ("duckdb", duckdb.__version__)
    assert len(said["source"]) == len(said["library"]) == 64
    assert said["parameters"]["services"] == ["activity", "chatbot", "contact-center"]


def test_an_origin_names_neither_recipients_nor_source(project):
    said = json.dumps(_executed(project, "once").metadata.tidings)
    assert "ana@example.com" not in said
    assert "data/acme" not in said


def test_an_edition_executed_again_gives_equal_values(project):
    once, again = (recorded(_executed(project, outputs)) for outputs in ("once", "again"))
    assert list(once) == list(again)
    for name, value in once.items():
        if isinstance(value, pd.DataFrame):
            pd.testing.assert_frame_equal(value, again[name], check_exact=True, obj=name)
        else:
            assert value == again[name], name


def test_an_edition_executed_again_gives_the_same_pictures_to_the_byte(project):
    once, again = (_pictures(_executed(project, outputs)) for outputs in ("once", "again"))
    assert len(once) > 10
    assert once == again


def _pictures(notebook: nbformat.NotebookNode) -> list[str]:
    shown = [output.get("data", {}) for cell in notebook.cells for output in cell.get("outputs", ())]
    return [data["image/png"] for data in shown if "image/png" in data]


def test_page_and_message_made_again_from_one_notebook_are_the_same_to_the_byte(project, monkeypatch):
    monkeypatch.setenv("TIDINGS_HOME", str(project))
    monkeypatch.setenv("TIDINGS_NOW", "2027-03-01T09:30:00Z")
    order = resolve(_request(project, "once"))
    folder = project / "once" / "acme" / "2026-W43"
    notebook = _executed(project, "once")
    assert page_html(notebook).encode() == (folder / "report.html").read_bytes()
    message = unaddressed_message(notebook, order.tenant, order.period)
    assert message_bytes(message) == (folder / "message.eml").read_bytes()


def test_page_and_message_of_an_edition_executed_again_are_the_same_to_the_byte(project):
    for name in ("report.html", "message.eml", "message.html"):
        once, again = ((project / outputs / "acme" / "2026-W43" / name) for outputs in ("once", "again"))
        assert once.read_bytes() == again.read_bytes(), name


def test_a_project_with_changes_or_outside_of_git_says_so(project, tmp_path, monkeypatch):
    def revision(folder: Path) -> str | None:
        monkeypatch.setenv("TIDINGS_HOME", str(folder))
        request = _request(folder, "outputs")
        order = resolve(request)
        return origin(order, ingredients(request, order))["revision"]

    plain, changed = tmp_path / "plain", tmp_path / "changed"
    shutil.copytree(project, plain, ignore=shutil.ignore_patterns(".git"))
    shutil.copytree(project, changed)
    with (changed / "parameters" / "acme.yaml").open("a") as file:
        file.write("language: es\n")
    assert revision(plain) is None
    assert revision(changed).endswith("-dirty")
