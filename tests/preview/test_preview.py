"""A notebook saved again is executed from where it changed; what is wrong stands beside the last page."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from support.projects import NOW, add_tenant, make_project
from support.tables import message

from tidings.preview.preview import Preview, Shown
from tidings.reports.order import Request

BEGINNING = (
    new_code_cell('tenant = "demo"\nperiod = "latest"', metadata={"tags": ["parameters"]}),
    new_code_cell("from tidings import *\nfrom IPython.display import Markdown"),
    new_code_cell("edition = open_edition(tenant, period)"),
)
WORDS = new_markdown_cell("As it *was*.")


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    folder = make_project(tmp_path, short=True)
    add_tenant(folder, "acme", tables={"messages": [message("2026-11-10 15:00")]})
    monkeypatch.setenv("TIDINGS_HOME", str(folder))
    monkeypatch.setenv("TIDINGS_NOW", NOW)
    return folder


def save(project: Path, *cells: str) -> None:
    """Save the notebook with these cells of code after its beginning, and some words."""
    notebook = new_notebook(cells=[*BEGINNING, WORDS, *map(new_code_cell, cells)])
    nbformat.write(notebook, project / "notebooks" / "report.ipynb")


Step = Callable[[], None]


def seen(kernel, project: Path, *steps: Step) -> list[tuple[Shown, str]]:
    """What is shown after each step, with the page as it then is."""
    parameters, notebook = project / "parameters", project / "notebooks" / "report.ipynb"
    request = Request("acme", "latest", parameters, project / "outputs", notebook)

    async def run() -> list[tuple[Shown, str]]:
        preview, found = Preview(request, kernel), []
        try:
            for step in steps:
                step()
                shown = await preview.update()
                found.append((shown, preview.rendered.page if preview.rendered else ""))
        finally:
            await preview.close()
        return found

    return asyncio.run(run())


def test_cells_are_executed_from_the_first_that_changed(kernel, project):
    first, second = seen(
        kernel,
        project,
        lambda: save(project, "n = 1", "Markdown(f'It is {n}.')", "m = 2"),
        lambda: save(project, "n = 1", "Markdown(f'It was {n}.')", "m = 2"),
    )

    assert first[0].told.startswith("all cells executed (")
    assert "It is 1." in first[1]
    assert second[0].told.startswith("cells 6 to 7 executed (")
    assert "It was 1." in second[1]
    assert "Acme" in second[0].subject


def test_words_are_seen_without_executing_anything(kernel, project, monkeypatch):
    def reword():
        monkeypatch.setitem(WORDS, "source", "As it *is*.")
        save(project)

    first, second = seen(kernel, project, lambda: save(project), reword)

    assert "As it <em>was</em>." in first[1]
    assert "As it <em>is</em>." in second[1]
    assert second[0].told.startswith("no cell had changed (")


def test_all_cells_are_executed_where_one_below_changed_what_one_above_made(kernel, project):
    first, second = seen(
        kernel,
        project,
        lambda: save(project, "things = [1]", "things.append(2)", "Markdown(f'It is {things}.')"),
        lambda: save(project, "things = [1]", "things.append(3)", "Markdown(f'It is {things}.')"),
    )

    assert second[0].told.startswith(
        "all cells executed, since a cell may have changed things, which one above it made ("
    )
    assert "It is [1, 2]." in first[1]
    assert "It is [1, 3]." in second[1]


def test_all_cells_are_executed_when_the_tenants_file_has_changed(kernel, project):
    path = project / "parameters" / "acme.yaml"
    _, (shown, page) = seen(
        kernel,
        project,
        lambda: save(project),
        lambda: path.write_text(path.read_text().replace("name: Acme", "name: Zebra & Sons")),
    )

    assert shown.told.startswith("all cells executed, since the tenant's file has changed (")
    assert "Zebra &amp; Sons" in page


def test_an_error_is_told_with_cell_and_line_and_the_last_page_stays(kernel, project):
    (_, before), (shown, page), (mended, _) = seen(
        kernel,
        project,
        lambda: save(project, "n = 1"),
        lambda: save(project, "n = 1", "def half(n):\n    return n / 0\n\nhalf(n)"),
        lambda: save(project, "n = 1", "n / 2"),
    )

    assert shown.problem.what == "ZeroDivisionError: division by zero"
    assert (shown.problem.where, shown.problem.line) == ("notebook report.ipynb, cell 6, line 4", "half(n)")
    assert page == before
    assert mended.problem is None
    assert mended.told.startswith("cell 6 executed (")


def test_a_mistake_of_syntax_is_told_with_its_line(kernel, project):
    [(shown, _)] = seen(kernel, project, lambda: save(project, "n = 1\nn = = 2"))

    assert (shown.problem.where, shown.problem.line) == ("notebook report.ipynb, cell 5, line 2", "n = = 2")


def test_what_cannot_be_shown_is_told_with_its_cell(kernel, project):
    script = "from IPython.display import Javascript\nJavascript('alert(1)')"
    [(shown, page)] = seen(kernel, project, lambda: save(project, script))

    assert shown.problem.where == "cell 5"
    assert "a script" in shown.problem.what
    assert page == ""


@pytest.mark.parametrize("half", ["", '{"cells": [{"cell_'])
def test_a_notebook_that_is_half_saved_leaves_the_last_page_as_it_was(kernel, project, half):
    path = project / "notebooks" / "report.ipynb"
    (_, before), (shown, page), (whole, _) = seen(
        kernel, project, lambda: save(project), lambda: path.write_text(half), lambda: save(project)
    )

    assert shown.problem.what.startswith("it is not whole: it may be half saved")
    assert page == before
    assert whole.told.startswith("no cell had changed")


def test_a_source_that_is_down_is_told_and_tried_again_at_the_next_save(kernel, project):
    data, away = project / "data" / "acme", project / "data" / "away"
    (shown, page), (again, there) = seen(
        kernel, project, lambda: (save(project), data.rename(away)), lambda: away.rename(data)
    )

    assert shown.problem.where == "notebook report.ipynb, cell 3, line 1"
    assert shown.problem.what.startswith("source data/acme: there is no such folder")
    assert page == ""
    assert again.problem is None
    assert "Acme" in there


def test_a_cell_that_opens_another_tenant_is_refused(kernel, project):
    add_tenant(project, "other", tables={"messages": [message("2026-11-10 15:00")]})
    [(shown, _)] = seen(kernel, project, lambda: save(project, "open_edition('other')"))

    assert "a cell opens tenant other in a report of tenant acme" in shown.problem.what


@pytest.mark.slow
def test_a_kernel_that_died_is_told_and_the_next_save_gets_another(kernel, project):
    first, second = seen(
        kernel,
        project,
        lambda: save(project, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"),
        lambda: save(project),
    )

    assert first[0].problem.what.startswith("its kernel died")
    assert second[0].told.startswith("all cells executed (")


def test_a_tenants_own_layout_is_seen_and_followed_when_its_file_names_another(kernel, project):
    master = project / "notebooks" / "report.ipynb"
    tenant = project / "parameters" / "acme.yaml"

    def lay_out() -> None:
        save(project, "Markdown('The layout of Acme.')")
        master.rename(project / "notebooks" / "acme.ipynb")
        save(project, "Markdown('The layout of all.')")
        tenant.write_text(tenant.read_text() + "notebook: notebooks/acme.ipynb\n")

    (_, of_all), (_, of_acme) = seen(
        kernel, project, lambda: save(project, "Markdown('The layout of all.')"), lay_out
    )

    assert "The layout of all." in of_all
    assert "The layout of Acme." in of_acme
