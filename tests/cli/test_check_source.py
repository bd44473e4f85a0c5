"""The command check-source, as a user runs it."""

import json

import pandas as pd
import pytest
from support.projects import add_tenant, make_project
from support.tables import assignment, message

from tidings.sources.contract import TABLES

MESSAGES = [message(f"2026-11-{day:02} 15:00", user=f"u{day}", intent="greet") for day in range(2, 16)]
STAYS = [assignment("s1", "2026-11-10 15:00", "2026-11-10 15:01", "2026-11-10 15:05")]


@pytest.fixture
def project(tmp_path):
    return make_project(tmp_path, short=True)


def test_a_source_is_told_with_what_it_costs_that_columns_are_empty(project, tidings):
    add_tenant(
        project, "acme", "activity, chatbot, contact-center", {"messages": MESSAGES, "assignments": STAYS}
    )
    done = tidings(project, "check-source", "acme", "--period", "2026-W46")
    assert done.returncode == 2, done.stderr
    for line in (
        "messages: 14 rows, from 2026-11-02 15:00 to 2026-11-15 15:00 UTC",
        "  the same in all rows: conversation_id=c1, direction=incoming, sender=user, intent=greet",
        "agent_sessions: there is none",
        "warning: column language of table messages holds nothing: a report cannot give the languages",
        "warning: column closing_reason of table assignments holds nothing: "
        "a report cannot give the closing reasons",
        "warning: there is no table users: to know who is new, each report reads all 14 messages",
        "ready: make report TENANT=acme",
    ):
        assert line in done.stdout.splitlines()
    assert "  and cannot give Language Distribution" in done.stdout
    assert not list(project.glob("outputs/acme"))


def test_a_last_day_that_is_short_is_told(project, tidings):
    rows = [message(f"2026-11-0{day} 1{hour}:00", user=f"u{hour}") for day in (1, 8) for hour in range(8)]
    add_tenant(project, "acme", "activity", {"messages": [*rows, message("2026-11-15 15:00")]})
    told = tidings(project, "check-source", "acme", "--period", "2026-W46").stdout
    assert "Sunday 2026-11-15 has 1 message, where that weekday usually has 8" in told


def test_the_only_message_is_told_as_one(project, tidings):
    add_tenant(project, "acme", "activity", {"messages": MESSAGES[:1]})
    told = tidings(project, "check-source", "acme", "--period", "2026-W46").stdout
    assert "messages: 1 row, " in told
    assert "each report reads the only message" in told


def test_a_small_number_is_no_short_day(project, tidings):
    rows = [message(f"2026-11-0{day} 1{hour}:00") for day in (1, 8) for hour in range(3)]
    add_tenant(project, "acme", "activity", {"messages": [*rows, message("2026-11-15 15:00")]})
    assert (
        "it may not be complete"
        not in tidings(project, "check-source", "acme", "--period", "2026-W46").stdout
    )


def test_a_period_without_rows_is_told_with_the_newest_row(project, tidings):
    add_tenant(project, "acme", "activity", {"messages": MESSAGES[:5]})
    done = tidings(project, "check-source", "acme", "--period", "2026-W46")
    newest = "table messages has no row in 2026-W46, and its newest is of 2026-11-06T15:00:00Z"
    assert newest in done.stdout
    assert done.returncode == 2


def test_start_flows_are_given_where_there_is_no_entry_point(project, tidings):
    thread = {
        "conversation_id": "c1",
        "user_id": "u2",
        "started_at": MESSAGES[8]["sent_at"],
        "start_flow": "hi",
    }
    add_tenant(project, "acme", "chatbot", {"messages": MESSAGES, "conversations": [thread]})
    told = tidings(project, "check-source", "acme", "--period", "2026-W46").stdout
    assert "Chatbot: a report gives Most Frequent Intents, Unrecognised, Conversation Start Flows" in told


def test_rows_that_break_the_contract_are_problems_of_each_table(project, tidings):
    wrong = [*MESSAGES, message("2026-11-12 15:00", message_id="odd", sender="robot")]
    twice = [STAYS[0], STAYS[0]]
    add_tenant(project, "acme", "activity, contact-center", {"messages": wrong, "assignments": twice})
    done = tidings(project, "check-source", "acme", "--period", "2026-W46")
    assert done.returncode == 1
    problems = [line for line in done.stdout.splitlines() if line.startswith("problem: ")]
    assert "column sender of table messages has an unknown value in row {message_id: odd" in problems[0]
    assert "holds 's1' 2 times" in problems[1]
    assert done.stdout.endswith("not ready: mend the problems, and look again\n")


def test_programs_read_the_same_as_json(project, tidings):
    add_tenant(project, "acme", "activity", {"messages": MESSAGES})
    found = json.loads(tidings(project, "check-source", "acme", "--period", "2026-W46", "--json").stdout)
    assert (found["ready"], found["tables"][0]["rows"], found["problems"]) == (True, 14, [])
    add_tenant(project, "none", "contact-center", {"messages": MESSAGES})
    done = tidings(project, "check-source", "none", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["problems"][0].startswith(
        "source data/none: there is no table assignments"
    )


def test_tables_that_pandas_wrote_without_rows_are_tables_without_rows(project, tidings):
    add_tenant(project, "acme", "activity, contact-center", {"messages": MESSAGES, "assignments": STAYS})
    names = [column.name for column in TABLES["agent_sessions"].columns]
    pd.DataFrame(columns=names).to_parquet(project / "data" / "acme" / "agent_sessions.parquet")
    pd.DataFrame({"user_id": [], "first_seen_at": []}).to_csv(project / "data" / "acme" / "users.csv")
    done = tidings(project, "check-source", "acme", "--period", "2026-W46")
    assert "agent_sessions: 0 rows" in done.stdout.splitlines(), done.stderr
    assert "warning: table users has no row of tenant acme" in done.stdout.splitlines()
    assert done.returncode == 2
