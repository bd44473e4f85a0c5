"""A daily series as columns: the highest stands out, and values are written where they fit."""

import numpy as np
import pytest
from support.sheets import named, texts

from tidings.charts import bars
from tidings.charts.bars import draw_bars
from tidings.charts.style.colors import palette

PEAKS = [38, 41, 39, 52, 212, 22, 19]
NAN = float("nan")


def heights(sheet):
    """The height of each column, as a part of the highest."""
    drawn = np.array([np.ptp(column.path.vertices[:, 1]) for column in named(sheet, "column")])
    return drawn / drawn.max()


def test_each_day_has_a_column_and_the_highest_is_in_the_accent(daily_result):
    sheet = draw_bars(daily_result({"max_messages_per_minute": PEAKS}))
    assert heights(sheet) * 212 == pytest.approx(PEAKS)
    colors = palette("#0B6E4F")
    assert [column.color for column in named(sheet, "column")] == [
        colors.accent if value == 212 else colors.tint for value in PEAKS
    ]


def test_where_every_value_is_written_there_is_no_axis(daily_result):
    sheet = draw_bars(daily_result({"max_messages_per_minute": PEAKS}))
    assert texts(sheet, "value") == [str(value) for value in PEAKS]
    assert texts(sheet, "tick") == [""]


def test_where_values_do_not_fit_the_highest_is_written_beside_an_axis(daily_result, edition):
    sheet = draw_bars(daily_result({"x": list(range(1000, 1062))}, edition=edition("2026-07..2026-08")))
    assert texts(sheet, "value") == ["1,061"]
    assert texts(sheet, "tick") == ["0", "500", "1,000"]


def test_all_that_are_as_high_as_the_highest_are_in_the_accent(daily_result):
    sheet = draw_bars(daily_result({"x": [5, 9, 9, 1, 1, 1, 1]}))
    accents = [column.color == palette("#0B6E4F").accent for column in named(sheet, "column")]
    assert accents == [False, True, True, False, False, False, False]


def test_a_gap_has_no_number(daily_result):
    assert texts(draw_bars(daily_result({"x": [1.5, NAN, 2.0, NAN, NAN, NAN, NAN]})), "value") == [
        "1.5",
        "2.0",
    ]


def test_the_finding_names_the_highest_and_the_lowest(daily_result):
    part = bars(daily_result({"max_messages_per_minute": PEAKS}, unit="messages per minute"))
    assert part.finding == "Most on Friday 13 (212), fewest on Sunday 15 (19)"
    assert part.table.rows[6] == ("Sun 15 Nov", "19")


def test_one_day_is_one_column(daily_result, edition):
    result = daily_result({"x": [212]}, edition=edition("2026-11-10"))
    assert len(named(draw_bars(result), "column")) == 1
    assert bars(result).finding == "212 on Tuesday 10"


def test_silence_is_said_in_words(daily_result):
    result = daily_result({"x": [0] * 7}, unit="messages per minute")
    assert bars(result).finding == "No messages in this period"
    assert texts(draw_bars(result), "value") == []


def test_a_source_that_cannot_tell_is_said_so(daily_result):
    assert bars(daily_result({"x": [0] * 7}, available=False), title="Peaks").title == "Peaks"
