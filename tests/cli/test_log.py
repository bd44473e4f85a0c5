"""The log: steps on request, tracebacks in a file alone, and no secret in either."""

import json
import logging
import sys
from pathlib import Path

import pytest
from support.batches import ROWS
from support.projects import NOW, add_tenant, make_project, run

from tidings.cli.log import LogFile, redact
from tidings.cli.main import main
from tidings.reports import report


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("TIDINGS_HOME", str(tmp_path))
    monkeypatch.setenv("TIDINGS_NOW", NOW)
    return make_project(tmp_path)


@pytest.fixture
def tidings(monkeypatch, capsys):
    """Runs a command line in this process."""

    def call(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["tidings", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        shown = capsys.readouterr()
        return ended.value.code or 0, shown.out, shown.err

    return call


@pytest.fixture
def broken(monkeypatch):
    """Has making a report fail as no one expects, with a secret in the words."""

    def fail(*words):
        raise LookupError("no such thing at postgresql://ana:s3cret@db.example.com/x, by hunter2hunter2")

    monkeypatch.setenv("SHOP_PASSWORD", "hunter2hunter2")
    monkeypatch.setattr(report, "resolve", fail)


def test_what_no_one_expected_is_a_line_that_names_the_file_with_the_traceback(project, tidings, broken):
    status, said, errors = tidings("report", "acme")
    path = project / "outputs" / "_tidings.log"
    assert (status, said) == (1, "")
    assert errors.startswith("error: something unexpected went wrong (LookupError: no such thing")
    assert errors.endswith(f"see {path}\n")
    assert len(errors.splitlines()) == 1
    assert "Traceback (most recent call last)" in path.read_text()
    assert "tidings report acme" in path.read_text()


def test_no_secret_reaches_the_file_or_the_line(project, tidings, broken):
    _, _, errors = tidings("report", "acme")
    for text in (errors, (project / "outputs" / "_tidings.log").read_text()):
        assert "s3cret" not in text
        assert "hunter2" not in text
        assert "postgresql://…@db.example.com/x" in text


def test_the_file_is_in_the_outputs_that_were_named(project, tidings, broken, tmp_path):
    _, _, errors = tidings("report", "acme", "--outputs", str(tmp_path / "elsewhere"))
    assert f"see {tmp_path / 'elsewhere' / '_tidings.log'}" in errors
    assert not (project / "outputs").exists()


def test_where_the_file_cannot_be_written_the_line_says_so(project, tidings, broken):
    (project / "outputs").write_text("a file")
    status, _, errors = tidings("report", "acme")
    assert (status, "Traceback" in errors) == (1, False)
    assert errors.endswith(f"{project / 'outputs' / '_tidings.log'} cannot be written\n")


def test_a_users_mistake_is_told_and_not_logged(project, tidings):
    status, _, errors = tidings("report", "nobody")
    assert (status, "there is no tenant 'nobody'" in errors) == (1, True)
    assert not (project / "outputs").exists()


def test_an_unexpected_error_of_one_edition_is_logged_and_the_run_goes_on(project, tidings, broken):
    add_tenant(project, "acme")
    status, said, errors = tidings("reports")
    about = json.loads((project / "outputs" / "_run.json").read_text())
    assert (status, errors) == (3, "")
    assert "failed     acme latest" in said
    assert [sorted(edition) for edition in about["editions"]] == [
        ["error", "folder", "held", "period", "seconds", "state", "tenant", "verdict"]
    ]
    text = (project / "outputs" / "_tidings.log").read_text()
    assert "acme, latest: unexpected\nTraceback (most recent call last)" in text


def test_the_steps_are_shown_only_where_they_are_asked_for(tmp_path):
    project = make_project(tmp_path)
    add_tenant(project, "acme", tables={"messages": ROWS})
    loud = run(project, "-v", "report", "acme")
    assert loud.returncode == 0, loud.stderr
    lines = loud.stderr.splitlines()
    assert lines[0].endswith("INFO    tidings.reports.report: acme, 2026-W46: making the report")
    assert all(" tidings." in line for line in lines), "no other library speaks"
    path = project / "outputs" / "acme" / "2026-W46" / "edition.json"
    path.unlink()
    assert run(project, "report", "acme").stderr == ""
    assert not (project / "outputs" / "_tidings.log").exists()


def test_the_process_has_its_own_loggers_back_afterwards(project, tidings, broken):
    loggers = (logging.getLogger("tidings"), logging.getLogger())
    before = [(logger.level, list(logger.handlers)) for logger in loggers]
    assert tidings("-v", "report", "acme")[0] == 1
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
