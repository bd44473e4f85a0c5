"""The gate: consistent numbers pass, and each contradiction is named."""

from dataclasses import replace

import pytest
from support.tables import assignment, edition_of, message, session

from tidings.errors import MetricError
from tidings.metrics.invariants import check_numbers
from tidings.metrics.results import edition_results

_TABLES = {
    "messages": [
        message("2026-11-01 10:00"),
        message("2026-11-03 10:00", intent="Pay", language="es"),
        message("2026-11-10 10:00", intent="Pay", language="es"),
        message("2026-11-11 10:00", user="u2"),
    ],
    "assignments": [
        assignment("1", "2026-11-10 10:00", "2026-11-10 10:01", "2026-11-10 10:02"),
        assignment("2", "2026-11-10 10:00", None, "2026-11-10 10:02", conversation_id="c2"),
    ],
    "agent_sessions": [session("a1", "2026-11-10 08:00", "2026-11-10 16:00")],
}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return edition_results(edition_of(tmp_path_factory.mktemp("checks"), "2026-W46", _TABLES))


def _with(results, name: str, value) -> list:
    return [replace(r, value=value(r.value)) if r.metric.name == name else r for r in results]


def _with_previous(results, name: str, value) -> list:
    return [replace(r, previous=value(r.previous)) if r.metric.name == name else r for r in results]


def test_numbers_of_sound_data_agree(results):
    check_numbers(results)


def test_a_report_of_one_service_is_checked_for_what_it_has(results):
    check_numbers([r for r in results if r.metric.name.startswith("contact_center.")])
    check_numbers([r for r in results if r.metric.name.startswith("chatbot.")])


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("activity.total_messages", lambda _: 0, "more messages than the period"),
        ("activity.peak_volume", lambda _: 2, "highest of the days' peaks"),
        ("activity.total_conversations", lambda _: 9, "do not fit the days'"),
        ("activity.active_users", lambda _: 7, "not the active users"),
        ("chatbot.intents", lambda frame: frame.assign(share=0.4), "add up to 0.4"),
        ("contact_center.total_conversations", lambda _: 3, "are not the total (3)"),
        ("activity.average_messages_per_conversation", lambda _: 5.0, "is not 2 of 1"),
        ("contact_center.missed_share", lambda _: None, "contact_center.missed_share (None) is not 1 of 2"),
        (
            "contact_center.automated_share",
            lambda _: 0.5,
            "contact_center.automated_share (0.5) is not 0 of 1",
        ),
        ("contact_center.unique_conversations", lambda _: 5, "more unique conversations"),
        ("contact_center.agent_hours", lambda frame: frame.assign(hours=1.0), "daily hours do not add up"),
        (
            "contact_center.reconciliation",
            lambda frame: frame.assign(conversations=[3, -1, 0, 0, 2]),
            "negative step (-1)",
        ),
    ],
)
def test_a_contradiction_is_named(results, name, value, says):
    with pytest.raises(MetricError) as caught:
        check_numbers(_with(results, name, value))
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("chatbot.intents", lambda frame: frame.assign(share=0.4), "chatbot.intents.previous add up to 0.4"),
        ("chatbot.languages", lambda frame: frame.assign(users=3), "languages before (3) are not"),
        ("activity.active_users", lambda _: None, "languages before (1) are not the active users (None)"),
    ],
)
def test_a_contradiction_between_numbers_of_the_period_before_is_named(results, name, value, says):
    with pytest.raises(MetricError) as caught:
        check_numbers(_with_previous(results, name, value))
    assert says in str(caught.value)


def test_numbers_that_have_nothing_before_them_agree(results):
    check_numbers([replace(result, previous=None) for result in results])
