"""What is said about a daily series."""

import pytest

from tidings.charts.draw import series

NAN = float("nan")
PEAKS = {"unit": "messages per minute"}


def said(result) -> str:
    return series.find_extremes(series.read_series(result))


def test_messages_add_up_and_the_day_with_the_most_is_named(daily_result):
    assert said(daily_result({"x": [1, 9, 8, 0, 0, 0, 0]})) == "18 in all, most on Tuesday 10 (9)"


def test_days_that_tie_are_all_named_and_many_are_counted(daily_result):
    assert said(daily_result({"x": [2, 1, 2, 0, 2, 0, 0]})) == (
        "7 in all, most on Monday 9, Wednesday 11 and Friday 13 (2 each)"
    )
    assert said(daily_result({"x": [2, 1, 2, 0, 2, 2, 0]})) == "9 in all, most on 4 days (2 each)"


def test_peaks_do_not_add_up(daily_result):
    result = daily_result({"x": [1, 9, 8, 0, 0, 3, 2]}, **PEAKS)
    assert said(result) == "Most on Tuesday 10 (9), none on Thursday 12 and Friday 13"


def test_days_that_are_all_alike_are_said_to_be(daily_result):
    assert said(daily_result({"x": [5] * 7})) == "35 in all, 5 on every day"
    assert said(daily_result({"x": [5] * 7}, **PEAKS)) == "5 on every day"
    assert said(daily_result({"x": [98, 100, 99, 100, 99, 98, 99]}, **PEAKS)) == (
        "Between 98 and 100 on every day"
    )
    assert said(daily_result({"x": [7.98, 8.01, 8.0, 8.02, 8.0, 7.99, 8.0]})) == "About 8.0 on every day"


def test_days_that_are_alike_are_not_said_to_be_all_where_some_have_no_value(daily_result):
    assert said(daily_result({"x": [1.0, 1.0, 1.0, NAN, 1.0, NAN, NAN]})) == (
        "1.0 on 4 days, nothing on the others"
    )
    assert said(daily_result({"x": [7.8, 8.0, 7.9, NAN, 7.9, NAN, NAN]})) == (
        "Between 7.8 and 8.0 on 4 days, nothing on the others"
    )


def test_the_only_day_of_an_average_is_named(daily_result):
    assert (
        said(daily_result({"x": [NAN, 2.5, NAN, NAN, NAN, NAN, NAN]})) == "Measured on Tuesday 10 (2.5) alone"
    )


def test_days_are_told_with_their_month_where_there_are_several(daily_result, edition):
    values = [0] * 61 + [7]
    result = daily_result({"x": values}, edition=edition("2026-07..2026-08"))
    assert said(result) == "7 in all, most on Monday 31 August (7)"


@pytest.mark.parametrize(
    ("unit", "words"),
    [
        ("messages", "No messages in this period"),
        ("messages per minute", "No messages in this period"),
        ("conversations", "No conversations in this period"),
        ("users", "No users in this period"),
        ("minutes", "Nothing to measure in this period"),
    ],
)
def test_a_period_without_anything_is_told_by_what_there_was_none_of(daily_result, unit, words):
    assert said(daily_result({"x": [0] * 7}, unit=unit)) == words


def test_what_is_drawn_is_told_to_those_who_cannot_see_it(daily_result):
    result = daily_result({"average_minutes": [1.5, NAN, 3.0, 2.0, 2.0, 2.0, 2.0]}, unit="minutes")
    assert (
        series.describe(series.read_series(result))
        == "Daily values from Mon 9 Nov to Sun 15 Nov: between 1\u00a0min 30\u00a0s and 3\u00a0min."
    )


def test_the_table_has_every_day_in_the_readers_language(daily_result, edition):
    table = series.write_table(daily_result({"x": [1200, 0, 0, 0, 0, 0, 5]}, edition=edition(language="es")))
    assert len(table.rows) == 7
    assert table.rows[0] == ("lun, 9 nov", "1.200")
