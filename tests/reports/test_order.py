"""What is ordered, and which notebook it is made from."""

import nbformat
import pytest
from support.projects import add_tenant, make_project

from tidings.errors import ParametersError
from tidings.reports.fingerprint import ingredients
from tidings.reports.order import Request, locate_layout, resolve


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setenv("TIDINGS_HOME", str(tmp_path / "project"))
    monkeypatch.setenv("TIDINGS_NOW", "2026-11-18T12:00:00Z")
    project = make_project(tmp_path / "project", short=True)
    add_tenant(project, "acme", tables={"messages": []})
    return project


def _order(project, notebook=None):
    if notebook:
        with (project / "parameters" / "acme.yaml").open("a") as file:
            file.write(f"notebook: {notebook}\n")
    folders = {"parameters": project / "parameters", "outputs": project / "outputs"}
    request = Request("acme", "latest", notebook=project / "notebooks" / "report.ipynb", **folders)
    return request, resolve(request)


def test_a_tenant_that_names_no_notebook_has_the_master(project):
    request, order = _order(project)
    assert locate_layout(request, order.tenant) == project / "notebooks" / "report.ipynb"


def test_a_tenants_own_notebook_is_what_its_report_is_made_from(project):
    own = project / "notebooks" / "acme.ipynb"
    nbformat.write(nbformat.read(project / "notebooks" / "report.ipynb", as_version=4), own)
    request, order = _order(project, "notebooks/acme.ipynb")
    assert locate_layout(request, order.tenant) == own
    before = ingredients(request, order)
    own.write_text(own.read_text() + "\n")
    assert ingredients(request, order)["notebook"] != before["notebook"]


def test_a_notebook_that_is_not_there_is_refused_with_the_command_that_makes_it(project):
    request, order = _order(project, "notebooks/acme.ipynb")
    with pytest.raises(
        ParametersError, match=r"acme, notebook: there is no notebook notebooks/acme\.ipynb"
    ) as caught:
        locate_layout(request, order.tenant)
    assert caught.value.remedy == "make it with tidings new-layout acme, or name one that is there"


def test_a_link_to_a_notebook_elsewhere_is_refused(project, tmp_path):
    elsewhere = tmp_path / "elsewhere.ipynb"
    elsewhere.write_text("{}")
    (project / "notebooks" / "acme.ipynb").symlink_to(elsewhere)
    request, order = _order(project, "notebooks/acme.ipynb")
    with pytest.raises(ParametersError, match="leads out of the project"):
        locate_layout(request, order.tenant)
