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


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> list[str]:
    """What is found in a notebook of which several cells are to be mended, tried once."""
    project = make_project(tmp_path_factory.mktemp("project"))
    add_tenant(project, "acme")
    path = project / "notebooks" / "report.ipynb"
    notebook = nbformat.read(path, as_version=4)
    tagged = new_code_cell("charts.ranking(chatbot.intents(edition))", metadata={"tags": ["section-chatbot"]})
    fails = new_code_cell("import os; assert 'TIDINGS_SMTP_URL' not in os.environ\nlen(os.sep) / 0")
    asks = new_code_cell(
        "charts.trend(activity.conversations(edition))\ncharts.ranking(chatbot.intents(edition))"
    )
    notebook.cells = [*notebook.cells[:2], tagged, fails, asks]  # none of which has opened an edition
    nbformat.write(notebook, path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TIDINGS_SMTP_URL", "smtp://reports:s3cret@mail.example.com")
        return [str(each) for each in check_notebook(path, load_tenant("acme", project / "parameters"))]


def test_what_a_service_that_is_lacking_would_give_is_named_with_its_cell(found):
    assert found[0] == (
        "notebooks/report.ipynb, cell 5, line 2: it asks for intents, which the services of tenant acme "
        "lack: give the cell the tag section-chatbot, or put it below a heading that has it"
    )


def test_what_is_tagged_with_the_service_is_not_tried_for_a_tenant_without_it(found):
    assert not [each for each in found if "cell 3" in each]


def test_the_first_cell_that_fails_is_told_with_its_line_and_no_other(found):
    assert found[1:] == [
        "notebooks/report.ipynb, cell 4, line 2: ZeroDivisionError: division by zero\n  len(os.sep) / 0"
    ]


def test_no_cell_sees_the_settings_of_mail(found):
    assert "AssertionError" not in found[1]


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


@pytest.mark.slow
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


def test_the_command_tries_a_layout_of_a_tenants_own_where_an_error_of_the_library_speaks_for_itself(
    project, tidings
):
    path = add_tenant(project, "beta")
    path.write_text(path.read_text() + "notebook: notebooks/beta.ipynb\n")
    own = nbformat.read(project / "notebooks" / "report.ipynb", as_version=4)
    own.cells = [*own.cells[:3], new_code_cell("charts.cards(3)")]
    nbformat.write(own, project / "notebooks" / "beta.ipynb")

    done = tidings(project, "check", "beta")

    assert done.returncode == 1
    assert done.stdout.splitlines() == ["notebooks/beta.ipynb for tenant beta (activity): to be mended"]
    assert "notebooks/beta.ipynb, cell 4, line 1: charts.cards: it takes " in done.stderr
    assert "To mend it: give what a metric returns" in done.stderr
