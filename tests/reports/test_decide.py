"""Holding reports back and letting them go: what is judged, what people decide, and what is left of it."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import pytest
from support.projects import NOW, add_tenant, make_project
from support.quick import slow_but
from support.tables import message

from tidings.errors import ReportError
from tidings.reports.decide import approve, hold
from tidings.reports.editions import (
    FinishedReport,
    ReportState,
    amend,
    files_of,
    find_decision,
    find_report,
    read_notebook,
)
from tidings.reports.order import Request, resolve
from tidings.reports.report import find_up_to_date, make_report

ROWS = [message("2026-11-10 15:00:10", thread="c1"), message("2026-11-03 15:00", user="u0", thread="c0")]
REASON = "empty day: no message on 12 <b>November</b>"


@dataclass
class Verdict:
    """What a test wants to have been judged."""

    state: str = "hold"
    sentences: tuple[str, ...] = (REASON,)
    may_be_kept: bool = True
    seen: list = field(default_factory=list)

    @property
    def may_be_made(self) -> bool:
        return self.state != "refuse"

    def reasons(self) -> tuple[str, ...]:
        return self.sentences if self.state in ("hold", "refuse") else ()

    def to_json(self) -> dict:
        found = [{"check": "volume", "severity": self.state, "sentence": "half of it"}]
        return {"state": self.state, "findings": found if self.state != "clean" else []}

    def __call__(self, notebook, order):
        self.seen.append(str(order))
        return self


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("TIDINGS_HOME", str(tmp_path))
    monkeypatch.setenv("TIDINGS_NOW", NOW)
    monkeypatch.setenv("TIDINGS_USER", "lea")
    project = make_project(tmp_path, short=True)
    add_tenant(project, "acme", tables={"messages": ROWS})
    return project


@pytest.fixture
def request_(project) -> Request:
    folders = {"parameters": project / "parameters", "outputs": project / "outputs"}
    return Request("acme", "latest", notebook=project / "notebooks" / "report.ipynb", **folders)


@pytest.fixture
def make(request_, kernel):
    """Makes acme's report under a verdict, and gives its order."""

    def run(verdict=None, again: bool = False):
        order = resolve(request_)
        if again:
            files_of(order).page.write_text("somebody's own")
        make_report(request_, kernel, verdict)
        return order

    return run


def _banners(order) -> list[bool]:
    files = files_of(order)
    paths = (files.notebook, files.page, files.message, files.message_page)
    words = [path.read_text().replace("=\n", "") for path in paths]
    return ["held: " in each for each in words]


def test_what_is_held_is_made_with_its_reasons_at_the_top_of_each_file(make):
    order = make(Verdict())
    report = find_report(order)
    assert (report.state, report.reason) == (ReportState.HELD, f"held: {REASON}")
    assert _banners(order) == [True, True, True, True]
    page = files_of(order).page.read_text()
    assert "held: empty day: no message on 12 &lt;b&gt;November&lt;/b&gt;" in page
    assert page.index("held: ") < page.index("Incoming Messages")
    assert nbformat.read(files_of(order).notebook, as_version=4).cells[0].id == "held-for-a-reviewer"


def test_what_is_refused_is_no_report_and_cannot_be_approved(make, request_):
    with pytest.raises(ReportError, match=r"acme, 2026-W46: refused: future: it is 2099"):
        make(Verdict("refuse", ("future: it is 2099",)))
    with pytest.raises(ReportError, match="its last run failed or was refused, which no one can approve"):
        approve(resolve(request_), "I am sure")
    assert find_report(resolve(request_)).state is ReportState.FAILED


def test_a_notebook_that_shows_another_tenant_is_not_even_kept_as_failed(make, request_):
    with pytest.raises(ReportError, match="refused: isolation"):
        make(Verdict("refuse", ("isolation: it opened beta",), may_be_kept=False))
    assert list(files_of(resolve(request_)).folder.iterdir()) == []


def test_what_is_up_to_date_keeps_its_verdict_and_is_not_judged_again(make, request_):
    verdict = Verdict()
    make(verdict)
    make(verdict)
    assert verdict.seen == ["acme, 2026-W46"]
    found = find_up_to_date(request_)
    assert (found.is_new, found.verdict, found.held) == (False, "hold", (REASON,))


def test_an_approved_report_is_finished_and_none_of_its_readings_says_that_it_was_held(make):
    order = make(Verdict())
    before = find_report(order).digest
    approve(order, "the  12th was\na holiday")
    report = find_report(order)
    assert isinstance(report, FinishedReport)
    assert _banners(order)[1:] == [False, False, False]
    assert "held" not in [cell.id.partition("-")[0] for cell in read_notebook(report).cells]
    decision = find_decision(order, "approved")
    assert (decision.by, decision.why) == ("lea", "the 12th was a holiday")
    assert (decision.at, decision.digest) == ("2026-11-18T12:00:00+00:00", before)
    assert report.digest == before


def test_approving_twice_is_refused_with_who_did_it_first(make):
    order = make(Verdict())
    approve(order, "fine")
    with pytest.raises(ReportError, match="was approved already by lea"):
        approve(order, "fine")


def test_what_is_made_anew_is_held_anew(make):
    order = make(Verdict())
    approve(order, "fine")
    make(Verdict(), again=True)
    assert find_report(order).state is ReportState.HELD
    assert find_decision(order, "approved") is None


def test_an_approval_of_another_notebook_counts_for_nothing(make):
    order = make(Verdict())
    approve(order, "fine")
    receipt = json.loads(files_of(order).receipt.read_text())
    receipt["approved"]["digest"] = "0" * 64
    files_of(order).receipt.write_text(json.dumps(receipt))
    assert find_report(order).state is ReportState.HELD


def test_a_notebook_that_was_changed_since_is_not_approved(make):
    order = make(Verdict())
    files_of(order).notebook.write_text("{}")
    with pytest.raises(ReportError, match=r"report\.ipynb is not the file that was made"):
        approve(order, "fine")


def test_what_is_not_held_or_not_there_is_not_approved(make, request_):
    with pytest.raises(ReportError, match="cannot be approved: not made"):
        approve(resolve(request_), "fine")
    order = make(Verdict("clean"))
    with pytest.raises(ReportError, match="is not held"):
        approve(order, "fine")


@pytest.mark.parametrize("decide", [approve, hold])
def test_nobody_decides_without_a_name_and_a_reason(make, monkeypatch, decide):
    order = make(Verdict() if decide is approve else None)
    with pytest.raises(ReportError, match="no reason is given"):
        decide(order, " \n")
    for name in ("TIDINGS_USER", "USER", "LOGNAME"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ReportError, match="no one is named who decides"):
        decide(order, "fine")
    monkeypatch.setenv("LOGNAME", "otto")
    assert decide(order, "fine").by == "otto"


def test_what_is_held_by_hand_stays_held_when_it_is_made_anew_until_it_is_approved(make):
    order = make(Verdict("clean"))
    hold(order, "wait for Ana")
    assert find_report(order).reason == "held: by hand: wait for Ana (lea)"
    assert _banners(order) == [True, True, True, True]
    make(Verdict("clean"), again=True)
    assert find_report(order).reason == "held: by hand: wait for Ana (lea)"
    approve(order, "she came")
    make(Verdict("clean"), again=True)
    assert isinstance(find_report(order), FinishedReport)


def test_after_review_keeps_back_what_a_check_would_have_looked_at(make, project):
    path = project / "parameters" / "acme.yaml"
    path.write_text(path.read_text() + "mail: after-review\n")
    order = make(Verdict("review"))
    assert find_report(order).reason == "held: volume: half of it"
    approve(order, "looked at")
    assert isinstance(find_report(order), FinishedReport)


def test_a_report_in_another_tenants_or_periods_folder_is_not_finished(make, project):
    order = make(Verdict("clean"))
    add_tenant(project, "globex", tables={"messages": ROWS})
    there = project / "outputs" / "globex" / "2026-W46"
    there.parent.mkdir()
    files_of(order).folder.rename(there)
    request = Request("globex", "latest", project / "parameters", project / "outputs", Path("x"))
    report = find_report(resolve(request))
    assert (report.state, report.reason) == (
        ReportState.MISPLACED,
        "is the report of tenant acme, period 2026-W46: take it out of this folder",
    )
    receipt = json.loads((there / "edition.json").read_text())
    (there / "edition.json").write_text(json.dumps(receipt | {"tenant": "globex"}))
    with pytest.raises(ReportError, match="the notebook records tenant acme, period 2026-W46"):
        read_notebook(find_report(resolve(request)))


def test_a_report_for_other_recipients_is_not_finished(make, project):
    order = make(Verdict("clean"))
    assert isinstance(find_report(order), FinishedReport)
    path = project / "parameters" / "acme.yaml"
    path.write_text(path.read_text().replace("ana@", "bo@"))
    request = Request("acme", "latest", project / "parameters", project / "outputs", Path("x"))
    assert find_report(resolve(request)).state is ReportState.MISPLACED


_KILLED = """
import os, signal, sys
from pathlib import Path
from tidings.reports import decide, editions
from tidings.reports.order import Request, resolve
step, project = sys.argv[1], Path(sys.argv[2])
put, puts = editions._put, []
def kill(file, target):
    if len(puts) == int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)
    puts.append(target)
    put(file, target)
editions._put = kill
order = resolve(Request("acme", "latest", project / "parameters", project / "outputs", Path("x")))
getattr(decide, step)(order, "because")
"""


def _kill(step: str, project: Path, after: int) -> None:
    run = subprocess.run([sys.executable, "-c", _KILLED, step, str(project), str(after)], env=os.environ)
    assert run.returncode == -signal.SIGKILL


@pytest.mark.parametrize("after", slow_but([3], range(4)))
def test_an_approval_that_is_killed_at_any_step_has_released_nothing(make, project, after):
    order = make(Verdict())
    _kill("approve", project, after)
    assert find_report(order).state is ReportState.HELD
    approve(order, "now")
    assert isinstance(find_report(order), FinishedReport)
    read_notebook(find_report(order))


@pytest.mark.slow
@pytest.mark.parametrize("after", range(1, 6))
def test_a_hold_that_is_killed_once_it_was_written_down_keeps_the_report_back(make, project, after):
    order = make(Verdict("clean"))
    _kill("hold", project, after)
    assert find_report(order).state is ReportState.HELD
    make(Verdict("clean"), again=True)
    assert find_report(order).reason == "held: by hand: because (lea)"


def test_a_receipt_that_cannot_be_read_is_not_amended(make):
    order = make(Verdict())
    files_of(order).receipt.write_text("{")
    with pytest.raises(ReportError, match="its receipt cannot be read"):
        amend(files_of(order), files_of(order), (), held=())
    with pytest.raises(ReportError, match="cannot be approved: its receipt cannot be read"):
        approve(order, "fine")
