"""Highlights: at most five sentences, in order of weight, and guarded where numbers are small."""

import pandas as pd
import pytest
from support.tables import edition_of, message

from tidings.metrics import METRICS, Result
from tidings.metrics.highlights import MOST, sentences

_BY_NAME = {compute.metric.name: compute.metric for compute in METRICS}


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    return edition_of(
        tmp_path_factory.mktemp("highlights"), "2026-W46", {"messages": [message("2026-11-10 10:00")]}
    )


def _result(edition, name: str, value, previous=None) -> Result:
    return Result(_BY_NAME[name], edition, value, previous)


def _incoming(edition, *values: int) -> Result:
    days = pd.date_range("2026-11-09", periods=len(values))
    return _result(
        edition, "activity.incoming_messages", pd.DataFrame({"day": days, "incoming_messages": values})
    )


def test_a_large_change_is_told_with_both_numbers(edition):
    found = sentences([_result(edition, "activity.total_messages", 58204, 51000)], edition)
    assert found == ["Total Messages (activity) rose 14% to 58,204, from 51,000 in the week before."]


@pytest.mark.parametrize(
    ("now", "before"), [(4, 1), (22, 18), (1050, 1000), (10, None), (10, 0), (None, 10), (112, 100)]
)
def test_small_numbers_and_small_changes_are_no_news(edition, now, before):
    found = sentences([_result(edition, "activity.new_users", now, before)], edition)
    assert len(found) == 1
    assert "New Users" not in found[0]


def test_the_largest_change_comes_first_and_more_than_three_are_too_many(edition):
    names = [
        "activity.new_users",
        "activity.active_users",
        "activity.total_messages",
        "contact_center.total_messages",
    ]
    results = [_result(edition, name, 1000 * (n + 2), 1000) for n, name in enumerate(names)]
    found = sentences(results, edition)
    assert [sentence.split(" rose ")[0] for sentence in found] == [
        "Total Messages (contact center)",
        "Total Messages (activity)",
        "Active Users",
    ]


def test_the_peak_is_told_where_there_was_one(edition):
    peak = _result(edition, "activity.peak_volume", 212, 53)
    time = _result(edition, "activity.peak_time", "2026-11-13T14:03:00-05:00")
    assert sentences([peak, time], edition) == [
        "The busiest minute was Fri 13, 14:03: 212 messages, 4 times the busiest of the week before."
    ]


def test_a_day_far_above_the_others_stands_out_and_a_quiet_weekend_does_not(edition):
    busy = sentences([_incoming(edition, 100, 100, 100, 100, 180, 40, 20)], edition)
    assert busy[0].startswith("Fri 13 Nov stood out with 180 incoming messages")
    assert "stood out" not in sentences([_incoming(edition, 100, 100, 100, 100, 110, 40, 20)], edition)[0]


def test_where_nothing_stands_out_one_sentence_says_so(edition):
    same = sentences([_result(edition, "activity.total_messages", 1000, 1000)], edition)
    assert same == ["Nothing stands out: the headline numbers are near those of the week before."]
    new = sentences([_result(edition, "activity.total_messages", 1000, 0)], edition)
    assert new == ["There is nothing to compare with: the week before has no numbers."]


def test_there_are_never_more_than_five(edition):
    results = [_result(edition, name, 5000, 1000) for name in _BY_NAME if not _BY_NAME[name].is_table]
    results = [r for r in results if r.metric.unit != "instant"]
    time = _result(edition, "activity.peak_time", "2026-11-13T14:03:00-05:00")
    found = sentences([*results, time, _incoming(edition, 100, 100, 100, 100, 180, 40, 20)], edition)
    assert len(found) == MOST
