"""Comparisons: per day where periods differ in length, under the same weekdays, never with what is absent."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from support.tables import assignment, edition_in, edition_of, message, session

from tidings.demo.settings import DemoSettings
from tidings.demo.write import write_demo_data
from tidings.metrics import activity, chatbot, contact_center
from tidings.metrics.comparison import compare, earlier_days, word_change
from tidings.metrics.metric import Result

_EVERY = timedelta(days=1)


def _messages(first: str, last: str, a_day: int) -> list[dict]:
    """So many messages at ten o'clock of each day, all of one user."""
    day, end, rows = datetime.fromisoformat(first), datetime.fromisoformat(last), []
    while day <= end:
        rows += [message(day + timedelta(hours=10)) for _ in range(a_day)]
        day += _EVERY
    return rows


@pytest.fixture(scope="module")
def half_month(tmp_path_factory):
    """Half a month of 15 days with 103 messages a day, after one of 16 days with 100 a day."""
    rows = [
        *_messages("2026-11-01", "2026-11-15", 103),
        *_messages("2026-10-16", "2026-10-31", 100),
        message("2026-10-01 10:00"),
    ]
    return edition_of(tmp_path_factory.mktemp("half"), "2026-11a", {"messages": rows})


def test_a_sum_is_compared_per_day_where_the_periods_differ_in_length(half_month):
    total = activity.total_messages(half_month)
    assert (total.value, total.previous) == (1545, 1600)
    found = compare(total)
    assert (found.before, found.per_day, found.days) == (1600, True, (15, 16))
    assert found.change == pytest.approx(0.03)
    assert word_change(total) == {
        "text": "3%",
        "direction": "up",
        "tone": "good",
        "spoken": "up 3% per day, 1,600 before",
    }


def test_a_count_of_different_ones_is_not_compared_where_the_periods_differ_in_length(half_month):
    found = compare(activity.active_users(half_month))
    assert (found.before, found.change, found.per_day, found.days) == (1, None, False, (15, 16))
    assert word_change(activity.active_users(half_month)) is None


@pytest.mark.parametrize(
    ("compute", "change"),
    [(activity.peak_volume, 0.03), (activity.average_messages_per_conversation, 1545 / 1600 - 1)],
)
def test_peaks_and_averages_are_compared_as_they_are(half_month, compute, change):
    found = compare(compute(half_month))
    assert not found.per_day
    assert found.change == pytest.approx(change)


def test_a_peak_is_neither_good_nor_bad(half_month):
    assert word_change(activity.peak_volume(half_month))["tone"] == "neutral"
    assert compare(activity.peak_time(half_month)) is None


@pytest.mark.parametrize(
    ("value", "previous", "unit", "better", "words"),
    [
        (1204, 1115, "users", "up", ("8%", "up", "good", "up 8% from 1,115")),
        (30, 20, "users", "down", ("50%", "up", "bad", "up 50% from 20")),
        (10, 20, "users", "down", ("50%", "down", "good", "down 50% from 20")),
        (212, 52, "messages", None, ("308%", "up", "neutral", "up 308% from 52")),
        (1001, 1000, "users", "up", ("0%", "flat", "neutral", "about the same as 1,000 before")),
        (7, 7, "users", "up", ("0%", "flat", "neutral", "the same as before")),
        (4.0, 3.2, "minutes", "down", ("25%", "up", "bad", "up 25% from 3\u00a0min 12\u00a0s")),
        (0.11, 0.10, "share", "down", ("1 point", "up", "bad", "up 1 point from 10%")),
        (0.0, 0.04, "share", "down", ("4 points", "down", "good", "down 4 points from 4%")),
    ],
)
def test_a_change_says_how_much_from_what_and_whether_it_is_good(
    half_month, value, previous, unit, better, words
):
    week = replace(half_month, period=half_month.period.next())  # of 15 days, after 15
    result = Result(replace(activity.new_users.metric, unit=unit, better=better), week, value, previous)
    assert tuple(word_change(result).values()) == words


@pytest.mark.parametrize(
    ("value", "previous"), [(5, 0), (5, 1e-9), (5, 5e-324), (5, None), (None, 5), ("a", "b")]
)
def test_no_change_is_told_from_nothing(half_month, value, previous):
    assert word_change(Result(activity.new_users.metric, half_month, value, previous)) is None


def test_what_lies_before_the_source_begins_is_absent_and_not_0(tmp_path):
    rows = [message("2026-11-10 10:00"), message("2026-11-02 00:00:01")]
    edition = edition_of(tmp_path, "2026-W46", {"messages": rows})
    assert activity.total_messages(edition).previous is None
    assert activity.incoming_messages(edition).previous is None
    assert compare(activity.total_messages(edition)) is None
    assert earlier_days(activity.incoming_messages(edition)) is None


@pytest.mark.parametrize(
    "early",
    [
        {"messages": [message("2026-11-02 00:00")]},
        {"assignments": [assignment("1", "2020-01-01 10:00")]},
        {"agent_sessions": [session("a1", "2026-10-01 10:00")]},
    ],
)
def test_a_source_reaches_back_by_any_table_of_what_happened(tmp_path, early):
    edition = edition_of(tmp_path, "2026-W46", {"messages": [message("2026-11-10 10:00")]} | early)
    assert edition.has_previous
    assert contact_center.unique_users(edition).previous == 0


def test_a_user_known_from_before_tells_nothing_of_what_happened_then(tmp_path):
    users = [{"user_id": "u1", "first_seen_at": datetime(2020, 1, 1)}]
    edition = edition_of(tmp_path, "2026-W46", {"messages": [message("2026-11-10 10:00")], "users": users})
    assert not edition.has_previous
    assert activity.active_users(edition).previous is None


def test_earlier_days_lie_under_the_same_weekdays(half_month):
    frame, label = earlier_days(activity.incoming_messages(half_month))
    # The last of them lies two weeks after the 1st of November, which is not of the period before.
    assert label == "2 weeks before"
    assert frame["day"].dt.date.tolist() == list(half_month.period.days)
    assert frame["incoming_messages"].tolist()[:14] == [100.0] * 14
    assert frame["incoming_messages"].isna().tolist() == [False] * 14 + [True]


@pytest.mark.parametrize(
    ("period", "label", "known"),
    [
        ("2026-W46", "week before", 7),
        ("2026-11", "4 weeks before", 28),
        ("2026-11-09..2026-11-09", "week before", 1),
        ("2026-11-09..2026-11-17", "week before", 7),
        ("2026-11-01..2026-12-31", "8 weeks before", 56),
    ],
)
def test_earlier_days_lie_as_many_whole_weeks_back_as_the_period_has(tmp_path, period, label, known):
    rows = _messages("2026-08-01", "2026-12-31", 1)
    frame, said = earlier_days(activity.incoming_messages(edition_of(tmp_path, period, {"messages": rows})))
    assert (said, int(frame["incoming_messages"].notna().sum())) == (label, known)


def test_a_few_days_are_compared_with_the_same_days_a_week_earlier(tmp_path):
    rows = [
        *_messages("2026-11-09", "2026-11-10", 5),
        *_messages("2026-11-07", "2026-11-08", 70),
        *_messages("2026-11-02", "2026-11-03", 3),
        message("2026-10-01 10:00"),
    ]
    edition = edition_of(tmp_path, "2026-11-09..2026-11-10", {"messages": rows})
    assert edition.previous.period.key == "2026-11-02..2026-11-03"
    assert (activity.total_messages(edition).value, activity.total_messages(edition).previous) == (10, 6)
    assert activity.new_users(edition).previous == 0


def test_a_week_that_is_not_over_is_compared_with_the_same_part_of_the_one_before(tmp_path):
    rows = _messages("2026-10-25", "2026-11-15", 1)
    rows += [message("2026-11-04 12:00"), message("2026-11-04 13:00"), message("2026-11-11 13:00")]
    whole = edition_of(tmp_path, "2026-W46", {"messages": rows})
    edition = replace(
        whole, period=whole.period.cut_off(datetime(2026, 11, 11, 12, 30, tzinfo=UTC)), _computed={}
    )
    total = activity.total_messages(edition)
    assert (total.value, total.previous) == (3, 4)
    assert total.by_day == (1, 1, 1)
    frame, label = earlier_days(activity.incoming_messages(edition))
    assert (frame["incoming_messages"].tolist(), label) == ([1, 1, 2], "week before")


def test_a_month_that_is_not_over_has_no_earlier_days_cut_off_at_other_hours(tmp_path):
    rows = _messages("2026-09-25", "2026-11-15", 1)
    whole = edition_of(tmp_path, "2026-11", {"messages": rows})
    edition = replace(whole, period=whole.period.cut_off(datetime(2026, 11, 8, 12, tzinfo=UTC)), _computed={})
    assert activity.total_messages(edition).previous == 8
    assert earlier_days(activity.incoming_messages(edition)) is None


def test_headline_numbers_have_their_days(half_month):
    assert activity.total_messages(half_month).by_day == (103.0,) * 15
    assert activity.active_users(half_month).by_day == (1.0,) * 15
    assert activity.total_conversations(half_month).by_day == (1.0,) * 15
    assert activity.peak_volume(half_month).by_day == (103.0,) * 15
    assert activity.average_messages_per_conversation(half_month).by_day == (103.0,) * 15
    assert contact_center.automated_share(half_month).by_day == (1.0,) * 15
    assert activity.peak_time(half_month).by_day == ()


def test_a_day_on_which_an_average_or_a_share_has_nothing_has_none(tmp_path):
    rows = [message("2026-11-10 10:00", intent="Pay"), message("2026-11-10 11:00", intent="none")]
    stays = [
        assignment("1", "2026-11-10 10:00", "2026-11-10 10:02", "2026-11-10 10:03"),
        assignment("2", "2026-11-10 10:00", None, "2026-11-10 10:03"),
    ]
    edition = edition_of(tmp_path, "2026-11-09..2026-11-10", {"messages": rows, "assignments": stays})
    assert chatbot.unrecognised_share(edition).by_day == (None, 0.5)
    assert contact_center.missed_share(edition).by_day == (None, 0.5)
    assert contact_center.average_wait_minutes(edition).by_day == (None, 2.0)
    assert contact_center.average_conversation_minutes(edition).by_day == (None, 1.0)
    assert contact_center.missed_conversations(edition).by_day == (0.0, 1.0)
    assert contact_center.total_conversations(edition).by_day == (0.0, 2.0)
    assert contact_center.unique_conversations(edition).by_day == (0.0, 1.0)
    assert contact_center.unique_users(edition).by_day == (0.0, 1.0)
    assert edition.period.days == (date(2026, 11, 9), date(2026, 11, 10))


def test_the_demos_half_month_has_more_messages_a_day_and_fewer_in_all(tmp_path):
    write_demo_data(tmp_path / "demo", DemoSettings(end=date(2026, 11, 23), messages=120_000, weeks=9))
    edition = edition_in(tmp_path / "demo", "2026-11a", tmp_path, time_zone="America/Bogota")
    total = activity.total_messages(edition)
    assert (total.value, total.previous) == (28_436, 29_398)
    assert word_change(total)["spoken"] == "up 3% per day, 29,398 before"
