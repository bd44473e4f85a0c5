"""What lies in the outputs: its states, its order, and that one module alone knows its names."""

import ast
import json
import os
import socket
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from nbformat.v4 import new_notebook
from support.messages import finish_edition
from support.projects import CHECKOUT, add_tenant, make_project

from tidings.errors import ReportError
from tidings.periods.period import parse_period
from tidings.reports.editions import (
    FILES,
    FinishedReport,
    ReportState,
    files_of,
    find_folders,
    find_report,
    find_verdict,
    is_up_to_date,
    keep_failed,
    list_orders,
    open_draft,
    publish,
    read_notebook,
    write_run,
)
from tidings.reports.order import Order
from tidings.tenants.tenant import load_tenant

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
LIBRARY = CHECKOUT / "lib" / "tidings"


@pytest.fixture
def order(tmp_path) -> Order:
    """The tenant acme's report of a week, of which nothing is there yet."""
    project = make_project(tmp_path)
    add_tenant(project, "acme")
    tenant = load_tenant("acme", project / "parameters")
    return Order(tenant, parse_period("2026-W46", tenant, NOW), project / "outputs")


def _finish(order: Order, period: str = "2026-W46", **receipt):
    return finish_edition(order.outputs.parent, order.tenant.id, period, new_notebook(), **receipt)


def _write_draft(draft) -> None:
    for name in FILES:
        (draft.folder / name).write_text(f"draft of {name}")


# Its states


def test_an_order_reads_as_its_tenant_and_period(order):
    assert str(order) == "acme, 2026-W46"
    assert files_of(order).folder == order.outputs / "acme" / "2026-W46"


def test_what_was_made_is_finished_and_known_by_its_notebooks_digest(order):
    folder = _finish(order)
    report = find_report(order)
    assert isinstance(report, FinishedReport)
    assert report.digest == json.loads((folder / "edition.json").read_text())["files"]["report.ipynb"]
    assert read_notebook(report).cells == []


@pytest.mark.parametrize(
    ("held", "reason"),
    [("12 November is empty", "12 November is empty"), (["one", "two"], "one; two")],
)
def test_what_is_held_says_why(order, held, reason):
    _finish(order, held=held)
    report = find_report(order)
    assert (report.state, report.reason) == (ReportState.HELD, f"held: {reason}")


def test_what_never_was_made_is_absent_or_failed(order):
    assert (find_report(order).state, find_report(order).reason) == (ReportState.ABSENT, "not made")
    files_of(order).folder.mkdir(parents=True)
    files_of(order).failed.write_text("{}")
    report = find_report(order)
    assert (report.state, report.reason) == (ReportState.FAILED, "failed: see failed.ipynb")


DAMAGED = ["", "[]", "{}", "null", "1", '"f"', "[" * 9999, '{"files": {}}', '{"files": 1}']
DAMAGED += [
    f'{{"fingerprint": "f", "files": {{"report.ipynb": "d"}}, "{key}": 1}}' for key in ("stamps", "verdict")
]
DAMAGED += [f'{{"files": {{"report.ipynb": "d"}}, "{key}": "x"}}' for key in ("approved", "recipients")]


@pytest.mark.parametrize("receipt", DAMAGED)
def test_a_receipt_that_cannot_be_read_is_damage_and_the_report_is_made_again(order, receipt):
    (_finish(order) / "edition.json").write_text(receipt)
    report = find_report(order)
    assert report.state is ReportState.DAMAGED
    assert "cannot be read" in report.reason
    assert not is_up_to_date(files_of(order), "f")
    assert find_verdict(order) == (None, ())


@pytest.mark.parametrize("spoil", ["changed", "gone"])
def test_a_file_that_is_not_the_one_that_was_made_is_not_read(order, spoil):
    page = _finish(order) / "report.html"
    page.write_text("another's") if spoil == "changed" else page.unlink()
    with pytest.raises(ReportError, match=r"acme, 2026-W46: report\.html is not the file that was made"):
        read_notebook(find_report(order))


# Finding


def test_periods_are_listed_oldest_first_and_what_is_no_period_is_passed_over(order):
    for period in ("2026-W46", "2026-W09", "2025-W50"):
        _finish(order, period)
    for name in ("notes", "latest", ".draft-x"):
        (order.outputs / "acme" / name).mkdir()
    listed = list_orders(order.tenant, order.outputs, NOW)
    assert [each.period.key for each in listed] == ["2025-W50", "2026-W09", "2026-W46"]
    assert listed[-1] == order


def test_a_tenant_without_a_folder_has_none(order):
    assert list_orders(order.tenant, order.outputs, NOW) == []


def test_folders_are_found_by_period_whether_finished_or_failed(order):
    _finish(order)
    failed = order.outputs / "acme" / "2026-W45"
    failed.mkdir()
    (failed / "failed.ipynb").write_text("{}")
    (order.outputs / "acme" / "2026-W44").mkdir()

    def places(*periods):
        return sorted(files.folder.name for files in find_folders(order.outputs, *periods))

    assert places() == ["2026-W45", "2026-W46"]
    assert places(["2026-W46", "2026-W44"]) == ["2026-W46"]


# Publishing


def test_a_draft_takes_its_place_whole_and_is_then_up_to_date(order):
    files = files_of(order)
    with open_draft(files) as draft:
        _write_draft(draft)
        assert find_report(order).state is ReportState.ABSENT
        publish(draft, files, "what it was made from")
    assert set(os.listdir(files.folder)) == {*FILES, "edition.json"}
    assert is_up_to_date(files, "what it was made from")


def test_it_is_stale_once_a_file_or_what_it_is_made_from_changes(order):
    files = files_of(order)
    with open_draft(files) as draft:
        _write_draft(draft)
        publish(draft, files, "before")
    assert not is_up_to_date(files, "after")
    assert not is_up_to_date(files, None)
    files.page.write_text("somebody's own")
    assert not is_up_to_date(files, "before")


def test_a_failed_notebook_is_kept_beside_the_finished_files_until_one_succeeds(order):
    files = files_of(order)
    with open_draft(files) as draft:
        _write_draft(draft)
        publish(draft, files, "before")
    with open_draft(files) as draft:
        draft.notebook.write_text("cut short")
        keep_failed(draft, files)
    assert (files.failed.read_text(), files.notebook.read_text()) == ("cut short", "draft of report.ipynb")
    with open_draft(files) as draft:
        _write_draft(draft)
        publish(draft, files, "after")
    assert not files.failed.exists()


def test_what_became_of_a_batch_lies_beside_the_tenants(tmp_path):
    path = write_run(tmp_path / "outputs", {"counts": {"made": 1}})
    assert path == tmp_path / "outputs" / "_run.json"
    assert json.loads(path.read_text()) == {"counts": {"made": 1}}


# One owner

OWNED = ("report.html", "message.eml", "message.html", "failed.ipynb", "edition.json", "_run.json")
CONSTANTS = {"NOTEBOOK", "PAGE", "MESSAGE", "MESSAGE_PAGE", "FILES", "FAILED", "RECEIPT", "RUN"}


def _names_in(path) -> set[str]:
    """The names of files in the outputs that a module writes out itself, or takes from their owner."""
    tree = ast.parse(path.read_text("utf-8"))
    names = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)} & set(OWNED)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "tidings.reports.editions":
            names |= {alias.name for alias in node.names} & CONSTANTS
    return names


def test_no_other_module_knows_the_names_in_the_outputs():
    owner = LIBRARY / "reports" / "editions.py"
    knows = {str(path.relative_to(LIBRARY)): _names_in(path) for path in LIBRARY.rglob("*.py")}
    assert {path: names for path, names in knows.items() if names} == {
        str(owner.relative_to(LIBRARY)): set(OWNED)
    }


def test_no_other_module_joins_a_tenant_and_a_period_to_a_folder():
    joins = ("/ order.tenant.id", "/ tenant.id", "/ period.key", "/ order.period.key", 'glob("*/')
    wrong = {
        f"{path.relative_to(LIBRARY)}: {join}"
        for path in LIBRARY.rglob("*.py")
        for join in joins
        if path.name != "editions.py" and join in path.read_text("utf-8")
    }
    assert not wrong


def _draft_of(files, host: str, process: int, age: float) -> Path:
    draft = files.folder / f".draft-{host}-{process}-zz"
    draft.mkdir(parents=True)
    (draft / "master.ipynb").write_text("{}")
    for path in (draft / "master.ipynb", draft):
        os.utime(path, (time.time() - age, time.time() - age))
    return draft


@pytest.mark.parametrize("host", ["{}-a", "{}-2", "a-{}", "other", "{}-77"])
def test_a_draft_of_another_host_is_left_alone_while_young_and_gone_after_a_day(order, host):
    files, name = files_of(order), host.format(socket.gethostname())
    young, old = _draft_of(files, name, 77, 60), _draft_of(files, name, 78, 25 * 60 * 60)
    with open_draft(files):
        pass
    assert (young.exists(), old.exists()) == (True, False)


def test_a_draft_of_a_process_of_this_machine_that_is_gone_is_removed_at_once(order):
    files, ended = files_of(order), subprocess.Popen(["true"])
    ended.wait()
    left, live = (
        _draft_of(files, socket.gethostname(), ended.pid, 0),
        _draft_of(files, socket.gethostname(), os.getpid(), 9e5),
    )
    strange = files.folder / ".draft-x"
    strange.mkdir()
    with open_draft(files):
        pass
    assert (left.exists(), live.exists(), strange.exists()) == (False, True, True)
