"""What is said about a daily series."""

import pytest

from tidings.charts.draw import series

NAN = float("nan")
PEAKS = {"unit": "messages per minute"}


def said(result) -> str:
    return series.find_extremes(series.read_series(result))


def test_messages_add_up_and_the_first_of_equal_days_is_named(daily_result):
    assert said(daily_result({"x": [1, 9, 9, 0, 0, 0, 0]})) == "19 in the week, most on Tuesday 10 (9)"


def test_peaks_do_not_add_up(daily_result):
    result = daily_result({"x": [1, 9, 9, 0, 0, 0, 2]}, **PEAKS)
    assert said(result) == "Most on Tuesday 10 (9), fewest on Thursday 12 (0)"


def test_days_that_are_all_alike_are_said_to_be(daily_result):
    assert said(daily_result({"x": [5] * 7}, **PEAKS)) == "5 on every day"


def test_the_only_day_of_an_average_is_named(daily_result):
    assert said(daily_result({"x": [NAN, 2.5, NAN, NAN, NAN, NAN, NAN]})) == "Highest on Tuesday 10 (2.5)"


def test_days_are_told_with_their_month_where_there_are_several(daily_result, edition):
    values = [0] * 61 + [7]
    result = daily_result({"x": values}, edition=edition("2026-07..2026-08"))
    assert said(result) == "7 in the two months, most on Monday 31 August (7)"


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ("2026-W46", "this week"),
        ("2026-07..2026-08", "these two months"),
        ("2026-11-01..2026-11-09", "these 9 days"),
    ],
)
def test_a_period_is_named_in_a_sentence(daily_result, edition, period, words):
    edition = edition(period)
    assert series.this_period(daily_result({"x": [0] * len(edition.period.days)}, edition=edition)) == words


def test_what_is_drawn_is_told_to_those_who_cannot_see_it(daily_result):
    result = daily_result({"average_minutes": [1.5, NAN, 3.0, 2.0, 2.0, 2.0, 2.0]}, unit="minutes")
    assert (
        series.describe(series.read_series(result))
        == "Daily values from Mon 9 Nov to Sun 15 Nov: between 1 min 30 s and 3 min."
    )


def test_the_table_has_every_day_in_the_readers_language(daily_result, edition):
    table = series.write_table(daily_result({"x": [1200, 0, 0, 0, 0, 0, 5]}, edition=edition(language="de")))
    assert len(table.rows) == 7
    assert table.rows[0] == ("Mo., 9. Nov.", "1.200")
