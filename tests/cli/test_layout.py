"""``tidings new-layout``, and a report made from what it wrote."""

import nbformat
import pytest
from support.projects import add_tenant, make_project
from support.records import expected_names
from support.tables import message

from tidings.notebook.scraps import recorded


@pytest.fixture
def project(tmp_path):
    project = make_project(tmp_path, short=True)
    path = add_tenant(project, "acme", tables={"messages": [message("2026-11-10 15:00")]})
    path.write_text(path.read_text() + "notebook: notebooks/brief.ipynb\n")
    return project


def test_a_layout_is_the_master_without_outputs_and_is_not_written_over(project, tidings):
    master = project / "notebooks" / "report.ipynb"
    notebook = nbformat.read(master, as_version=4)
    notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text="seen")]
    nbformat.write(notebook, master)

    done = tidings(project, "new-layout", "brief")
    assert done.stdout.splitlines() == [
        "written: notebooks/brief.ipynb",
        "next: write notebook: notebooks/brief.ipynb in the file of each tenant that is to have it",
    ]
    copy = nbformat.read(project / "notebooks" / "brief.ipynb", as_version=4)
    assert [cell.source for cell in copy.cells] == [cell.source for cell in notebook.cells]
    assert not any(cell.get("outputs") for cell in copy.cells)

    again = tidings(project, "new-layout", "brief")
    assert (again.returncode, "is there already" in again.stderr) == (2, True)


@pytest.mark.parametrize("name", ["../brief", "Brief", "", "brief.ipynb"])
def test_what_is_no_name_is_refused(project, tidings, name):
    done = tidings(project, "new-layout", name)
    assert done.returncode == 2
    assert "is not the name of a layout" in done.stderr
    assert len(list((project / "notebooks").iterdir())) == 2


def test_a_report_of_a_layout_of_its_own_records_what_the_layout_leaves_out(project, tidings):
    tidings(project, "new-layout", "brief")
    path = project / "notebooks" / "brief.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if cell.id != "incoming-messages"]
    notebook.cells.append(nbformat.v4.new_markdown_cell("Written for Acme alone."))
    nbformat.write(notebook, path)

    done = tidings(project, "report", "acme")
    assert done.stdout.startswith("made: "), done.stderr
    folder = project / "outputs" / "acme" / "2026-W46"
    page = (folder / "report.html").read_text()
    assert "Written for Acme alone." in page
    assert "Incoming Messages" not in page
    executed = nbformat.read(folder / "report.ipynb", as_version=4)
    assert set(recorded(executed)) == expected_names(("activity",))
    assert tidings(project, "report", "acme").stdout.startswith("up to date: ")


def test_a_layout_without_the_cell_that_opens_the_edition_is_refused(project, tidings):
    tidings(project, "new-layout", "brief")
    path = project / "notebooks" / "brief.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if cell.id in ("parameters", "imports")]
    nbformat.write(notebook, path)
    done = tidings(project, "report", "acme")
    assert done.returncode == 1
    assert "notebook brief.ipynb: the notebook recorded no numbers" in done.stderr
    assert "open_edition" in done.stderr
