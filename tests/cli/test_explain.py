"""The command explain, as a user runs it."""

import os
import shutil
import subprocess
import sys

import pytest
from support.editions import write_edition
from support.projects import NOW, add_tenant, make_project
from support.tables import assignment, message

STAYS = [
    assignment("s1", "2026-11-10 15:00", None, "2026-11-10 15:05", closing_reason="=1+1"),
    assignment("s2", "2026-11-11 15:00", None, "2026-11-11 15:05", closing_reason="no\x1b[31mne"),
    assignment("s3", "2026-11-11 16:00"),
]
MESSAGES = [message("2026-11-10 15:00"), message("2026-11-01 15:00")]
ROWS = {"messages": MESSAGES, "assignments": STAYS}
MISSED = ("explain", "acme", "--number", "contact_center.missed_conversations")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    project = make_project(tmp_path_factory.mktemp("explained"), short=True)
    add_tenant(project, "acme", "activity, contact-center", ROWS)
    return project


def test_a_number_is_shown_with_its_definition_its_sql_its_rows_and_a_second_count(project, tidings):
    done = tidings(project, *MISSED, "--rows", "missed.csv")
    assert done.returncode == 0, done.stderr
    assert "Conversations of the period that ended without an answer and were not handed on." in done.stdout
    assert "Value: 2\nIn the period before: 0\n" in done.stdout
    assert "SQL (duckdb):\n-- " in done.stdout
    assert "2 rows count; instants are in UTC:\nassignment_id  conversation_id" in done.stdout
    assert "no·[31mne" in done.stdout
    assert "\x1b" not in done.stdout
    assert "  2 and 2\n" in done.stdout
    assert done.stdout.endswith("Both are the same.\n")
    lines = (project / "missed.csv").read_text("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines] == ["assignment_id", "s1", "s2"]
    assert "'=1+1" in lines[1]


def test_a_table_is_shown_line_by_line_or_only_those_that_are_asked_for(project, tidings):
    number = ("explain", "acme", "--number", "contact_center.handled_vs_missed")
    assert "2026-11-11: 0, 1, 1 and 0, 1, 1\n" in tidings(project, *number).stdout
    one = tidings(project, *number, "--where", "day=2026-11-10").stdout
    assert "2026-11-10: 0, 1, 0 and 0, 1, 0\n" in one
    assert "2026-11-11:" not in one


def test_what_a_report_recorded_before_more_data_came_is_said(project, tidings, tmp_path):
    changed = tmp_path / "changed"
    shutil.copytree(project, changed)
    write_edition(changed / "outputs", "acme", "2026-W46", {"contact_center.missed_conversations": 2})
    assert "recorded" not in tidings(changed, *MISSED).stdout
    add_tenant(changed, "acme", "activity, contact-center", ROWS | {"assignments": STAYS[:1]})
    assert (
        "outputs recorded 2: the data, the parameters or the library have changed"
        in tidings(changed, *MISSED).stdout
    )


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (("--number", "contact_center.missed"), 1, "there is no number contact_center.missed"),
        (("--number", "activity.new_users", "--where", "day"), 2, "write column=value"),
        (("--number", "activity.new_users", "--rows", "none/x.csv"), 1, "cannot be written"),
    ],
)
def test_what_cannot_be_explained_is_one_message(project, tidings, words, status, says):
    done = tidings(project, "explain", "acme", *words)
    assert done.returncode == status
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_numbers_that_differ_end_in_words_and_status_1(project, tmp_path):
    wrong = tmp_path / "wrong.py"
    wrong.write_text(
        "import sys\n"
        "from tidings.metrics import contact_center\n"
        "from tidings.cli.main import main\n"
        "expression = contact_center.assignments_by_day\n"
        "fetch = expression._fetch\n"
        "expression._fetch = lambda edition: fetch(edition).assign(missed=7)\n"
        f"sys.argv = {['tidings', *MISSED]!r}\n"
        "main()\n"
    )
    environment = os.environ | {"TIDINGS_HOME": str(project), "TIDINGS_NOW": NOW}
    done = subprocess.run(
        [sys.executable, wrong], env=environment, cwd=project, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "plain Python counts from these rows another number than was computed" in done.stderr
    assert " but 2\n" in done.stdout
