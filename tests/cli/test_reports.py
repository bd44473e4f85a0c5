"""``tidings reports`` as an operator meets it: its statuses, what it shows, and how it is stopped."""

import json
import os
import pty
import signal
import time
from pathlib import Path

import pandas as pd
import psutil
import pytest
from support.batches import gone, left_behind, project_of, start_run, states, until
from support.projects import run

WAITING = """
from pathlib import Path
import time
root = Path(parameters).parent
(root / f"{tenant}.began").touch()
while (root / "wait").exists() and tenant != "quick":
    time.sleep(0.05)
"""
FAILING = "if tenant == 'bad': 1 / 0"


def _status_and_words(project: Path, *arguments: str, **environment: str) -> tuple[int, str]:
    process = start_run(project, *arguments, **environment)
    words, _ = process.communicate(timeout=120)
    assert "Traceback" not in words, words
    return process.returncode, words


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> tuple[Path, int, str]:
    """A project after a run in which one tenant failed; its tests change nothing."""
    project = project_of(tmp_path_factory.mktemp("finished"), "acme", "bad", "zeta", cell=FAILING)
    return project, *_status_and_words(project, "--jobs", "1")


def test_a_run_with_a_failure_ends_in_status_3_and_the_others_are_made(finished):
    project, status, _ = finished
    assert status == 3
    assert states(project) == {"acme": "made", "bad": "failed", "zeta": "made"}


def test_elsewhere_than_on_a_terminal_each_edition_is_a_line_and_failures_are_named_in_the_end(finished):
    lines = finished[2].splitlines()
    for began in ("made       acme 2026-W46 ", "made       zeta 2026-W46 ", "failed     bad "):
        assert sum(line.startswith(began) for line in lines) == 1
    assert "\x1b" not in finished[2]
    assert [line.rstrip() for line in lines[-4:-1]] == ["made    2", "failed  1", "failed: bad"]


def test_run_json_tells_when_how_many_and_what_became_of_each(finished):
    about = json.loads((finished[0] / "outputs" / "_run.json").read_text())
    assert about["begun"] == about["ended"] == "2026-11-18T12:00:00+00:00"
    assert about["counts"] == {"made": 2, "failed": 1}
    editions = {edition["tenant"]: edition for edition in about["editions"]}
    folder = finished[0] / "outputs" / "acme" / "2026-W46"
    assert editions["acme"] == {
        "tenant": "acme",
        "period": "2026-W46",
        "state": "made",
        "folder": str(folder),
        "error": None,
        "seconds": editions["acme"]["seconds"],
        "verdict": "note",
        "held": [],
    }
    assert 0 < editions["acme"]["seconds"] < 60
    assert "ZeroDivisionError" in editions["bad"]["error"]


def test_a_batch_is_in_the_history_when_it_ends(finished):
    (path,) = (finished[0] / "outputs" / "history").glob("*.parquet")
    assert set(pd.read_parquet(path)["tenant"]) == {"acme", "zeta"}


def test_a_second_run_has_only_the_failed_one_to_make_and_one_named_twice_is_made_once(finished):
    project, *_ = finished
    receipt = project / "outputs" / "acme" / "2026-W46" / "edition.json"
    before = receipt.stat().st_mtime_ns
    done = run(project, "reports", "--tenants", "acme, zeta,acme")
    assert done.returncode == 0
    assert states(project) == {"acme": "up to date", "zeta": "up to date"}
    assert done.stdout.count("up to date acme") == 1
    assert receipt.stat().st_mtime_ns == before


def test_what_is_held_is_told_with_the_next_step(finished, monkeypatch):
    monkeypatch.setenv("TIDINGS_USER", "lea")
    project = finished[0]
    edition = ("--tenant", "acme", "--period", "2026-W46", "--why")
    done = run(project, "hold", *edition, "a holiday")
    assert done.stdout == "held by lea until make approve; what was sent before stays sent\n", done.stderr
    one, many = run(project, "report", "acme"), run(project, "reports", "--tenants", "acme")
    run(project, "approve", *edition, "seen")
    assert (one.returncode, many.returncode) == (3, 3)
    assert one.stderr.splitlines() == [
        "held: by hand: a holiday (lea)",
        '  To release it: make approve TENANT=acme PERIOD=2026-W46 WHY="…"',
    ]
    assert "make review shows what was found" in many.stdout.splitlines()


def test_an_unknown_tenant_is_told_and_keeps_no_other_from_its_report(finished):
    done = run(finished[0], "reports", "--tenants", "acme,acne")
    assert done.returncode == 3
    assert "there is no tenant 'acne'" in done.stdout
    assert "use one of acme" in done.stdout
    assert states(finished[0]) == {"acme": "up to date", "acne": "failed"}


def test_on_a_terminal_there_is_a_bar(finished):
    process, screen = _on_a_terminal(finished[0], "--tenants", "acme,zeta")
    assert process == 0
    assert "2/2" in screen
    assert "a minute, 0 failed" in screen
    assert "up to date acme" not in screen


def _on_a_terminal(project: Path, *arguments: str) -> tuple[int, str]:
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TIDINGS_HOME=str(project), TIDINGS_NOW="2026-11-18T12:00:00Z", TERM="xterm")
        os.environ.update(COLUMNS="100")
        os.execvp(os.sys.executable, [os.sys.executable, "-m", "tidings", "reports", *arguments])
    shown = b""
    try:
        while piece := os.read(terminal, 4096):
            shown += piece
    except OSError:  # as a terminal ends on Linux
        pass
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode()


# What cannot be begun


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "there is no tenant"),
        (("--parameters", "elsewhere"), "there is no such folder"),
        pytest.param(("--scheduler", "tcp://127.0.0.1:1"), "no scheduler answers", marks=pytest.mark.slow),
        (("--scheduler", "nonsense"), "scheduler nonsense: missing port number"),
    ],
)
def test_what_cannot_be_begun_ends_soon_in_status_2_and_one_message(tmp_path, arguments, says):
    project = project_of(tmp_path)
    begun = time.monotonic()
    done = run(project, "reports", *arguments)
    assert time.monotonic() - begun < 15
    assert done.returncode == 2
    assert says in done.stderr
    assert len(done.stderr.splitlines()) <= 2, done.stderr
    assert not (project / "outputs").exists()


def test_outputs_that_cannot_be_written_are_told_before_anything_is_made(finished, tmp_path):
    (tmp_path / "file").touch()
    done = run(finished[0], "reports", "--outputs", str(tmp_path / "file"))
    assert (done.returncode, done.stdout) == (2, "")
    assert f"folder {tmp_path / 'file'}: cannot be written" in done.stderr


# Stopping


@pytest.fixture
def begun(tmp_path) -> tuple[Path, psutil.Popen, list[psutil.Process]]:
    """A run with one edition finished and one in the middle, and all of its processes."""
    project = project_of(tmp_path, "beta", "quick", "zeta", cell=WAITING)
    (project / "wait").touch()
    process = start_run(project, "--jobs", "1", "--tenants", "quick,beta,zeta")
    assert until((project / "beta.began").exists, 90)
    family = process.children(recursive=True)
    yield project, process, family
    for each in [process, *family]:
        if each.is_running():
            each.kill()


STOPS = {
    "ctrl-c": lambda process: os.killpg(process.pid, signal.SIGINT),
    "terminated": lambda process: process.terminate(),
    "all terminated": lambda process: os.killpg(process.pid, signal.SIGTERM),
}


@pytest.mark.slow
@pytest.mark.parametrize("stop", ["ctrl-c", "terminated", "all terminated"])
def test_a_stopped_run_ends_soon_and_leaves_what_is_finished_and_nothing_else(begun, stop):
    project, process, family = begun
    asked = time.monotonic()
    STOPS[stop](process)
    words, _ = process.communicate(timeout=20)
    assert time.monotonic() - asked < 5
    assert process.returncode == 130
    assert "Traceback" not in words, words
    assert "not finished  2" in words
    assert states(project) == {"quick": "made"}
    assert gone(family, seconds=5)
    assert until(lambda: not left_behind(project), seconds=5), left_behind(project)
    assert not list(project.glob("outputs/*/*/failed.ipynb"))


@pytest.mark.slow
def test_a_killed_run_leaves_nothing_running_and_the_next_goes_on_where_it_stopped(begun):
    project, process, family = begun
    process.kill()
    assert gone(family, seconds=8)
    assert until(lambda: not left_behind(project), seconds=5), left_behind(project)
    assert json.loads((project / "outputs" / "_run.json").read_text())["ended"] is None
    (project / "wait").unlink()
    status, words = _status_and_words(project, "--jobs", "1")
    assert status == 0, words
    assert states(project) == {"beta": "made", "quick": "up to date", "zeta": "made"}


def test_a_run_stopped_while_its_workers_start_says_nothing_of_them(tmp_path):
    project = project_of(tmp_path, "acme", "beta", cell=WAITING)
    process = start_run(project, "--jobs", "2")
    assert until(lambda: len(process.children()) >= 2, 30)
    family = process.children(recursive=True)
    os.killpg(process.pid, signal.SIGINT)
    words, _ = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Traceback" not in words, words
    assert gone(family, seconds=8)
