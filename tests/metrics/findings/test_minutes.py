"""The busiest minute, where it is far out of line."""

import pytest
from support.findings import daily, recorded, sentences

from tidings.metrics.findings.minutes import outlying_minute

_PEAK = "activity.peak_volume"


def _numbers(edition, *values, before=None):
    numbers = {
        _PEAK: max(values),
        "activity.peak_time": "2026-11-13T14:03:00+00:00",
        "activity.max_messages_per_minute": daily(edition, max_messages_per_minute=values),
    }
    return recorded(edition, numbers, {_PEAK: before})


def test_a_minute_far_above_those_of_the_other_days_is_told(week):
    [found] = outlying_minute(_numbers(week, 17, 16, 18, 17, 115, 9, 8))
    assert found.sentence == (
        "The busiest minute was Fri 13, 14:03: 115 messages; on a typical day the busiest has 17."
    )
    assert (found.headline, found.name) == ("115 messages in a minute", _PEAK)


@pytest.mark.parametrize(("friday", "before"), [(30, None), (115, 110), (19, None)])
def test_an_ordinary_peak_is_not_told(week, friday, before):
    assert sentences(outlying_minute, _numbers(week, 17, 16, 18, 17, friday, 9, 8, before=before)) == []


def test_few_messages_in_a_minute_are_not_told(week):
    assert sentences(outlying_minute, _numbers(week, 1, 1, 1, 1, 15, 0, 0)) == []
