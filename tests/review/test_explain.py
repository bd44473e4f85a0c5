"""Where a number comes from: the rows behind it, and the same number counted by plain Python."""

from datetime import date

import pandas as pd
import pytest
from support.editions import write_edition
from support.quick import slow_but
from support.random_rows import CLOCK_CHANGE, random_tables
from support.tables import assignment, at, edition_of, message, rows_of, session

from tidings.errors import MetricError, ReportError
from tidings.metrics import METRICS, chatbot, contact_center
from tidings.review.explain import explain, refuse_number_of_notebook, write_rows

WEEK = "2026-W46"  # Mon 9 – Sun 15 November 2026
NAMES = [compute.metric.name for compute in METRICS]
STAYS = [
    assignment("missed", "2026-11-10 10:00", None, "2026-11-10 10:05"),
    assignment("waiting", "2026-11-10 11:00"),
    assignment("handed-on", "2026-11-10 12:00", None, "2026-11-10 12:05"),
    assignment("answered", "2026-11-10 12:05", "2026-11-10 12:06", transferred_from="handed-on"),
    assignment("before", "2026-11-03 10:00", None, "2026-11-03 10:05"),
    assignment("long-before", "2026-10-03 10:00", None, "2026-10-03 10:05"),
]


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    """A busy edition around a change of the clocks."""
    folder = tmp_path_factory.mktemp("busy")
    return edition_of(folder, CLOCK_CHANGE, random_tables(seed=5), time_zone="Europe/Amsterdam")


@pytest.mark.parametrize("compute", METRICS, ids=lambda compute: compute.metric.name)
def test_plain_python_counts_the_same_from_the_rows_of_every_number(edition, compute):
    found = explain(edition, compute.metric.name)
    assert found.agrees, [line for line in found.lines if not line.agrees]
    assert found.rows
    assert all("SELECT" in query for query in found.queries)
    assert found.metric.definition
    if not compute.metric.is_table:
        assert found.lines[0].computed == (compute(edition).value,)


COMPARED = [
    compute.metric.name for compute in METRICS if not compute.metric.is_table and compute.metric.compared
]


@pytest.mark.parametrize("name", slow_but(COMPARED[::4], COMPARED))
def test_a_previous_number_is_that_of_the_period_before(edition, name):
    found = explain(edition, f"{name}.previous")
    assert found.agrees
    assert found.lines[0].computed == (explain(edition, name).previous,)


@pytest.mark.parametrize(
    "compute",
    [chatbot.intents, chatbot.languages, contact_center.closing_reasons],
    ids=lambda c: c.metric.name,
)
def test_a_previous_ranking_is_that_of_the_period_before(edition, compute):
    found = explain(edition, f"{compute.metric.name}.previous")
    assert found.agrees, [line for line in found.lines if not line.agrees]
    assert [line.computed for line in found.lines] == [row[1:] for row in rows_of(compute(edition).previous)]
    assert found.rows


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """An edition of a period without rows."""
    tables = {name: rows[:1] for name, rows in random_tables(seed=1).items()}
    return edition_of(tmp_path_factory.mktemp("empty"), "2026-W20", tables)


@pytest.mark.parametrize("name", slow_but(NAMES[::6], NAMES))
def test_a_period_without_rows_is_explained_too(empty, name):
    found = explain(empty, name)
    assert found.agrees, found.lines
    assert found.rows == []


BACKWARDS = [
    assignment("right", "2026-11-10 10:00", "2026-11-10 10:02", "2026-11-10 10:12"),
    assignment("answered-early", "2026-11-10 11:00", "2026-11-10 10:00", "2026-11-10 11:20"),
    assignment("closed-early", "2026-11-10 12:00", "2026-11-10 12:04", "2026-11-09 12:03"),
    assignment("by-a-second", "2026-11-10 12:00:01", "2026-11-10 12:00", "2026-11-10 11:59:58"),
]


@pytest.fixture(scope="module")
def backwards(tmp_path_factory):
    """An edition of which some times run backwards."""
    logins = [session("a1", "2026-11-10 12:00", "2026-11-10 08:00"), session("a1", "2026-11-10 12:30")]
    tables = {"assignments": BACKWARDS, "agent_sessions": logins, "messages": [message("2026-11-10 13:00")]}
    return edition_of(tmp_path_factory.mktemp("backwards"), WEEK, tables)


OF_AGENTS = [name for name in NAMES if name.startswith("contact_center.")]


@pytest.mark.parametrize("name", slow_but(OF_AGENTS[::3], OF_AGENTS))
def test_times_that_run_backwards_are_counted_alike(backwards, name):
    found = explain(backwards, name)
    assert found.agrees, found.lines


def test_a_time_that_runs_backwards_is_no_row_behind_an_average(tmp_path):
    edition = edition_of(tmp_path, WEEK, {"assignments": BACKWARDS})
    waits = explain(edition, "contact_center.average_wait_minutes").rows
    assert {row["assignment_id"] for row in waits} == {"right", "closed-early", "by-a-second"}
    talks = explain(edition, "contact_center.average_conversation_minutes").rows
    assert {row["assignment_id"] for row in talks} == {"right", "answered-early", "by-a-second"}


def test_the_rows_behind_a_number_are_those_that_count_and_no_others(tmp_path):
    found = explain(edition_of(tmp_path, WEEK, {"assignments": STAYS}), "contact_center.missed_conversations")
    assert [row["assignment_id"] for row in found.rows] == ["missed"]
    assert found.rows[0]["assigned_at"] == at("2026-11-10 10:00")
    assert (found.lines[0].computed, found.lines[0].counted, found.previous) == ((1,), (1,), 1)
    assert found.engine == "duckdb"
    assert '"is_missed") AS "missed"' in found.queries[0]
    assert found.queries[0].startswith("-- parquet_")
    assert ": assignments of the source\n" in found.queries[0]


def test_a_number_from_before_the_source_begins_is_said_to_be_absent(tmp_path):
    edition = edition_of(tmp_path, WEEK, {"assignments": STAYS[:1]})
    assert explain(edition, "contact_center.missed_conversations").previous is None
    with pytest.raises(MetricError, match="no row from before 2026-11-02"):
        explain(edition, "contact_center.missed_conversations.previous")


def test_a_line_of_a_table_has_its_own_rows(tmp_path):
    messages = [
        message("2026-11-10 10:00", message_id="tuesday"),
        message("2026-11-11 10:00", message_id="wednesday"),
        message("2026-11-10 10:00", direction="outgoing"),
    ]
    edition = edition_of(tmp_path, WEEK, {"messages": messages})
    found = explain(edition, "activity.incoming_messages", {"day": "2026-11-10"})
    assert [(line.place, line.computed, line.counted) for line in found.lines] == [
        ((date(2026, 11, 10),), (1,), (1,))
    ]
    assert [row["message_id"] for row in found.rows] == ["tuesday"]


def test_a_line_without_a_name_is_asked_for_as_readers_see_it(tmp_path):
    stays = [
        assignment("1", "2026-11-10 10:00", None, "2026-11-10 10:05"),
        assignment("2", "2026-11-10 10:00", None, "2026-11-10 10:05", closing_reason="Done"),
    ]
    edition = edition_of(tmp_path, WEEK, {"assignments": stays})
    found = explain(edition, "contact_center.closing_reasons", {"closing_reason": "not given"})
    assert [row["assignment_id"] for row in found.rows] == ["1"]
    assert found.lines[0].counted == (1, 0.5)


def test_hours_are_counted_from_the_logins_that_reach_into_the_day(tmp_path):
    logins = [
        session("a1", "2026-11-08 20:00", "2026-11-09 02:00"),
        session("a1", "2026-11-09 01:00", "2026-11-09 03:00"),
        session("a1", "2026-11-07 01:00", "2026-11-08 03:00"),
        session("a2", "2026-11-09 01:00", "2026-11-09 03:00"),
    ]
    agents = [{"agent_id": "a1", "name": "Ana"}]
    edition = edition_of(tmp_path, WEEK, {"agent_sessions": logins, "agents": agents})
    found = explain(edition, "contact_center.agent_hours_daily", {"day": "2026-11-09", "agent": "Ana"})
    assert [row["connected_at"] for row in found.rows] == [at("2026-11-08 20:00"), at("2026-11-09 01:00")]
    assert found.lines[0].counted == (3.0,)


def test_a_number_that_was_computed_wrongly_does_not_agree(tmp_path, monkeypatch):
    edition = edition_of(tmp_path, WEEK, {"assignments": STAYS})
    monkeypatch.setattr(contact_center.assignments_by_day, "_fetch", lambda edition: _all_missed(edition))
    found = explain(edition, "contact_center.missed_conversations")
    assert not found.agrees
    assert (found.lines[0].computed, found.lines[0].counted) == ((4,), (1,))


def _all_missed(edition) -> pd.DataFrame:
    frame = edition.fetch(contact_center.assignments_by_day(edition))
    return frame.assign(missed=frame["assignments"])


@pytest.mark.parametrize(
    ("name", "where", "says"),
    [
        ("contact_center.missed", {}, "such as contact_center.missed_conversations"),
        ("report.highlights", {}, "there is no number report.highlights"),
        ("", {}, "no number is named"),
        ("chatbot.start_flows.previous", {}, "there is no number chatbot.start_flows.previous"),
        ("x\x1b[31m", {}, "there is no number x·"),
        ("activity.total_messages", {"day": "2026-11-10"}, "it is one number, and has no lines"),
        ("activity.incoming_messages", {"agent": "Ana"}, "its lines have no agent"),
        ("activity.incoming_messages", {"day": "2026-11-16"}, "no line has day 2026-11-16"),
        ("contact_center.agent_hours", {}, "the source gives no table agent_sessions"),
    ],
)
def test_what_cannot_be_explained_is_said_with_what_can(tmp_path, name, where, says):
    edition = edition_of(tmp_path, WEEK, {"messages": [message("2026-11-10 10:00")]})
    with pytest.raises(MetricError) as refused:
        explain(edition, name, where)
    assert says in str(refused.value)


def test_a_number_of_a_service_that_the_tenant_lacks_is_refused(tmp_path):
    edition = edition_of(tmp_path, WEEK, {"messages": [message("2026-11-10 10:00")]}, services=["activity"])
    with pytest.raises(MetricError, match="tenant acme has no chatbot"):
        explain(edition, "chatbot.intents")


def test_all_rows_are_written_and_no_spreadsheet_computes_them(tmp_path):
    messages = [
        message("2026-11-10 10:00", message_id="m1", intent="=HYPERLINK(1)", language="+en"),
        message("2026-11-10 10:01", message_id="m2", intent='say "hi", twice', language="-1"),
    ]
    edition = edition_of(tmp_path / "data", WEEK, {"messages": messages})
    file = tmp_path / "rows.csv"
    write_rows(explain(edition, "activity.total_messages"), file)
    assert file.read_text(encoding="utf-8-sig").splitlines() == [
        "message_id,conversation_id,user_id,sent_at,direction,sender,assignment_id,intent,language,channel",
        "m1,c1,u1,2026-11-10 10:00:00,incoming,user,,'=HYPERLINK(1),'+en,",
        """m2,c1,u1,2026-11-10 10:01:00,incoming,user,,"say ""hi"", twice",'-1,""",
    ]


def test_a_file_that_cannot_be_written_is_said_and_nothing_is_left(tmp_path):
    edition = edition_of(tmp_path / "data", WEEK, {"messages": [message("2026-11-10 10:00")]})
    (tmp_path / "rows.csv").mkdir()
    with pytest.raises(ReportError, match=r"rows.csv: cannot be written"):
        write_rows(explain(edition, "activity.total_messages"), tmp_path / "rows.csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "rows.csv"]


def test_a_number_that_a_notebook_declares_is_left_to_the_notebook(edition, tmp_path):
    numbers = {"team.letters": 3, "team.letters.previous": 2, "activity.new_users": 1}
    write_edition(tmp_path, edition.tenant.id, edition.period.key, numbers)
    for name in ("team.letters", "team.letters.previous"):
        with pytest.raises(MetricError, match="is declared in the notebook, which alone can compute it"):
            refuse_number_of_notebook(edition, name, tmp_path)
    for name in ("activity.new_users", "team.unheard_of"):
        refuse_number_of_notebook(edition, name, tmp_path)
