"""What is looked up in a source: few rows, counted by hand."""

import pytest
from support.tables import assignment, edition_of, message, session

from tidings.metrics.observations import observe
from tidings.sources.references import Cause

WEEK = "2026-W47"  # 16 to 22 November


def test_rows_are_counted_by_local_day_in_the_weeks_before_too(tmp_path):
    messages = [message(at) for at in ("2026-11-05 03:00", "2026-11-16 03:00", "2026-11-16 09:00")]
    seen = observe(edition_of(tmp_path, WEEK, {"messages": messages}, time_zone="America/Bogota"))
    assert seen["days"] == {"messages": {"2026-11-04": 1, "2026-11-15": 1, "2026-11-16": 1}}
    assert (seen["since"], seen["until"]) == ("2026-09-21", "2026-11-22")
    assert (seen["first"], seen["newest"]) == ("2026-11-05T03:00:00+00:00", "2026-11-16T09:00:00+00:00")


def test_the_longest_silence_of_each_whole_period_before_is_given_in_hours(tmp_path):
    instants = [
        "2026-11-02 06:00",
        "2026-11-03 18:00",
        "2026-11-08 18:00",
        "2026-11-09 06:00",
        "2026-11-10 06:00",
    ]
    seen = observe(edition_of(tmp_path, WEEK, {"messages": [message(at) for at in instants]}))
    assert seen["silences"] == [24.0, 120.0]


def test_a_table_without_rows_is_empty_and_one_that_is_not_there_is_not(tmp_path):
    seen = observe(edition_of(tmp_path, WEEK, {"messages": [message("2026-11-16 09:00")], "users": []}))
    assert seen["empty"] == ["users", "assignments"]


def test_an_id_that_no_row_has_is_counted_with_its_likely_cause(tmp_path):
    messages = [
        message("2026-11-16 09:00", assignment_id="7.0"),
        message("2026-11-16 09:01", assignment_id="8"),
    ]
    stays = [assignment("7", "2026-11-16 08:00"), assignment("8", "2026-11-16 08:00")]
    [fault] = observe(edition_of(tmp_path, WEEK, {"messages": messages, "assignments": stays}))["references"]
    assert (fault["table"], fault["column"], fault["target"]) == ("messages", "assignment_id", "assignments")
    assert (fault["rows"], fault["wrong"], fault["example"]) == (2, 1, "7.0")
    assert fault["cause"] == "1.0 was written for 1 ('7.0' for '7'): " + Cause.FLOAT.remedy


@pytest.mark.parametrize(
    ("lost", "known", "cause"),
    [
        ("007", "7", Cause.ZEROS),
        ("7", "007", Cause.ZEROS),
        ("ab ", "ab", Cause.BLANKS),
        ("AB", "ab", Cause.CASE),
        ("7", "7.0", Cause.FLOAT),
        ("nan", "7", Cause.WORD),
        ("gone", "7", None),
    ],
)
def test_the_cause_is_told_by_how_the_other_table_spells_the_id(tmp_path, lost, known, cause):
    stays = [
        assignment("1", "2026-11-16 08:00"),
        assignment(known, "2026-11-16 08:00", transferred_from=lost),
    ]
    [fault] = observe(edition_of(tmp_path, WEEK, {"assignments": stays}))["references"]
    assert fault["cause"] is None if cause is None else fault["cause"].startswith(cause.what)


def test_an_end_before_its_start_is_counted_in_the_period_and_before_it(tmp_path):
    logins = [
        session("a1", "2026-11-16 09:00:10", "2026-11-16 09:00:04"),
        session("a1", "2026-11-16 09:00:10", "2026-11-16 09:00:05"),
        session("a1", "2026-11-10 09:00", "2026-11-10 08:00"),
    ]
    [fault] = observe(edition_of(tmp_path, WEEK, {"agent_sessions": logins, "agents": None}))["backwards"]
    assert fault == {
        "table": "agent_sessions",
        "column": "disconnected_at",
        "earlier": "connected_at",
        "rows": 2,
        "wrong": 1,
        "before": {"rows": 1, "wrong": 1},
        "example": logins[0]["session_id"],
    }


def test_assignments_without_a_message_are_counted_by_whether_they_were_answered(tmp_path):
    stays = [
        assignment("1", "2026-11-16 08:00", "2026-11-16 08:01"),
        assignment("2", "2026-11-16 08:00", "2026-11-16 08:01"),
        assignment("3", "2026-11-16 08:00"),
        assignment("4", "2026-11-10 08:00"),
    ]
    messages = [
        message("2026-11-16 08:02", assignment_id="1"),
        message("2026-11-16 08:02", assignment_id="1"),
    ]
    faults = observe(edition_of(tmp_path, WEEK, {"assignments": stays, "messages": messages}))["promises"]
    counted = [(fault["kind"], fault["rows"], fault["wrong"], fault["example"]) for fault in faults]
    assert counted == [("answered", 2, 1, "2"), ("unanswered", 1, 1, "3")]
    assert [fault["before"] for fault in faults] == [{"rows": 0, "wrong": 0}, {"rows": 1, "wrong": 1}]


def test_rows_alike_but_for_their_ids_are_counted_by_day_without_those_of_the_bot(tmp_path):
    bot = {"direction": "outgoing", "sender": "bot"}
    messages = [message("2026-11-16 09:00:01.5"), message("2026-11-16 09:00:01.7", thread="c2")]
    messages += [message("2026-11-17 09:00:01", **bot), message("2026-11-17 09:00:01", **bot)]
    seen = observe(edition_of(tmp_path, WEEK, {"messages": messages}))
    assert seen["alike"]["messages"] == {
        "2026-11-16": {"rows": 2, "alike": 1},
        "2026-11-17": {"rows": 0, "alike": 0},
    }


@pytest.mark.parametrize(("minutes", "alike"), [(19, 0), (20, 20)])
def test_rows_of_whole_minutes_are_alike_only_where_each_of_many_is_there_twice(tmp_path, minutes, alike):
    messages = [message(f"2026-11-16 09:{minute:02}") for minute in range(minutes) for _ in range(2)]
    seen = observe(edition_of(tmp_path, WEEK, {"messages": messages}))["alike"]
    assert seen == {"messages": {"2026-11-16": {"rows": 2 * minutes, "alike": alike}}}


def test_rows_of_whole_minutes_are_not_alike_where_one_is_there_once(tmp_path):
    messages = [message(f"2026-11-16 09:{minute:02}") for minute in range(30) for _ in range(2)]
    messages.append(message("2026-11-16 10:00"))
    seen = observe(edition_of(tmp_path, WEEK, {"messages": messages}))["alike"]
    assert seen == {"messages": {"2026-11-16": {"rows": 61, "alike": 0}}}


def test_a_watermark_is_the_newest_one_of_its_table(tmp_path):
    (tmp_path / "_watermark.csv").write_text("complete_until\n2026-11-20 00:00:00\n2026-11-23T00:00:00Z\n")
    seen = observe(edition_of(tmp_path, WEEK, {"messages": [message("2026-11-16 09:00")]}))
    assert seen["watermark"] == "2026-11-23T00:00:00+00:00"


def test_a_source_that_bills_is_asked_for_two_periods_alone(tmp_path, monkeypatch):
    monkeypatch.setattr("tidings.metrics.observations.FREE", frozenset())
    instants = ["2026-11-05 09:00", "2026-11-10 09:00", "2026-11-16 09:00"]
    seen = observe(edition_of(tmp_path, WEEK, {"messages": [message(at) for at in instants]}))
    assert (seen["since"], seen["days"]) == ("2026-11-09", {"messages": {"2026-11-10": 1, "2026-11-16": 1}})
