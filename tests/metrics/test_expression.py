"""Expressions: what they give without executing anything, and whose frame is whose."""

import ibis
import pytest
from support.tables import assignment, count_queries, edition_of, message, session

from tidings.metrics import METRICS, activity, chatbot, contact_center
from tidings.metrics.expression import expression
from tidings.metrics.expressions.agents import answered_by_day
from tidings.metrics.expressions.assignments import assignments_by_day
from tidings.metrics.expressions.messages import conversations_by_day, messages_by_day
from tidings.metrics.metric import expressions_of, metric
from tidings.sources.source import Source

WEEK = "2026-W46"


@pytest.fixture
def edition(tmp_path):
    return edition_of(
        tmp_path,
        WEEK,
        {
            "messages": [
                message("2026-11-10 10:00"),
                message("2026-11-11 10:00"),
                message("2026-11-03 10:00"),
            ],
            "assignments": [assignment("1", "2026-11-10 10:00", "2026-11-10 10:01", "2026-11-10 10:02")],
            "conversations": [],
            "agent_sessions": [session("a1", "2026-11-10 08:00", "2026-11-10 16:00")],
        },
    )


def _counting(direction):
    @expression()
    def counted(edition):
        messages = edition.rows("messages")
        counted = messages.filter(messages.direction == direction)
        return counted.aggregate(messages=counted.count())

    return counted


def test_two_expressions_of_one_name_never_get_each_others_frame(edition):
    incoming, outgoing = _counting("incoming"), _counting("outgoing")
    assert incoming.__name__ == outgoing.__name__
    for _ in range(2):
        assert incoming.frame(edition)["messages"].tolist() == [2]
        assert outgoing.frame(edition)["messages"].tolist() == [0]


def test_two_metrics_of_one_name_never_get_each_others_value(edition):
    def declared(value):
        @metric("team.number", "Number")
        def number(edition):
            """One declaration for both."""
            return value

        return number

    one, other = declared(1), declared(2)
    assert one.metric == other.metric
    assert (one(edition).value, other(edition).value, one(edition).value) == (1, 2, 1)


def test_a_frame_is_fetched_once_and_free_to_change(edition, monkeypatch):
    fetched = count_queries(monkeypatch)
    own = messages_by_day.frame(edition)
    own["messages"] = 7
    assert messages_by_day.frame(edition)["messages"].tolist() == [0, 1, 1, 0, 0, 0, 0]
    assert messages_by_day.frame(edition.previous)["messages"].sum() == 1
    assert len(fetched) == 1


def test_a_metric_says_what_it_is_made_from_also_by_way_of_others():
    assert expressions_of(activity.messages_per_conversation) == (messages_by_day, conversations_by_day)
    assert expressions_of(contact_center.reconciliation) == (answered_by_day, assignments_by_day)


def test_every_metrics_sql_can_be_told_without_fetching_anything(edition, monkeypatch):
    for table in ("messages", "assignments", "conversations", "agent_sessions"):
        edition.rows_near(table)
    chatbot.languages(edition)  # whose query needs to know how languages are spelled
    contact_center.agent_hours(edition)  # whose query needs to know whether a login is still running
    for execute in ("fetch", "execute"):
        monkeypatch.setattr(Source, execute, lambda *given: pytest.fail("it was executed"))
    for compute in METRICS:
        assert expressions_of(compute), compute.metric.name
        for made_from in expressions_of(compute):
            assert "SELECT" in ibis.to_sql(made_from(edition), dialect="duckdb")
