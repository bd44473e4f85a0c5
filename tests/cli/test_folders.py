"""Folders as users name them: an address of this machine works in every command, as its path does."""

import mailbox
from pathlib import Path

import pytest
from support.batches import ROWS
from support.projects import add_tenant, make_project, run

from tidings.review.batch import open_review


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A project whose parameters and outputs are elsewhere, with one report, made by an address of them."""
    project = make_project(tmp_path_factory.mktemp("project"), short=True)
    add_tenant(project, "acme", tables={"messages": ROWS})
    (project / "parameters").rename(project / "tenants")
    made = run(project, "report", "acme", *_folders(project))
    assert (made.returncode, made.stderr) == (0, "")  # nor a step of it, which nobody asked for
    assert made.stdout.startswith(f"made: {project}/made/acme/2026-W46\n")  # then the gate's notes
    return project


def _folders(project: Path) -> tuple[str, ...]:
    return "--parameters", f"file://{project}/tenants", "--outputs", f"file://{project}/made"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("report", "acme"), "up to date: "),
        (("reports",), "up to date acme 2026-W46 "),
        (("mail",), "1 sent\n"),
        (("status",), "ana@example.com"),
        (("due", "--date", "2026-11-18"), "nothing to mail\n"),
        (("test-mail", "--tenant", "acme", "--to", "me@example.com"), "sent: put into the outbox\n"),
        (
            ("resend", "--force", "--tenant=acme", "--period=2026-W46", "--recipient=ana@example.com"),
            "sent: is in the outbox already\n",
        ),
    ],
)
def test_every_command_finds_what_is_there(project, tidings, words, says):
    done = tidings(project, *words, *_folders(project))
    assert (done.returncode, done.stderr) == (0, "")
    assert says in done.stdout


def test_everything_went_there_and_nowhere_else(project):
    assert len(mailbox.Maildir(project / "made" / "_outbox", create=False)) == 2
    assert sorted(path.name for path in project.iterdir()) == ["data", "made", "notebooks", "tenants"]


def test_a_review_finds_it_too(project, monkeypatch):
    monkeypatch.setenv("TIDINGS_HOME", str(project))
    lines = open_review(f"file://{project}/made").lines
    assert [(line.tenant, line.period) for line in lines] == [("acme", "2026-W46")]


@pytest.mark.parametrize("command", [("report", "acme"), ("reports",), ("mail",), ("status",), ("due",)])
def test_an_address_of_another_machine_is_refused_before_anything_is_done(project, tidings, command):
    done = tidings(project, *command, "--outputs", "file://server/share")
    assert (done.returncode, done.stdout) == (2, "")
    assert "folder file://server/share: does not lead to a folder of this machine" in done.stderr
    assert "Traceback" not in done.stderr


def test_demo_data_are_not_written_into_an_object_store(project, tidings):
    done = tidings(project, "demo-data", "--folder", "s3://bucket/demo")
    assert (done.returncode, done.stdout) == (2, "")
    assert "folder s3://bucket/demo: is in an object store" in done.stderr


@pytest.mark.parametrize("words", [("report", "acme"), ("mail",), ("pause", "--tenant", "acme")])
def test_outputs_that_cannot_be_written_are_named_without_a_traceback(project, tidings, words):
    (project / "in the way").write_text("a file")
    done = tidings(
        project, *words, "--parameters", f"{project}/tenants", "--outputs", f"{project}/in the way"
    )
    assert done.returncode in (1, 2)
    assert "in the way" in done.stderr
    assert "cannot be read or written" in done.stderr
    assert "To mend it: " in done.stderr
    assert "Traceback" not in done.stderr
    assert "unexpected" not in done.stderr
