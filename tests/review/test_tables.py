"""The reviewer's view, from executed notebooks made by hand."""

import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from tidings.reports.editions import FAILED, NOTEBOOK
from tidings.review.tables import changes, editions, failures


def _scrap(name: str, data) -> nbformat.NotebookNode:
    payload = {"name": name, "data": data, "encoder": "json", "version": 1}
    about = {"scrapbook": {"name": name, "data": True, "display": False}}
    return new_output("display_data", {"application/scrapbook.scrap.json+json": payload}, metadata=about)


@pytest.fixture
def outputs(tmp_path, monkeypatch):
    monkeypatch.setenv("TIDINGS_HOME", str(tmp_path))
    folder = tmp_path / "outputs" / "acme" / "2026-W46"
    folder.mkdir(parents=True)
    scraps = [
        _scrap("report.edition", {"services": ["activity"]}),
        _scrap("activity.total_messages", 120),
        _scrap("activity.total_messages.previous", 100),
    ]
    nbformat.write(
        new_notebook(cells=[new_code_cell("open_edition(tenant)", outputs=scraps)]), folder / NOTEBOOK
    )
    failed = tmp_path / "outputs" / "beta" / "2026-W46"
    failed.mkdir(parents=True)
    error = new_output("error", ename="ContractError", evalue="column sent_at is missing", traceback=[])
    nbformat.write(new_notebook(cells=[new_code_cell("open_edition()", outputs=[error])]), failed / FAILED)
    return "outputs"


def test_headline_numbers_by_tenant_and_period(outputs):
    frame = editions(outputs)
    assert list(frame.index) == [("acme", "2026-W46")]
    assert frame.loc[("acme", "2026-W46"), "activity.total_messages"] == 120
    assert not [name for name in frame.columns if name.startswith("contact_center.")]


def test_changes_are_shares_of_the_period_before(outputs):
    assert changes(outputs).loc[("acme", "2026-W46"), "activity.total_messages"] == pytest.approx(0.2)


def test_failures_name_the_error(outputs):
    expected = {"error": "ContractError", "message": "column sent_at is missing"}
    assert failures(outputs).loc[("beta", "2026-W46")].to_dict() == expected


def test_a_period_narrows_the_view(outputs):
    assert editions(outputs, "2026-W45").empty
    assert failures(outputs, "2026-W45").empty


def test_without_outputs_everything_is_empty(tmp_path, monkeypatch):
    monkeypatch.setenv("TIDINGS_HOME", str(tmp_path))
    for view in (editions, changes, failures):
        assert isinstance(view(), pd.DataFrame)
        assert view().empty
