"""Where an axis has its ticks, and what is written at them."""

from datetime import date, timedelta

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from tidings.charts.draw.scale import day_ticks, tick_labels, value_ticks

EN, JA = Locale.parse("en"), Locale.parse("ja")
MONDAY = date(2026, 11, 9)


def days(count: int, first: date = MONDAY) -> list[date]:
    return [first + timedelta(n) for n in range(count)]


@pytest.mark.parametrize(
    ("top", "ticks"),
    [
        (5610, [0, 2000, 4000, 6000]),
        (457, [0, 200, 400]),
        (3, [0, 1, 2, 3]),
        (8, [0, 2, 4, 6, 8]),
        (8.5, [0, 3, 6, 9]),
        (1, [0, 1]),
        (1e9, [0, 2.5e8, 5e8, 7.5e8, 1e9]),
        (0, [0]),
    ],
)
def test_counts_have_round_ticks(top, ticks):
    assert list(value_ticks(top)) == ticks


def test_averages_may_have_ticks_between_whole_numbers():
    assert list(value_ticks(0.9, whole=False)) == pytest.approx([0, 0.5, 1.0])


def test_minutes_have_the_ticks_of_a_clock():
    assert list(value_ticks(5.5, "minutes", whole=False)) == [0, 2, 4, 6]
    assert list(value_ticks(1.9, "minutes", whole=False)) == [0, 0.5, 1, 1.5, 2]
    assert list(value_ticks(170, "minutes", whole=False)) == [0, 60, 120, 180]


def test_hours_have_the_ticks_of_a_clock():
    assert list(value_ticks(7.2, "hours", whole=False)) == [0, 2, 4, 6, 8]


@given(st.floats(min_value=1e-3, max_value=1e12), st.sampled_from(["", "minutes", "hours"]), st.booleans())
def test_ticks_are_few_and_evenly_spaced_and_reach_near_the_top(top, unit, whole):
    ticks = value_ticks(top, unit, whole)
    assert ticks[0] == 0
    assert len(ticks) <= 5
    assert ticks[-1] <= top * 1.12
    if len(ticks) > 1:
        assert top - ticks[-1] < ticks[1] * 1.001


def test_small_ticks_are_written_in_full_and_large_ones_shortly():
    assert tick_labels([0, 2000, 4000], "messages", EN) == ["0", "2,000", "4,000"]
    assert tick_labels([0, 5000, 10_000], "messages", EN) == ["0", "5K", "10K"]
    assert tick_labels([0, 0.5, 90], "minutes", EN) == ["0", "30\u00a0s", "1\u00a0h 30\u00a0min"]


def test_ticks_are_written_in_digits_where_no_font_has_the_words(monkeypatch):
    monkeypatch.setattr("tidings.charts.draw.scale.can_draw", str.isascii)
    assert tick_labels([0, 20_000], "messages", JA) == ["0", "20,000"]


def test_days_are_named_first_in_full_then_by_number_then_by_week():
    full, numbered, weekly, fortnightly, *_ = day_ticks(days(16), EN, 0)
    assert (full[0], full[1], len(full)) == ("Mon\n9 Nov", "Tue\n10", 16)
    assert (numbered[0], numbered[1], len(numbered)) == ("9\nNov", "10", 16)
    assert weekly == {0: "Mon\n9 Nov", 7: "Mon\n16 Nov", 14: "Mon\n23 Nov"}
    assert fortnightly == {0: "Mon\n9 Nov", 14: "Mon\n23 Nov"}


def test_weeks_begin_where_the_tenant_begins_them():
    weekly = list(day_ticks(days(16), EN, 6))[2]
    assert weekly == {6: "Sun\n15 Nov", 13: "Sun\n22 Nov"}


def test_a_new_month_is_named():
    full, numbered, *_ = day_ticks(days(3, date(2026, 11, 29)), EN, 0)
    assert list(full.values()) == ["Sun\n29 Nov", "Mon\n30", "Tue\n1 Dec"]
    assert list(numbered.values()) == ["29\nNov", "30", "1\nDec"]
