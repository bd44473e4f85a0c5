"""A notebook is tried before it is committed, and what is wrong is said as an analyst understands it."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_output
from support.projects import add_tenant, make_project, run

from tidings.preview.check import check_notebook, find_saved_outputs
from tidings.tenants.tenant import load_tenant


@pytest.fixture
def project(tmp_path) -> Path:
    """A project whose tenant's source is not there: a trial needs none."""
    project = make_project(tmp_path)
    add_tenant(project, "acme")
    return project


def findings(project: Path, *cells: nbformat.NotebookNode) -> list[str]:
    """What is found in the master's first cells, which open no edition yet, with others after them."""
    path = project / "notebooks" / "report.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [*notebook.cells[:2], *cells]
    nbformat.write(notebook, path)
    return [str(each) for each in check_notebook(path, load_tenant("acme", project / "parameters"))]


def test_what_a_service_that_is_lacking_would_give_is_named_with_its_cell(project):
    asks = new_code_cell(
        "charts.trend(activity.conversations(edition))\ncharts.ranking(chatbot.intents(edition))"
    )

    assert findings(project, asks)[0] == (
        "notebooks/report.ipynb, cell 3, line 2: it asks for intents, which the services of tenant acme "
        "lack: give the cell the tag section-chatbot, or put it below a heading that has it"
    )


def test_what_is_tagged_with_the_service_is_not_tried_for_a_tenant_without_it(project):
    asks = new_code_cell("charts.ranking(chatbot.intents(edition))", metadata={"tags": ["section-chatbot"]})

    assert findings(project, asks) == []


def test_the_first_cell_that_fails_is_told_with_its_line(project):
    fails, follows = new_code_cell("total = 1\ntotal / 0"), new_code_cell("nothing")

    assert findings(project, fails, follows) == [
        "notebooks/report.ipynb, cell 3, line 2: ZeroDivisionError: division by zero\n  total / 0"
    ]


def test_an_error_of_the_library_speaks_for_itself(project):
    [told] = findings(project, new_code_cell("charts.cards(3)"))

    assert told.startswith("notebooks/report.ipynb, cell 3, line 1: charts.cards: it takes ")
    assert "To mend it: give what a metric returns" in told


def test_no_cell_sees_the_settings_of_mail(project, monkeypatch):
    monkeypatch.setenv("TIDINGS_SMTP_URL", "smtp://reports:s3cret@mail.example.com")
    assert findings(project, new_code_cell("import os\nassert 'TIDINGS_SMTP_URL' not in os.environ")) == []


def test_notebooks_that_were_saved_with_outputs_are_told_with_the_remedy(project):
    shown = new_code_cell("1", outputs=[new_output("stream", text="1")])
    nbformat.write(nbformat.v4.new_notebook(cells=[shown]), project / "notebooks" / "review.ipynb")

    assert list(map(str, find_saved_outputs(project / "notebooks"))) == [
        "notebooks/review.ipynb: it was saved with outputs: run make clean-notebooks"
    ]


def test_a_notebook_without_its_parameters_is_told_without_executing_it(project):
    path = project / "notebooks" / "report.ipynb"
    nbformat.write(nbformat.v4.new_notebook(), path)

    [told] = check_notebook(path, load_tenant("acme", project / "parameters"))

    assert (told.where, told.what.partition(";")[0]) == (
        "notebook report.ipynb",
        "no cell is tagged parameters",
    )


def test_the_command_tries_it_for_each_set_of_services(tmp_path):
    project = make_project(tmp_path, short=True)
    for tenant in ("acme", "beta"):
        add_tenant(project, tenant)
    add_tenant(project, "gamma", services="activity, chatbot")

    done = run(project, "check")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "notebooks/report.ipynb for tenant acme (activity): well",
        "notebooks/report.ipynb for tenant gamma (activity, chatbot): well",
    ]


def test_the_command_tries_a_layout_of_a_tenants_own(project):
    path = add_tenant(project, "beta")
    path.write_text(path.read_text() + "notebook: notebooks/beta.ipynb\n")
    own = nbformat.read(project / "notebooks" / "report.ipynb", as_version=4)
    own.cells = [*own.cells[:3], new_code_cell("1 / 0")]
    nbformat.write(own, project / "notebooks" / "beta.ipynb")

    done = run(project, "check", "beta")

    assert done.returncode == 1
    assert done.stdout.splitlines() == ["notebooks/beta.ipynb for tenant beta (activity): to be mended"]
    assert "notebooks/beta.ipynb, cell 4, line 1: ZeroDivisionError: division by zero" in done.stderr
