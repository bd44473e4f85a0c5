"""Changes of headline numbers: told with both numbers, per day where lengths differ, and guarded."""

import pytest
from support.findings import daily, recorded, sentences

from tidings.metrics.findings.changes import CAUSES, changes, little_change

_MESSAGES = "activity.total_messages"


def test_a_large_change_is_told_with_both_numbers(week):
    [found] = changes(recorded(week, {_MESSAGES: 58204}, {_MESSAGES: 51000}))
    assert found.sentence == "Messages rose 14% to 58,204, from 51,000."
    assert (found.headline, found.name, found.kind) == ("messages up 14%", _MESSAGES, "change")


@pytest.mark.parametrize(
    ("now", "before"), [(4, 1), (22, 18), (1050, 1000), (10, None), (10, 0), (None, 10), (112, 100)]
)
def test_small_numbers_and_small_changes_are_no_news(week, now, before):
    name = "activity.new_users"
    assert sentences(changes, recorded(week, {name: now}, {name: before})) == []


def test_periods_of_different_length_are_compared_per_day(half):
    more = recorded(half, {_MESSAGES: 30000}, {_MESSAGES: 24000})
    assert sentences(changes, more) == ["Messages rose 33% to 2,000 a day, from 1,500 a day."]


def test_a_smaller_sum_of_fewer_days_is_not_called_a_fall(half):
    fewer = recorded(half, {_MESSAGES: 30000}, {_MESSAGES: 31000})
    assert sentences(changes, fewer) == []
    assert sentences(little_change, fewer) == ["Messages changed little: 2,000 a day, from 1,938 a day."]


def test_different_users_of_different_lengths_are_not_compared(half):
    name = "activity.active_users"
    assert sentences(changes, recorded(half, {name: 3000}, {name: 1000})) == []


def test_averages_are_compared_as_they_are_and_guarded_by_what_was_counted(half):
    time, total, missed = (
        f"contact_center.{name}"
        for name in ("average_conversation_minutes", "total_conversations", "missed_conversations")
    )
    before = {time: 8.0, total: 900, missed: 90}
    many = recorded(half, {time: 10.0, total: 900, missed: 90}, before)
    assert sentences(changes, many) == [
        "Agents took 25% longer for a conversation: 10\u00a0min, from 8\u00a0min."
    ]
    few = recorded(half, {time: 10.0, total: 30, missed: 3}, {time: 8.0, total: 32, missed: 3})
    assert sentences(changes, few) == []


def test_the_sections_are_told_apart_in_words(week):
    names = [_MESSAGES, "contact_center.total_messages"]
    found = changes(recorded(week, dict.fromkeys(names, 4000), dict.fromkeys(names, 2000)))
    assert [finding.sentence for finding in found] == [
        "Messages rose 100% to 4,000, from 2,000.",
        "Messages in the contact center rose 100% to 4,000, from 2,000.",
    ]


@pytest.mark.parametrize(("now", "before"), [(4000, 2000), (2000, 4000)])
def test_every_headline_number_has_words_of_its_own(week, now, before):
    counted = {
        "activity.total_conversations": 5000,
        "contact_center.total_conversations": 5000,
        "contact_center.missed_conversations": 0,
    }
    found = []
    for name in CAUSES:
        numbers = recorded(week, counted | {name: now}, counted | {name: before})
        found += [finding for finding in changes(numbers) if finding.name == name]
    assert len({finding.sentence for finding in found}) == len(CAUSES)
    assert len({finding.headline for finding in found}) == len(CAUSES)


def test_little_change_is_told_only_where_something_was_compared(week):
    assert sentences(little_change, recorded(week, {_MESSAGES: 1020}, {_MESSAGES: 1000})) == [
        "Messages changed little: 1,020, from 1,000."
    ]
    assert sentences(little_change, recorded(week, {_MESSAGES: 1020})) == []
    assert sentences(little_change, recorded(week, {_MESSAGES: 8}, {_MESSAGES: 8})) == []


@pytest.mark.parametrize(
    ("days", "sentences_told"),
    [((1000, 1000, 1000, 1000, 3000, 300, 300), 0), ((1400, 1400, 1400, 1400, 1400, 300, 300), 1)],
)
def test_a_change_that_a_single_day_makes_is_left_to_that_day(week, days, sentences_told):
    name = "activity.incoming_messages"
    earlier = daily(week.previous, incoming_messages=(1000, 1000, 1000, 1000, 1000, 300, 300))
    numbers = {_MESSAGES: 2 * sum(days), name: daily(week, incoming_messages=days)}
    found = sentences(changes, recorded(week, numbers, {_MESSAGES: 11200, name: earlier}))
    assert len(found) == sentences_told
