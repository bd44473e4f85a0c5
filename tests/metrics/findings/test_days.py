"""Days out of line, the busiest day, and ties."""

import pytest
from support.findings import daily, recorded, sentences
from support.tables import edition_of, message

from tidings.metrics.findings.days import busiest_day, outlying_day

_INCOMING, _TOTAL = "activity.incoming_messages", "activity.total_messages"
_OUTCOMES = "contact_center.handled_vs_missed"


def _incoming(edition, *values, before=None, **more):
    numbers = {_INCOMING: daily(edition, incoming_messages=values), **more}
    earlier = {_INCOMING: daily(edition.previous, incoming_messages=before)} if before else {}
    return recorded(edition, numbers, earlier)


def test_a_day_far_above_the_working_days_is_told(week):
    [found] = outlying_day(_incoming(week, 1190, 1200, 1210, 1196, 1796, 500, 400))
    assert (
        found.sentence == "Users sent 1,796 messages on Friday 13, 1.5 times a typical working day’s 1,198."
    )
    assert (found.headline, found.name) == ("1,796 messages from users on Friday 13", _INCOMING)


@pytest.mark.parametrize("friday", [1196, 1300, 1000])
def test_a_day_about_like_the_others_and_a_quiet_weekend_are_not_told(week, friday):
    assert sentences(outlying_day, _incoming(week, 1190, 1200, 1210, 1196, friday, 500, 400)) == []


def test_a_day_far_below_the_working_days_is_told(week):
    assert sentences(outlying_day, _incoming(week, 1190, 200, 1210, 1196, 1200, 500, 400)) == [
        "Users sent only 200 messages on Tuesday 10; a typical working day has 1,198."
    ]
    assert sentences(outlying_day, _incoming(week, 1190, 0, 1210, 1196, 1200, 500, 400)) == [
        "No user wrote on Tuesday 10; a typical working day has 1,198 messages."
    ]


def test_a_weekday_that_is_so_every_week_is_not_told(week):
    mondays = (2000, 1200, 1210, 1196, 1200, 500, 400)
    assert sentences(outlying_day, _incoming(week, *mondays, before=mondays)) == []
    usual = (1200, 1200, 1210, 1196, 1200, 500, 400)
    assert len(sentences(outlying_day, _incoming(week, *mondays, before=usual))) == 1


def test_days_before_the_data_and_after_the_last_message_are_not_out_of_line(week):
    assert sentences(outlying_day, _incoming(week, 0, 1200, 1210, 1196, 0, 0, 0)) == []


def test_a_first_day_without_messages_is_told_where_there_is_a_period_before(week):
    usual = (1200, 1200, 1210, 1196, 1200, 500, 400)
    silent = _incoming(week, 0, 1200, 1210, 1196, 1200, 500, 400, before=usual)
    assert sentences(outlying_day, silent) == [
        "No user wrote on Monday 9; a typical working day has 1,200 messages."
    ]


def test_a_holiday_is_not_told(tmp_path):
    rows = {"messages": [message("2026-11-10 10:00")]}
    edition = edition_of(tmp_path, "2026-W46", rows, holidays=["2026-11-10"])
    assert sentences(outlying_day, _incoming(edition, 1190, 0, 1210, 1196, 1200, 500, 400)) == []


def test_few_messages_a_day_are_no_pattern(week):
    assert sentences(outlying_day, _incoming(week, 2, 3, 2, 12, 3, 0, 1)) == []


def test_the_contact_center_has_words_of_its_own(week):
    outcomes = daily(week, handled=[60, 61, 62, 110, 60, 20, 10], missed=[5] * 7, other=[0] * 7)
    [found] = outlying_day(recorded(week, {_OUTCOMES: outcomes}))
    assert found.sentence == (
        "The contact center had 115 conversations on Thursday 12, 1.8 times a typical working day’s 66."
    )


def test_one_day_is_told_once(week):
    outcomes = daily(week, handled=[60, 61, 62, 60, 130, 20, 10], missed=[5] * 7, other=[0] * 7)
    numbers = _incoming(week, 1190, 1200, 1210, 1196, 1796, 500, 400, **{_OUTCOMES: outcomes})
    assert [finding.name for finding in outlying_day(numbers)] == [_INCOMING]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ((2, 1, 3, 1, 0, 0, 0), "Users wrote most on Wednesday 11: 3 of 7 messages."),
        (
            (2, 1, 2, 0, 2, 0, 0),
            "Users wrote most on Monday 9, Wednesday 11 and Friday 13 alike, 2 messages each.",
        ),
        ((1, 0, 1, 0, 0, 0, 0), "Users wrote most on Monday 9 and Wednesday 11 alike, one message each."),
        ((2, 2, 2, 2, 2, 0, 0), "No day was the busiest: 5 days had 2 of 10 messages each."),
        ((0, 1, 0, 0, 0, 0, 0), "Users sent one message, on Tuesday 10."),
        ((0, 9, 0, 0, 0, 0, 0), "Users sent 9 messages, all on Tuesday 10."),
    ],
)
def test_the_busiest_day_is_told_with_its_ties(week, values, sentence):
    assert sentences(busiest_day, _incoming(week, *values)) == [sentence]


def test_messages_of_which_none_is_from_a_user_are_told(week):
    numbers = _incoming(week, 0, 0, 0, 0, 0, 0, 0, **{_TOTAL: 120})
    assert sentences(busiest_day, numbers) == ["Users wrote nothing; all 120 messages were sent to them."]
    assert sentences(busiest_day, _incoming(week, 0, 0, 0, 0, 0, 0, 0, **{_TOTAL: 0})) == []
