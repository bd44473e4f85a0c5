"""Queries of messages: rows in, the frames that several metrics read out."""

import pandas as pd
from support.tables import assignment, count_queries, edition_of, message, rows_of

from tidings.metrics.expressions.messages import conversations_by_day, messages_by_day

DAYS = "2026-11-09..2026-11-11"


def test_messages_by_day_have_a_row_for_each_day_with_its_busiest_minute(tmp_path):
    messages = [
        message("2026-11-10 10:00:59"),
        message("2026-11-10 12:00:00", direction="outgoing"),
        message("2026-11-10 12:00:59", assignment_id="s1"),
        message("2026-11-10 15:30:00", assignment_id="s1"),
        message("2026-11-10 15:30:01", direction="outgoing", assignment_id="s2"),
        message("2026-11-12 00:00:00"),
    ]
    found = messages_by_day.frame(edition_of(tmp_path, DAYS, {"messages": messages}))
    assert rows_of(found[["day", "messages", "incoming", "attended", "most_a_minute"]]) == [
        ("2026-11-09", 0, 0, 0, 0),
        ("2026-11-10", 5, 3, 3, 2),
        ("2026-11-11", 0, 0, 0, 0),
    ]
    assert found["busiest_minute"].dropna().tolist() == [pd.Timestamp("2026-11-10 12:00")]


def test_a_thread_of_two_days_counts_on_both_and_once_in_all(tmp_path):
    messages = [
        message("2026-11-09 10:00", thread="long"),
        message("2026-11-10 10:00", thread="long"),
        message("2026-11-10 10:00", thread="long"),
        message("2026-11-10 11:00", thread="assigned"),
        message("2026-11-12 00:00", thread="later"),
    ]
    stays = [assignment("s1", "2020-01-01 10:00", conversation_id="assigned")]
    found = conversations_by_day.frame(
        edition_of(tmp_path, DAYS, {"messages": messages, "assignments": stays})
    )
    assert rows_of(found.sort_values("day")) == [
        ("2026-11-09", 1, 1),
        ("2026-11-10", 2, 1),
        (None, 2, 1),
    ]


def test_without_assignments_no_thread_is_counted_as_unassigned(tmp_path):
    tables = {"messages": [message("2026-11-09 10:00")], "assignments": None}
    found = conversations_by_day.frame(edition_of(tmp_path, DAYS, tables, services=["activity", "chatbot"]))
    assert found["conversations"].tolist() == [1, 1]
    assert found["unassigned"].sum() == 0


def test_each_query_is_executed_once_for_a_period_and_the_one_before(tmp_path, monkeypatch):
    fetched = count_queries(monkeypatch)
    instants = {"a": "2026-11-08 00:00:00", "b": "2026-11-08 23:59:59", "c": "2026-11-09 00:00:00"}
    messages = [message(instant, thread=thread) for thread, instant in instants.items()]
    edition = edition_of(tmp_path, "2026-W46", {"messages": messages})
    fetched.clear()
    for counted in (messages_by_day, conversations_by_day, messages_by_day):
        assert (counted.frame(edition).iloc[0, 1], counted.frame(edition.previous).iloc[-1, 1]) == (1, 2)
    assert len(fetched) == 2
