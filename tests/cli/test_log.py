"""The log: steps on request, tracebacks in a file alone, and no secret in either."""

import json
import logging
from pathlib import Path

import pytest
from support.batches import ROWS
from support.projects import add_tenant, make_project, run

from tidings.cli.log import LogFile, redact
from tidings.reports import report


@pytest.fixture
def project(tmp_path) -> Path:
    return make_project(tmp_path, short=True)


@pytest.fixture
def broken(monkeypatch):
    """Has making a report fail as no one expects, with a secret in the words."""

    def fail(*words):
        raise LookupError("no such thing at postgresql://ana:s3cret@db.example.com/x, by hunter2hunter2")

    monkeypatch.setenv("SHOP_PASSWORD", "hunter2hunter2")
    monkeypatch.setattr(report, "resolve", fail)


def test_what_no_one_expected_is_a_line_that_names_the_file_with_the_traceback(project, tidings, broken):
    done = tidings(project, "report", "acme")
    path = project / "outputs" / "_tidings.log"
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: something unexpected went wrong (LookupError: no such thing")
    assert done.stderr.endswith(f"see {path}\n")
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback (most recent call last)" in path.read_text()
    assert "tidings report acme" in path.read_text()


def test_no_secret_reaches_the_file_or_the_line(project, tidings, broken):
    done = tidings(project, "report", "acme")
    for text in (done.stderr, (project / "outputs" / "_tidings.log").read_text()):
        assert "s3cret" not in text
        assert "hunter2" not in text
        assert "postgresql://…@db.example.com/x" in text


def test_the_file_is_in_the_outputs_that_were_named(project, tidings, broken, tmp_path):
    errors = tidings(project, "report", "acme", "--outputs", str(tmp_path / "elsewhere")).stderr
    assert f"see {tmp_path / 'elsewhere' / '_tidings.log'}" in errors
    assert not (project / "outputs").exists()


def test_where_the_file_cannot_be_written_the_line_says_so(project, tidings, broken):
    (project / "outputs").write_text("a file")
    done = tidings(project, "report", "acme")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert done.stderr.endswith(f"{project / 'outputs' / '_tidings.log'} cannot be written\n")


def test_a_users_mistake_is_told_and_not_logged(project, tidings):
    done = tidings(project, "report", "nobody")
    assert (done.returncode, "there is no tenant 'nobody'" in done.stderr) == (1, True)
    assert not (project / "outputs").exists()


def test_an_unexpected_error_of_one_edition_is_logged_and_the_run_goes_on(project, tidings, broken):
    add_tenant(project, "acme")
    done = tidings(project, "reports")
    about = json.loads((project / "outputs" / "_run.json").read_text())
    assert (done.returncode, done.stderr) == (3, "")
    assert "failed     acme latest" in done.stdout
    assert [sorted(edition) for edition in about["editions"]] == [
        ["error", "folder", "held", "period", "seconds", "state", "tenant", "verdict"]
    ]
    text = (project / "outputs" / "_tidings.log").read_text()
    assert "acme, latest: unexpected\nTraceback (most recent call last)" in text


def test_the_steps_are_shown_where_they_are_asked_for(project):
    add_tenant(project, "acme", tables={"messages": ROWS})
    loud = run(project, "-v", "report", "acme")
    assert loud.returncode == 0, loud.stderr
    lines = loud.stderr.splitlines()
    assert lines[0].endswith("INFO    tidings.reports.report: acme, 2026-W46: making the report")
    assert all(" tidings." in line for line in lines), "no other library speaks"
    assert not (project / "outputs" / "_tidings.log").exists()


def test_the_process_has_its_own_loggers_back_afterwards(project, tidings, broken):
    loggers = (logging.getLogger("tidings"), logging.getLogger())
    before = [(logger.level, list(logger.handlers)) for logger in loggers]
    assert tidings(project, "-v", "report", "acme").returncode == 1
    assert [(logger.level, list(logger.handlers)) for logger in loggers] == before


def test_the_file_is_begun_anew_when_it_has_grown(tmp_path):
    file = LogFile(tmp_path)
    for number in range(30):
        file.handle(logging.makeLogRecord({"levelno": logging.ERROR, "msg": f"{number} " + "x" * 200_000}))
    file.close()
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert kept == ["_tidings.log", *(f"_tidings.log.{number}" for number in (1, 2, 3))]
    assert all(path.stat().st_size <= 1_000_000 for path in tmp_path.iterdir())


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("at postgresql://ana:p@ss/w@db/x", "at postgresql://…@db/x"),
        ("see https://example.com/a@b", "see https://…@b"),
        ("mail to ana@example.com", "mail to ana@example.com"),
        ("key abcdef123", "key …"),
        ("short abc", "short abc"),
    ],
)
def test_secrets_are_left_out(monkeypatch, text, safe):
    monkeypatch.setenv("API_TOKEN", "abcdef123")
    monkeypatch.setenv("TINY_SECRET", "abc")
    assert redact(text) == safe
