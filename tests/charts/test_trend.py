"""A daily series as a line: what the marks receive, and what is said about them."""

import warnings

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.sheets import ink_of, named, readings, texts

from tidings.charts import trend
from tidings.charts.style.colors import GREY, palette
from tidings.charts.trend import draw_trend
from tidings.parts.part import Chart, Column, Notice

NAN = float("nan")
WEEK = [4210, 4890, 4675, 5120, 5610, 2300, 1900]
BEFORE = [3990, 4150, 4420, 4320, 4900, 2200, 1780]


def lines(sheet, color, days=7):
    drawn = [line for line in named(sheet, "line") if line.color == color]
    return [readings(sheet, line.points, days) for line in drawn]


def points(sheet, days=7):
    [dots] = named(sheet, "points")
    return readings(sheet, dots.points, days)


def test_the_line_passes_through_every_day_and_the_period_before_lies_below_it(daily_result):
    sheet = draw_trend(daily_result({"incoming_messages": WEEK}, previous={"incoming_messages": BEFORE}))
    assert lines(sheet, palette("#0B6E4F").accent) == [[[n, value] for n, value in enumerate(WEEK)]]
    assert lines(sheet, GREY) == [[[n, value] for n, value in enumerate(BEFORE)]]
    assert texts(sheet, "end") == ["this week", "week before"]
    assert texts(sheet, "value") == ["5,610"]


def test_a_gap_breaks_the_line_and_a_lone_day_is_still_seen(daily_result):
    sheet = draw_trend(daily_result({"messages_per_conversation": [3.0, 4.0, NAN, 5.0, NAN, 2.0, 3.0]}))
    [line] = lines(sheet, palette("#0B6E4F").accent)
    assert str(line) == "[[0.0, 3.0], [1.0, 4.0], [2.0, nan], [3.0, 5.0], [4.0, nan], [5.0, 2.0], [6.0, 3.0]]"
    assert [3, 5] in points(sheet)


def test_of_more_than_16_days_only_one_that_no_line_reaches_is_marked(daily_result, edition):
    values = [5.0, 4.0, NAN, 1.0, NAN] + [3.0] * 57
    sheet = draw_trend(daily_result({"average": values}, edition=edition("2026-07..2026-08")))
    assert points(sheet, 62) == [[3, 1]]
    assert len(points(draw_trend(daily_result({"x": [3] * 16}, edition=edition("2026-10b"))), 16)) == 16


def test_what_was_before_lies_under_the_same_weekdays_and_is_labelled_by_when_it_was(daily_result, edition):
    # 16 to 31 October above 2 to 15 October, two weeks before, and nothing below the last two days
    sheet = draw_trend(
        daily_result({"x": [5] * 16}, previous={"x": list(range(1, 16))}, edition=edition("2026-10b"))
    )
    known = [point for point in lines(sheet, GREY, 16)[0] if point[1] == point[1]]
    assert known == [[n, n + 2] for n in range(14)]
    assert texts(sheet, "end") == ["now", "2 weeks before"]


def test_without_a_period_before_there_is_no_second_line_and_no_name(daily_result):
    sheet = draw_trend(daily_result({"x": WEEK}))
    assert lines(sheet, GREY) == []
    assert texts(sheet, "end") == []


def test_a_level_line_has_no_highest_day(daily_result):
    result = daily_result({"x": [7.9, 7.8, 8.0, 7.9, 7.9, 7.8, 7.9]})
    assert texts(draw_trend(result), "value") == []
    assert trend(result).finding == "Between 7.8 and 8.0 on every day"


def test_a_median_is_dotted_beside_the_average_and_grey_is_the_past(daily_result):
    result = daily_result(
        {"average_minutes": [3.2] * 6 + [1.0], "median_minutes": [2.5] * 7},
        previous={"average_minutes": [9.0] * 7, "median_minutes": [9.0] * 7},
        unit="minutes",
    )
    sheet = draw_trend(result)
    assert lines(sheet, GREY) == [[[n, 9] for n in range(7)]]
    [dotted] = [line for line in named(sheet, "line") if line.dash]
    assert readings(sheet, dotted.points) == [[n, 2.5] for n in range(7)]
    assert texts(sheet, "end") == ["average", "median", "week before"]
    assert texts(sheet, "value") == ["3 min 12 s"]
    assert [column.label for column in trend(result).table.columns] == [
        "Day",
        "Average",
        "Median",
    ]
    assert trend(result).table.rows[0] == ("Mon 9 Nov", "3\u00a0min 12\u00a0s", "2\u00a0min 30\u00a0s")


def test_one_day_is_a_column_with_that_of_the_week_before_across_it(daily_result, edition):
    sheet = draw_trend(daily_result({"x": [812]}, previous={"x": [700]}, edition=edition("2026-11-10")))
    [column], [level] = named(sheet, "column"), named(sheet, "level")
    assert {value for _, value in readings(sheet, column.path.vertices, 1)} == {0, 812}
    assert {value for _, value in readings(sheet, level.points, 1)} == {700}


def test_the_words_around_the_picture(daily_result):
    part = trend(
        daily_result({"incoming_messages": WEEK}, previous={"incoming_messages": BEFORE}, notes=("A note.",))
    )
    table = part.table
    assert part == Chart(
        metric="activity.incoming_messages",
        title="Incoming Messages",
        finding="28,705 in all, most on Friday 13 (5,610)",
        definition="Messages that users sent, per day.",
        notes=("A note.",),
        alt="Incoming Messages. 28,705 in all, most on Friday 13 (5,610). "
        "Daily values from Mon 9 Nov to Sun 15 Nov: between 1,900 and 5,610.",
        width=500,
        height=184,
        wide=False,
        table=table,
        png=part.png,
    )
    assert table.columns == (Column("Day", numeric=False), Column("Incoming Messages", numeric=True))
    assert table.rows[4] == ("Fri 13 Nov", "5,610")
    assert len(table.rows) == 7
    assert part.png.startswith(b"\x89PNG")


def test_distinct_counts_are_never_added_up(daily_result):
    part = trend(daily_result({"conversations": [10, 20, 30, 20, 10, 5, 6]}, unit="conversations"))
    assert part.finding == "Most on Wednesday 11 (30), fewest on Saturday 14 (5)"


def test_averages_are_never_added_up(daily_result):
    part = trend(daily_result({"messages_per_conversation": [4.5, NAN, 3.0, 4.0, 4.0, 4.0, 4.0]}))
    assert part.finding == "Highest on Monday 9 (4.5), lowest on Wednesday 11 (3.0)"
    assert part.table.rows[1] == ("Tue 10 Nov", "–")


def test_the_periods_own_number_stands_in_the_title(daily_result):
    total = daily_result({"x": [0] * 7}, unit="conversations")
    total = type(total)(total.metric, total.edition, 3210)
    part = trend(
        daily_result({"conversations": WEEK}, unit="conversations"), title="Conversations", total=total
    )
    assert part.title == "Conversations: 3,210"


def test_the_analysts_own_words_are_kept(daily_result):
    part = trend(daily_result({"x": WEEK}), title="Mail", finding="Quiet", height=300, wide=True)
    assert (part.title, part.finding) == ("Mail", "Quiet")
    assert (part.width, part.height, part.wide) == (800, 300, True)


def test_silence_is_said_in_words_and_drawn_as_zero(daily_result):
    result = daily_result({"incoming_messages": [0] * 7}, previous={"incoming_messages": [0] * 7})
    assert trend(result).finding == "No messages in this period"
    assert texts(draw_trend(result), "nothing") == ["No messages in this period"]
    assert texts(draw_trend(result), "value") == []


def test_a_period_of_gaps_has_nothing_to_measure(daily_result, edition):
    result = daily_result(
        {"average_minutes": [NAN] * 62}, unit="minutes", edition=edition("2026-07..2026-08")
    )
    part = trend(result)
    assert part.finding == "Nothing to measure in this period"
    assert part.alt.endswith(": none.")


def test_a_source_that_cannot_tell_is_said_so(daily_result):
    part = trend(daily_result({"x": [0] * 7}, available=False))
    assert part == Notice("Incoming Messages", "Not available from this source.")
    assert part.png is None


@pytest.mark.parametrize(
    ("period", "language"),
    [
        ("2026-W46", "en"),
        ("2026-W46", "es"),
        ("2026-W46", "pt-PT"),
        ("2026-10b", "pt"),
        ("2026-10", "es-CO"),
        ("2026-07..2026-08", "es-419"),
        ("2026-11-10", "pt-BR"),
    ],
)
@pytest.mark.parametrize("top", [1, 10**9])
def test_no_label_touches_another_or_leaves_the_picture(daily_result, edition, period, language, top):
    edition = edition(period, language)
    values = np.linspace(0, top, len(edition.period.days)).astype(int).tolist()
    sheet = draw_trend(daily_result({"x": values or [1]}, previous={"x": values}, edition=edition))
    for name in ("day", "end"):
        boxes = [ink_of(word) for word in named(sheet, name)]
        assert not any(a.overlaps(b) for n, a in enumerate(boxes) for b in boxes[n + 1 :])
    for box in map(ink_of, named(sheet, "day", "end", "value")):
        assert box.x0 >= 0
        assert box.x1 <= sheet.width + 1
        assert box.y0 >= 0
        assert box.y1 <= sheet.height


COUNTS = st.lists(st.integers(min_value=0, max_value=10**9), min_size=7, max_size=7)
AVERAGES = st.lists(st.floats(min_value=0, max_value=10**6) | st.just(NAN), min_size=7, max_size=7)


@settings(max_examples=25, deadline=None)
@given(COUNTS | AVERAGES, st.none() | COUNTS)
@example([5e-324] * 7, None)
def test_any_numbers_can_be_drawn_without_a_warning(daily_result, values, before):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        part = trend(daily_result({"x": values}, previous=before and {"x": before}))
    assert len(part.table.rows) == 7
    assert "nan" not in str(part)
