"""The command line: bad input gives one clear message, a status, and no traceback."""

from pathlib import Path
from subprocess import CompletedProcess

import pytest
from support.projects import add_tenant, make_project, run
from support.tables import message

ROWS = {"messages": [message("2026-11-10 15:00")]}


@pytest.fixture
def project(tmp_path) -> Path:
    return make_project(tmp_path, short=True)


@pytest.fixture
def refused(project, tidings):
    """Checks that a command is refused, in which words, and that it writes nothing."""
    return lambda *arguments, says: _check_refused(tidings(project, *arguments), project, says)


def _check_refused(done: CompletedProcess, project: Path, says: str) -> None:
    assert done.returncode == 1, done
    assert says in " ".join(done.stderr.split()), done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert not list(project.glob("outputs/*/*/*")), "nothing is written"


def test_an_unknown_tenant_is_told_apart_from_the_known_ones(project, refused):
    add_tenant(project, "acme", tables=ROWS)
    refused("report", "acne", says="acme")


def test_an_id_that_leaves_the_folder_is_refused(project, refused):
    refused("report", "../x", says="../x")


def test_a_missing_source_is_named(project, refused):
    add_tenant(project, "acme")
    refused("report", "acme", says="source data/acme: there is no such folder")


def test_a_truncated_file_is_named(project, refused):
    add_tenant(project, "acme", tables=ROWS)
    path = project / "data" / "acme" / "messages.parquet"
    path.write_bytes(path.read_bytes()[:200])
    refused("report", "acme", says="source data/acme, messages.parquet: cannot be read")


def test_a_source_without_rows_is_named(project, refused):
    add_tenant(project, "acme", tables={"messages": []})
    refused("report", "acme", says="no table has a row of tenant acme")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("recipients: []", "recipients"),
        ("time_zone: America/Bogotta", "America/Bogota"),
        ("recipient: [ana@example.com]", "recipients"),
        ("name: [", "acme.yaml"),
    ],
)
def test_a_wrong_line_of_a_tenants_file_is_named(project, line, says, refused):
    path = add_tenant(project, "acme", tables=ROWS)
    key = line.partition(":")[0]
    kept = [old for old in path.read_text().splitlines() if not old.startswith(f"{key}:")]
    path.write_text("\n".join([*kept, line]) + "\n")
    refused("report", "acme", says=says)


def test_a_period_that_is_not_over_says_when_it_ends(project, refused):
    add_tenant(project, "acme", tables=ROWS)
    refused("report", "acme", "--period", "2026-W47", says="ends 2026-11-23 00:00 America/Bogota")


def test_bad_data_are_named_with_the_row_by_the_kernel_too(project):
    add_tenant(project, "acme", tables={"messages": [message("2026-11-10 15:00", direction="sideways")]})
    done = run(project, "report", "acme")
    assert done.returncode == 1
    assert "column direction of table messages has an unknown value" in done.stderr
    assert "sideways" in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in project.glob("outputs/acme/2026-W46/*")] == ["failed.ipynb"]


def test_the_commands_are_listed_with_one_line_each(project):
    help_text = run(project, "--help").stdout
    for command in ("report", "demo", "demo-data", "schema"):
        assert command in help_text
