"""Headline numbers: the value, its change, what it was before, and what is missing."""

from dataclasses import replace

import pytest

from tidings.charts import cards
from tidings.errors import ChartError
from tidings.metrics.activity import active_users, new_users, total_messages
from tidings.metrics.metric import Result
from tidings.parts.part import Card, Cards, Change


@pytest.fixture
def scalar(edition):
    def make(value, previous=None, *, label="New Users", unit="users", better=None, **more):
        metric = replace(new_users.metric, label=label, unit=unit, better=better, definition="What it is.")
        return Result(metric, edition(), value, previous, **more)

    return make


def card(*results):
    return cards(*results).cards[0]


def test_a_number_comes_with_its_change_and_what_it_was(scalar):
    assert cards(scalar(1204, 1115, better="up")) == Cards(
        (
            Card(
                metric="activity.new_users",
                label="New Users",
                definition="What it is.",
                value="1,204",
                unit="",
                change=Change("8%", "up", "good", "up 8% from 1,115"),
                before="1,115 before",
                note=None,
                available=True,
            ),
        )
    )


def test_a_peak_is_neither_good_nor_bad(scalar):
    shown = card(scalar(212, 52, unit="messages per minute"))
    assert shown.unit == "/min"
    assert shown.change.tone == "neutral"


def test_an_instant_is_a_local_time_without_a_change(scalar):
    shown = card(scalar("2026-11-13T14:03:00-05:00", "2026-11-03T10:41:00-05:00", unit="instant"))
    assert (shown.value, shown.before, shown.change) == (
        "Fri 13, 14:03",
        "Tue 3, 10:41 before",
        None,
    )


def test_an_instant_of_two_months_says_which_month(edition):
    metric = replace(new_users.metric, unit="instant")
    result = Result(
        metric, edition("2026-09..2026-10"), "2026-10-13T14:03:00-05:00", "2026-07-03T10:41:00-05:00"
    )
    shown = card(result)
    assert (shown.value, shown.before) == ("Tue 13 Oct, 14:03", "Fri 3 Jul, 10:41 before")


def test_a_duration_is_written_as_people_say_it_also_in_its_change(scalar):
    shown = card(scalar(4.0, 3.2, unit="minutes", better="down"))
    assert (shown.value, shown.before) == ("4\u00a0min", "3\u00a0min 12\u00a0s before")
    assert shown.change == Change("25%", "up", "bad", "up 25% from 3\u00a0min 12\u00a0s")


def test_a_share_has_no_percentage_of_a_percentage(scalar):
    shown = card(scalar(0.08, 0.04, unit="share", better="down"))
    assert (shown.value, shown.before) == ("8%", "4% before")
    assert shown.change == Change("4 points", "up", "bad", "up 4 points from 4%")


def test_from_nothing_there_is_no_change(scalar):
    assert card(scalar(5, 0)).change is None
    assert card(scalar(5, 0)).before == "0 before"
    assert card(scalar(5, None)).before is None


def test_without_messages_there_is_no_peak(scalar):
    shown = card(scalar(None, None, unit="instant"))
    assert (shown.value, shown.note, shown.available) == ("–", "no messages", True)


def test_an_average_of_nothing_is_not_a_number(scalar):
    shown = card(scalar(float("nan"), 3.0, unit="minutes"))
    assert (shown.value, shown.note, shown.change) == ("–", "nothing to measure", None)


def test_what_the_source_lacks_is_never_a_zero(scalar):
    shown = card(scalar(None, available=False))
    assert shown.value == "not available from this source"
    assert (shown.available, shown.change, shown.before) == (False, None, None)


def test_numbers_beside_it_and_notes_stand_small_below(scalar):
    beside = scalar(1702, label="Unique Conversations")
    shown = card((scalar(1947, notes=("Data end on Sunday.",)), beside))
    assert shown.note == "Unique Conversations: 1,702 · Data end on Sunday."


def test_a_number_beside_that_is_not_available_is_left_out(scalar):
    assert card((scalar(1947), scalar(None, available=False))).note is None


def test_cards_keep_their_order(scalar):
    shown = cards(scalar(1, label="A"), scalar(2, label="B")).cards
    assert [each.label for each in shown] == ["A", "B"]


def test_a_count_of_different_ones_is_not_compared_over_more_days(edition):
    result = Result(active_users.metric, edition("2026-11a"), 900, 960)
    shown = card(result)
    assert (shown.before, shown.change) == ("960 in 16 days before", None)


def test_a_sum_over_more_days_is_compared_per_day(edition):
    shown = card(Result(total_messages.metric, edition("2026-11a"), 58_200, 60_270))
    assert shown.before == "60,270 before"
    assert shown.change == Change("3%", "up", "good", "up 3% per day, 60,270 before")


def test_two_numbers_of_one_name_are_told_apart_by_their_sections(edition):
    shown = card(Result(total_messages.metric, edition(), 58_200))
    assert shown.label == "Total Messages (Activity)"


def test_the_days_of_a_number_stand_beside_it(scalar):
    assert card(scalar(3, by_day=(1.0, None, 2.0))).by_day == (1.0, None, 2.0)


def test_a_number_of_a_service_that_the_tenant_lacks_has_no_card(edition, scalar):
    whole = scalar(1470)
    lacking = replace(whole, metric=replace(whole.metric, services=("voice",)))
    assert [card.value for card in cards(lacking, whole).cards] == ["1,470"]


def test_cards_of_nothing_alone_are_empty(scalar):
    assert cards(scalar(0), scalar(None)).empty
    assert not cards(scalar(0), scalar(3)).empty


@pytest.mark.parametrize(
    ("value", "previous", "what"),
    [
        (float("inf"), 1, "is infinite"),
        (1, -float("inf"), "is infinite"),
        (1e300, None, "is beyond 1,000,000,0"),
    ],
)
def test_a_number_that_cannot_be_written_is_refused_in_words(scalar, value, previous, what):
    with pytest.raises(ChartError, match=f"charts.cards: a number {what}"):
        cards(scalar(value, previous))
