"""All metrics together: the names and columns that other programs read."""

import pandas as pd
import pytest
from support.tables import assignment, edition_of, message, session

from tidings.metrics import METRICS

# What is published, written out: a change here is a change of the contract with readers of the record.
SCALARS = [
    "activity.new_users",
    "activity.active_users",
    "activity.total_messages",
    "activity.peak_volume",
    "activity.peak_time",
    "activity.total_conversations",
    "activity.average_messages_per_conversation",
    "chatbot.unrecognised_share",
    "contact_center.total_conversations",
    "contact_center.unique_conversations",
    "contact_center.missed_conversations",
    "contact_center.missed_share",
    "contact_center.total_messages",
    "contact_center.unique_users",
    "contact_center.automated_resolutions",
    "contact_center.automated_share",
    "contact_center.average_conversation_minutes",
    "contact_center.average_wait_minutes",
]
TABLES = {
    "activity.incoming_messages": ["day", "incoming_messages"],
    "activity.conversations": ["day", "conversations"],
    "activity.messages_per_conversation": ["day", "messages_per_conversation"],
    "activity.max_messages_per_minute": ["day", "max_messages_per_minute"],
    "chatbot.intents": ["intent", "messages", "share"],
    "chatbot.languages": ["language", "users", "share"],
    "chatbot.start_flows": ["entry_point", "start_flow", "first_intent", "conversations"],
    "contact_center.handled_vs_missed": ["day", "handled", "missed", "other"],
    "contact_center.closing_reasons": ["closing_reason", "conversations", "share"],
    "contact_center.conversation_time": ["day", "average_minutes", "median_minutes"],
    "contact_center.wait_time": ["day", "average_minutes", "median_minutes"],
    "contact_center.agent_conversations": ["agent", "conversations"],
    "contact_center.agent_conversations_daily": ["day", "agent", "conversations"],
    "contact_center.agent_minutes": ["agent", "minutes"],
    "contact_center.agent_minutes_daily": ["day", "agent", "minutes"],
    "contact_center.agent_hours": ["agent", "hours"],
    "contact_center.agent_hours_daily": ["day", "agent", "hours"],
    "contact_center.reconciliation": ["step", "conversations"],
}
RANKINGS = {"chatbot.intents", "chatbot.languages", "contact_center.closing_reasons"}
_FULL = {
    "messages": [message("2026-11-10 10:00", intent="Pay", language="es", assignment_id="1")],
    "conversations": [
        {"conversation_id": "c1", "user_id": "u1", "started_at": message("2026-11-10 10:00")["sent_at"]}
    ],
    "users": [{"user_id": "u1", "first_seen_at": message("2026-11-10 10:00")["sent_at"]}],
    "assignments": [
        assignment("1", "2026-11-10 10:00", "2026-11-10 10:01", "2026-11-10 10:02", closing_reason="Done")
    ],
    "agents": [{"agent_id": "a1", "name": "Ana"}],
    "agent_sessions": [session("a1", "2026-11-10 08:00", "2026-11-10 16:00")],
}


def test_the_names_are_those_that_are_published():
    names = {compute.metric.name: list(compute.metric.columns) for compute in METRICS}
    assert names == {name: [] for name in SCALARS} | TABLES


def test_scalars_and_rankings_are_recorded_with_the_value_before():
    with_previous = {compute.metric.name for compute in METRICS if compute.metric.records_previous}
    assert with_previous == {*SCALARS, *RANKINGS}


@pytest.mark.parametrize("is_busy", [True, False])
def test_a_table_has_exactly_its_columns_in_order_and_whole_numbers_where_it_counts(tmp_path, is_busy):
    period = "2026-W46" if is_busy else "2026-W40"
    edition = edition_of(tmp_path, period, _FULL)
    for compute in METRICS:
        result = compute(edition)
        assert result.available
        if result.metric.is_table:
            assert list(result.value.columns) == list(result.metric.columns), result.metric.name
            counts = {"conversations", "messages", "users", "handled", "missed", "other", "incoming_messages"}
            for column in counts & set(result.value.columns):
                assert str(result.value[column].dtype) == "int64", (result.metric.name, column)


def test_each_value_is_computed_once(tmp_path):
    edition = edition_of(tmp_path, "2026-W46", _FULL)
    for compute in METRICS:
        assert compute(edition) is compute(edition)


def test_a_result_gives_copies_of_its_frame(tmp_path):
    edition = edition_of(tmp_path, "2026-W46", _FULL)
    result = METRICS[5](edition)
    copy = result.frame
    copy.loc[:, "day"] = pd.NaT
    assert result.value["day"].notna().all()


@pytest.mark.parametrize("absent", ["conversations", "users", "agents", "agent_sessions"])
def test_without_a_table_only_what_needs_it_is_missing(tmp_path, absent):
    edition = edition_of(tmp_path, "2026-W46", {name: rows for name, rows in _FULL.items() if name != absent})
    missing = {compute.metric.name for compute in METRICS if not compute(edition).available}
    expected = {
        "conversations": {"chatbot.start_flows"},
        "agent_sessions": {"contact_center.agent_hours", "contact_center.agent_hours_daily"},
    }
    assert missing == expected.get(absent, set())
