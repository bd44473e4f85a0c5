"""The documentation as it is read: its text is walked, its charts drawn, its messages looked up."""

import os
import re
import shlex
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell
from support.batches import request_in
from support.projects import CHECKOUT, NOW, add_tenant, make_project, run

from tidings.demo import DemoSettings, write_demo_data
from tidings.metrics import METRICS
from tidings.page.page import page_html
from tidings.preview.check import _END
from tidings.reports.report import make_report
from tidings.review.judge import judge_edition

DOCS = CHECKOUT / "docs"
LIBRARY = "\n".join(path.read_text("utf-8") for path in (CHECKOUT / "lib" / "tidings").rglob("*.py"))


def blocks(page: str) -> list[tuple[str, str, str]]:
    """Each fenced block of a page: its language, its title and its text."""
    text = (DOCS / page).read_text("utf-8")
    found = re.findall(r"^```(\w+)(?: title=\"(.*?)\")?\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert found
    return found


def test_the_site_is_built_and_every_link_in_it_leads_somewhere(tmp_path):
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr[-2000:]
    assert (tmp_path / "site" / "start" / "index.html").is_file()


def test_getting_started_is_walked_by_its_own_text(tmp_path):
    for language, title, text in blocks("start.md"):
        if title:
            (tmp_path / title).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / title).write_text(text)
        elif language == "sh":
            for command in text.splitlines():
                program, *words = shlex.split(command)
                assert program == "tidings"
                done = run(tmp_path, *words)
                assert done.returncode in (0, 3), f"{command}\n{done.stderr}"

    made = tmp_path / "outputs" / "acme" / "2026-W46"
    assert {path.name for path in made.iterdir()} >= {"report.html", "message.eml", "report.ipynb"}
    page = (made / "report.html").read_text("utf-8")
    assert "opening hours" in page
    assert "Acme" in page


def test_every_block_of_the_cookbook_is_executed_and_makes_a_page_and_a_mail(tmp_path, kernel, monkeypatch):
    project = make_project(tmp_path)
    add_tenant(project, "acme", services="activity, chatbot, contact-center")
    write_demo_data(project / "data" / "acme", DemoSettings(end=_END, messages=4_000, weeks=3))
    path = project / "notebooks" / "report.ipynb"
    notebook = nbformat.read(path, as_version=4)
    recipes = [text for language, _, text in blocks("cookbook.md") if language == "python"]
    notebook.cells = [notebook.cells[0], *map(new_code_cell, recipes)]
    nbformat.write(notebook, path)

    monkeypatch.setenv("TIDINGS_HOME", str(project))
    monkeypatch.setenv("TIDINGS_NOW", NOW)
    made = make_report(request_in(project, "acme", period="2026-W46"), kernel, judge_edition).folder

    assert (made / "report.html").is_file()
    assert (made / "message.eml").is_file()
    executed = nbformat.read(made / "report.ipynb", as_version=4)
    silent = {recipe for recipe in recipes if recipe.lstrip().startswith(("from tidings", "@metric"))}
    for cell in executed.cells:
        if cell.source in recipes and cell.source not in silent:
            assert [each for each in cell.outputs if each.output_type != "stream"], cell.source
    assert "Messages that people wrote" in page_html(executed)


def test_every_message_of_troubleshooting_is_one_that_the_library_says():
    messages = re.findall(r"^### `(.*)`$", (DOCS / "troubleshooting.md").read_text("utf-8"), re.MULTILINE)

    assert len(messages) > 15
    for message in messages:
        for words in filter(None, (part.strip() for part in message.split("…"))):
            assert words in LIBRARY, message


def test_the_glossary_names_every_number_as_readers_see_it():
    lines = re.findall(
        r"^\| ([^|]+) \| (`[^|]+) \|$", (DOCS / "glossary.md").read_text("utf-8"), re.MULTILINE
    )
    labels = {compute.metric.name: compute.metric.label for compute in METRICS}

    assert len(lines) == 27
    for seen, recorded in lines:
        for name in re.findall(r"`(\w+\.\w+)`", recorded):
            assert labels[name].removesuffix("s") == seen.removesuffix("s"), name


@pytest.mark.parametrize("page", sorted(DOCS.glob("*.md")), ids=lambda page: page.stem)
def test_a_page_is_in_the_navigation_and_says_nothing_of_a_machine(page):
    assert f": {page.name}\n" in (CHECKOUT / "mkdocs.yml").read_text("utf-8")
    assert not re.search(r"/(root|home|tmp|work)/", page.read_text("utf-8"))
