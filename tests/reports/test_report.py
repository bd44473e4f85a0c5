"""One report, end to end: what is written, when it is written again, and what a failure leaves behind."""

import email
import json
import os
import subprocess
import sys
from collections.abc import Callable
from itertools import product
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from support.projects import NOW, add_tenant, make_project
from support.quick import slow_but
from support.records import expected_names
from support.tables import message

from tidings.errors import ReportError, TidingsError
from tidings.notebook.scraps import recorded
from tidings.reports.editions import FAILED, FILES, MESSAGE, NOTEBOOK, PAGE, RECEIPT
from tidings.reports.order import Request
from tidings.reports.report import Report, make_report

ROWS = [
    message("2026-11-10 15:00:10", thread="c1"),
    message("2026-11-03 15:00", user="u0", thread="c0"),
    message("2026-11-01 15:00", user="u0", thread="c0"),
]


@pytest.fixture(autouse=True)
def fixed_now(monkeypatch):
    monkeypatch.setenv("TIDINGS_NOW", NOW)


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("TIDINGS_HOME", str(tmp_path))
    return make_project(tmp_path, short=True)


def _request(project: Path, tenant: str = "acme", **changes) -> Request:
    folders = {"parameters": project / "parameters", "outputs": project / "outputs"}
    notebook = project / "notebooks" / "report.ipynb"
    return Request(**({"tenant": tenant, "period": "latest", "notebook": notebook} | folders | changes))


def _replace_cell(project: Path, cell_id: str, source: str) -> None:
    path = project / "notebooks" / "report.ipynb"
    notebook = nbformat.read(path, as_version=4)
    next(cell for cell in notebook.cells if cell.id == cell_id).source = source
    nbformat.write(notebook, path)


@pytest.fixture
def make(project, kernel) -> Callable[..., Report]:
    """Make the report of a tenant of the project, the request changed as is said."""
    return lambda **changes: make_report(_request(project, **changes), kernel)


@pytest.fixture(scope="module")
def finished(tmp_path_factory, kernel) -> tuple[Path, Path]:
    """A project with one finished report, made once; its tests only read."""
    project = make_project(tmp_path_factory.mktemp("finished"))
    add_tenant(project, "acme", tables={"messages": ROWS})
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TIDINGS_HOME", str(project))
        patch.setenv("TIDINGS_NOW", NOW)
        return project, make_report(_request(project), kernel).folder


def test_a_report_is_an_executed_notebook_a_page_and_a_message(finished):
    project, folder = finished
    assert folder == project / "outputs" / "acme" / "2026-W46"
    assert set(os.listdir(folder)) == {*FILES, RECEIPT}
    assert "Mon 9 – Sun 15 November 2026" in (folder / PAGE).read_text()
    assert (
        email.message_from_bytes((folder / MESSAGE).read_bytes()).get_content_type()
        == "multipart/alternative"
    )


def test_every_value_of_the_service_is_recorded_under_its_name(finished):
    values = recorded(nbformat.read(finished[1] / NOTEBOOK, as_version=4))
    assert set(values) == expected_names(("activity",))
    assert values["activity.total_messages"] == 1
    assert values["activity.total_messages.previous"] == 1
    assert values["activity.peak_time"] == "2026-11-10T10:00:00-05:00"
    assert values["report.edition"] == {
        "tenant": "acme",
        "period": "2026-W46",
        "start": "2026-11-09T05:00:00+00:00",
        "end": "2026-11-16T05:00:00+00:00",
        "time_zone": "America/Bogota",
        "services": ["activity"],
        "version": values["report.edition"]["version"],
    }
    daily = values["activity.incoming_messages"]
    assert list(daily.columns) == ["day", "incoming_messages"]
    assert daily["day"][0] == pd.Timestamp("2026-11-09")


def test_cells_of_other_services_are_neither_executed_nor_there(finished):
    notebook = nbformat.read(finished[1] / NOTEBOOK, as_version=4)
    assert not [cell.id for cell in notebook.cells if "section-chatbot" in cell.metadata.get("tags", [])]
    assert "## Chatbot" not in "".join(cell.source for cell in notebook.cells)
    assert "Chatbot" not in (finished[1] / PAGE).read_text()


def test_the_artifacts_name_no_folder_of_the_machine(finished):
    project, folder = finished
    for name in (PAGE, MESSAGE):
        assert str(project) not in (folder / name).read_text()


def test_what_is_up_to_date_is_left_alone_and_what_changed_is_made_again(project, make):
    add_tenant(project, "acme", tables={"messages": ROWS})
    assert make().is_new
    assert not make().is_new
    add_tenant(project, "acme", tables={"messages": [*ROWS, message("2026-11-12 15:00")]})
    folder = make().folder
    assert recorded(nbformat.read(folder / NOTEBOOK, as_version=4))["activity.total_messages"] == 2
    (folder / PAGE).write_text("somebody's own")
    assert make().is_new


def test_to_see_that_a_report_is_up_to_date_no_engine_is_imported(finished):
    project, _ = finished
    looks = """
import sys
from pathlib import Path
from tidings.reports.order import Request
from tidings.reports.report import find_up_to_date
project = Path(sys.argv[1])
folders = {"parameters": project / "parameters", "outputs": project / "outputs"}
notebook = project / "notebooks" / "report.ipynb"
report = find_up_to_date(Request("acme", "latest", notebook=notebook, **folders))
heavy = {"duckdb", "ibis", "matplotlib", "nbformat", "numpy", "pandas", "papermill", "pyarrow"}
print(report.is_new, heavy & sys.modules.keys())
"""
    seen = subprocess.run(
        [sys.executable, "-c", looks, str(project)],
        env=os.environ | {"TIDINGS_HOME": str(project), "TIDINGS_NOW": NOW},
        capture_output=True,
        text=True,
        check=True,
    )
    assert seen.stdout == "False set()\n"


_LIGHT = """
import sys
from tidings.cli.main import main
heavy = {
    *("bs4", "duckdb", "ibis", "jinja2", "jupyter_client", "matplotlib", "nbconvert", "nbformat", "numpy"),
    *("pandas", "papermill", "pyarrow", "scipy", "seaborn"),
}
try:
    main()
finally:
    print("imported:", *sorted(heavy & sys.modules.keys()))
"""


@pytest.mark.parametrize("words", ["--help", "status", "report acme", "reports"])
def test_a_command_that_makes_no_report_imports_nothing_that_making_one_needs(finished, words):
    project, _ = finished
    done = subprocess.run(
        [sys.executable, "-c", _LIGHT, *words.split()],
        env=os.environ | {"TIDINGS_HOME": str(project), "TIDINGS_NOW": NOW},
        capture_output=True,
        text=True,
    )
    assert done.stdout.splitlines()[-1] == "imported:", done.stdout + done.stderr


_LATE = """
import sys
from pathlib import Path
import tidings.reports.report as report
from tidings.reports.order import Request
from tidings.review.judge import import_review, judge_edition

def judge(notebook, order):
    global known
    known = set(sys.modules)
    return judge_edition(notebook, order)

project = Path(sys.argv[1])
folders = {"parameters": project / "parameters", "outputs": project / "late"}
request = Request("acme", "latest", notebook=project / "notebooks" / "report.ipynb", **folders)
made = report.make_report(request, judge=judge, meanwhile=import_review)
later = {name for name in set(sys.modules) - known if name.startswith("tidings.")}
print(made.is_new, later, flush=True)
"""


@pytest.mark.slow
def test_what_page_message_and_gate_need_is_imported_while_the_notebook_is_executed(finished):
    project, _ = finished
    seen = subprocess.run(
        [sys.executable, "-c", _LATE, str(project)],
        env=os.environ | {"TIDINGS_HOME": str(project), "TIDINGS_NOW": NOW},
        capture_output=True,
        text=True,
    )
    assert seen.stdout == "True set()\n", seen.stderr


def test_a_failed_run_is_kept_apart_and_leaves_the_finished_one_as_it_was(project, make):
    add_tenant(project, "acme", tables={"messages": ROWS})
    folder = make().folder
    before = {name: (folder / name).read_bytes() for name in FILES}
    _replace_cell(project, "incoming-messages", "1 / 0")
    with pytest.raises(ReportError, match="ZeroDivisionError: division by zero"):
        make()
    assert {name: (folder / name).read_bytes() for name in before} == before
    assert "papermill-error-cell" in (folder / FAILED).read_text()
    assert set(os.listdir(folder)) == {*FILES, RECEIPT, FAILED}


def test_a_cell_that_opens_another_tenant_is_refused(project, make):
    add_tenant(project, "acme", tables={"messages": ROWS})
    add_tenant(project, "rival", tables={"messages": ROWS})
    _replace_cell(project, "edition", 'edition = open_edition("rival", period, parameters)')
    with pytest.raises(ReportError, match="opens tenant rival in a report of tenant acme, period 2026-W46"):
        make()
    assert not (project / "outputs" / "acme" / "2026-W46" / NOTEBOOK).exists()


_RIVALS = [message(f"2026-11-10 15:{minute:02}", user="rivals-own") for minute in range(59)]


@pytest.mark.parametrize(
    ("tenant", "period"),
    slow_but(
        [('"rival"', "period"), ("tenant", "period")],
        product(['"rival"', "tenant"], ["period", '"2026-W45"']),
    ),
)
def test_a_further_cell_that_opens_another_edition_is_refused_and_nothing_of_it_is_kept(
    project, make, tenant, period
):
    add_tenant(project, "acme", tables={"messages": ROWS})
    add_tenant(project, "rival", tables={"messages": _RIVALS})
    if (tenant, period) == ("tenant", "period"):  # the edition itself may be opened again
        _replace_cell(project, "incoming-messages", "again = open_edition(tenant, period, parameters)")
        assert make().is_new
        return
    opens = f"other = open_edition({tenant}, {period}, parameters)\ncharts.trend("
    _replace_cell(project, "incoming-messages", opens + "activity.incoming_messages(other))")
    with pytest.raises(ReportError, match="a cell opens tenant"):
        make()
    folder = project / "outputs" / "acme" / "2026-W46"
    assert os.listdir(folder) == [FAILED]
    assert '"tenant": "rival"' not in (folder / FAILED).read_text()
    assert "59" not in json.dumps(recorded(nbformat.read(folder / FAILED, as_version=4)), default=str)


@pytest.mark.parametrize("cell", ["edition", "incoming-messages"])
def test_what_another_tenant_recorded_by_a_way_round_is_not_kept_even_as_failed(project, make, cell):
    add_tenant(project, "acme", tables={"messages": ROWS})
    add_tenant(project, "rival", tables={"messages": _RIVALS})
    forgets = 'import os\ndel os.environ["TIDINGS_ORDERED"]\n'
    _replace_cell(project, cell, f'{forgets}edition = open_edition("rival", period, parameters)')
    with pytest.raises(ReportError, match="tenant rival, period 2026-W46"):
        make()
    assert not list((project / "outputs" / "acme").rglob("*.ipynb"))


def test_a_notebooks_own_metric_is_recorded_and_shown_like_any_other(project, make):
    add_tenant(project, "acme", tables={"messages": ROWS})
    declares = """
@metric("team.letters", "Letters <b>", unit="messages", columns=("day", "letters"))
def letters(edition):
    '''Letters & notes of each day.'''
    return activity.incoming_messages.compute(edition).set_axis(["day", "letters"], axis=1)
"""
    _replace_cell(project, "imports", _IMPORTS + declares)
    _replace_cell(project, "incoming-messages", "charts.trend(letters(edition))")
    folder = make().folder
    values = recorded(nbformat.read(folder / NOTEBOOK, as_version=4))
    assert values["team.letters"]["letters"].sum() == 1
    assert set(values) == expected_names(("activity",)) | {"team.letters"}
    page = (folder / PAGE).read_text()
    assert "Letters &lt;b&gt;" in page
    assert "Letters &amp; notes of each day." in page


_IMPORTS = "from tidings import activity, charts, footer, highlights, metric, open_edition\n"


_UNRECORDED = """
from tidings.metrics.edition import load_edition
edition = load_edition(tenant, period, parameters)
"""


def test_a_notebook_that_records_nothing_is_refused(project, make):
    add_tenant(project, "acme", tables={"messages": ROWS})
    _replace_cell(project, "edition", _UNRECORDED)
    with pytest.raises(ReportError, match="recorded no numbers"):
        make()


def test_a_dropped_chart_loses_no_history(project, make):
    add_tenant(project, "acme", tables={"messages": ROWS})
    for cell in ("incoming-messages", "footer"):
        _replace_cell(project, cell, "")
    folder = make().folder
    assert set(recorded(nbformat.read(folder / NOTEBOOK, as_version=4))) == expected_names(("activity",))


def test_a_receipt_that_was_cut_short_counts_for_nothing(project, make):
    add_tenant(project, "acme", tables={"messages": ROWS})
    folder = make().folder
    (folder / RECEIPT).write_text((folder / RECEIPT).read_text()[:40])
    assert make().is_new
    assert json.loads((folder / RECEIPT).read_text())["fingerprint"]


@pytest.mark.parametrize("period", ["2026-W47", "2026-W60", "yesterday", "../.."])
def test_a_period_that_is_not_over_or_no_period_is_refused_before_anything_is_written(project, make, period):
    add_tenant(project, "acme", tables={"messages": ROWS})
    with pytest.raises(TidingsError):
        make(period=period)
    assert not (project / "outputs").exists()


def test_an_unfinished_period_is_made_where_it_is_asked_for(project, make):
    add_tenant(project, "acme", tables={"messages": ROWS})
    assert make(period="2026-W47", unfinished=True).folder.name == "2026-W47"
