"""A daily series as columns: the highest stands out, and values are written where they fit."""

from matplotlib.colors import to_hex

from tidings.charts import bars
from tidings.charts.bars import draw_bars
from tidings.charts.style.colors import palette
from tidings.charts.style.theme import theme

PEAKS = [38, 41, 39, 52, 212, 22, 19]
NAN = float("nan")


def drawn(result, **more):
    with theme():
        figure = draw_bars(result, **more)
    return figure.axes[0]


def columns(axes):
    return axes.containers[0].patches


def values(axes):
    return [text.get_text() for text in axes.texts if text.get_gid() == "value"]


def test_each_day_has_a_column_and_the_highest_is_in_the_accent(daily_result):
    axes = drawn(daily_result({"max_messages_per_minute": PEAKS}))
    assert [column.get_height() for column in columns(axes)] == PEAKS
    colors = palette("#0B6E4F")
    assert [to_hex(column.get_facecolor()) for column in columns(axes)] == [
        colors.accent if value == 212 else colors.tint for value in PEAKS
    ]


def test_where_every_value_is_written_there_is_no_axis(daily_result):
    axes = drawn(daily_result({"max_messages_per_minute": PEAKS}))
    assert values(axes) == [str(value) for value in PEAKS]
    assert [label.get_text() for label in axes.get_yticklabels()] == [""]


def test_where_values_do_not_fit_the_highest_is_written_beside_an_axis(daily_result, edition):
    axes = drawn(daily_result({"x": list(range(1000, 1062))}, edition=edition("2026-07..2026-08")))
    assert values(axes) == ["1,061"]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["0", "500", "1,000"]


def test_all_that_are_as_high_as_the_highest_are_in_the_accent(daily_result):
    axes = drawn(daily_result({"x": [5, 9, 9, 1, 1, 1, 1]}))
    accents = [to_hex(column.get_facecolor()) == palette("#0B6E4F").accent for column in columns(axes)]
    assert accents == [False, True, True, False, False, False, False]


def test_a_gap_has_no_number(daily_result):
    assert values(drawn(daily_result({"x": [1.5, NAN, 2.0, NAN, NAN, NAN, NAN]}))) == ["1.5", "2.0"]


def test_the_finding_names_the_highest_and_the_lowest(daily_result):
    part = bars(daily_result({"max_messages_per_minute": PEAKS}, unit="messages per minute"))
    assert part.finding == "Most on Friday 13 (212), fewest on Sunday 15 (19)"
    assert part.table.rows[6] == ("Sun 15 Nov", "19")


def test_one_day_is_one_column(daily_result, edition):
    result = daily_result({"x": [212]}, edition=edition("2026-11-10"))
    assert [column.get_height() for column in columns(drawn(result))] == [212]
    assert bars(result).finding == "212 on Tuesday 10"


def test_silence_is_said_in_words(daily_result):
    result = daily_result({"x": [0] * 7}, unit="messages per minute")
    assert bars(result).finding == "No messages in this period"
    assert values(drawn(result)) == []


def test_a_source_that_cannot_tell_is_said_so(daily_result):
    assert bars(daily_result({"x": [0] * 7}, available=False), title="Peaks").title == "Peaks"
