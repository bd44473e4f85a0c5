"""Waits: their change, and the day on which they were longest."""

from support.findings import daily, recorded, sentences

from tidings.metrics.findings.waits import waits

_AVERAGE = "contact_center.average_wait_minutes"


def _numbers(edition, average, by_day, handled=60, before=None):
    days = daily(edition, average_minutes=by_day, median_minutes=by_day)
    outcomes = daily(edition, handled=handled, missed=0, other=0)
    counted = {
        "contact_center.total_conversations": int(outcomes["handled"].sum()),
        "contact_center.missed_conversations": 0,
    }
    numbers = {
        _AVERAGE: average,
        "contact_center.wait_time": days,
        "contact_center.handled_vs_missed": outcomes,
    }
    return recorded(edition, numbers | counted, {_AVERAGE: before, **counted} if before else {})


def test_the_day_of_the_longest_waits_is_told_beside_the_average(week):
    [found] = waits(_numbers(week, 3.2, [3, 3.1, 2.9, 3, 3.2, 323 / 60, 3]))
    assert (
        found.sentence
        == "Waits were longest on Saturday 14: 5\u00a0min 23\u00a0s, against 3\u00a0min 12\u00a0s on average."
    )
    assert (found.headline, found.name) == ("waits of 5\u00a0min 23\u00a0s on Saturday 14", _AVERAGE)


def test_longer_waits_than_before_are_told_with_both(week):
    [found] = waits(_numbers(week, 4.0, [4] * 6 + [6], before=2.5))
    assert (
        found.sentence
        == "Waits rose 60% to 4\u00a0min, from 2\u00a0min 30\u00a0s; longest on Sunday 15: 6\u00a0min."
    )
    assert found.headline == "waits up 60%"


def test_shorter_waits_are_told_too(week):
    assert sentences(waits, _numbers(week, 2.0, [2] * 7, before=2.5)) == [
        "Waits fell 20% to 2\u00a0min, from 2\u00a0min 30\u00a0s."
    ]


def test_waits_alike_on_all_days_are_told_on_average(week):
    assert sentences(waits, _numbers(week, 2.0, [2] * 7)) == [
        "People waited 2\u00a0min for an agent on average."
    ]


def test_a_day_with_few_answers_is_not_the_longest(week):
    few = _numbers(week, 2.0, [2] * 6 + [30], handled=[60] * 6 + [2])
    assert sentences(waits, few) == ["People waited 2\u00a0min for an agent on average."]


def test_nothing_is_told_where_nobody_was_answered(week):
    assert sentences(waits, _numbers(week, None, [None] * 7, handled=0)) == []
