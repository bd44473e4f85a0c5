"""The canvas of days: margins, the labels of days, names at the ends, values above marks."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.ink import ink_of

from tidings.charts.draw.day_axes import EndLabel, open_day_axes, pitch, read_spec, write_value
from tidings.charts.style.colors import QUIET
from tidings.charts.style.theme import PIXELS, theme


@pytest.fixture(scope="session")
def spec(daily_result, edition):
    def make(period="2026-W46", language="en", wide=False):
        made = edition(period, language)
        return read_spec(daily_result({"x": [0] * len(made.period.days)}, edition=made), 256, wide)

    return make


def texts(axes, gid):
    return [text for text in axes.texts if text.get_gid() == gid]


def boxes(axes, gid):
    return [ink_of(text) for text in texts(axes, gid)]


def test_a_week_is_named_day_by_day_with_its_weekend_paler(spec):
    with theme():
        labels = texts(open_day_axes(spec(), 100, whole=True), "day")
    assert [label.get_text() for label in labels[:4]] == ["Mon", "9 Nov", "Tue", "10"]
    assert [label.get_text() for label in labels if label.get_color() == QUIET] == ["Sat", "14", "Sun", "15"]


def test_half_a_month_is_named_by_numbers(spec):
    with theme():
        labels = [
            label.get_text() for label in texts(open_day_axes(spec("2026-10b"), 100, whole=True), "day")
        ]
    assert labels == ["16", "Oct", *map(str, range(17, 32))]


def test_months_are_named_by_weeks(spec):
    with theme():
        labels = [label.get_text() for label in texts(open_day_axes(spec("2026-10"), 100, whole=True), "day")]
    assert labels == ["Mon", "5 Oct", "Mon", "12 Oct", "Mon", "19 Oct", "Mon", "26 Oct"]


def test_more_room_names_more_days(spec):
    with theme():
        narrow, broad = (
            open_day_axes(spec("2026-10b", wide=wide), 100, whole=True) for wide in (False, True)
        )
    assert pitch(broad) > pitch(narrow)


def test_days_that_no_font_can_name_are_told_in_digits(spec, monkeypatch):
    monkeypatch.setattr("tidings.charts.draw.day_axes.can_draw", str.isascii)
    with theme():
        axes = open_day_axes(spec(language="es"), 100, whole=True)
    assert "14/11" in [label.get_text() for label in texts(axes, "day")]  # and no "sáb"


def test_the_weekend_is_the_tenants_own(daily_result, edition):
    made = edition()
    friday_and_saturday = made.tenant.model_copy(update={"weekend": (4, 5)})
    result = daily_result({"x": [0] * 7}, edition=replace(made, tenant=friday_and_saturday))
    assert read_spec(result, 184, False).rest == (4, 5)


def test_past_16_days_the_weeks_are_marked_where_they_start(spec):
    with theme():
        long, short = (open_day_axes(spec(period), 1, whole=True) for period in ("2026-10", "2026-10b"))
    [weeks] = [each for each in long.collections if each.get_gid() == "week"]
    assert [segment[0][0] for segment in weeks.get_segments()] == [3.5, 10.5, 17.5, 24.5]
    assert [each for each in short.collections if each.get_gid() == "week"] == []


def test_weekends_are_shaded_but_a_single_day_is_not(spec):
    with theme():
        week, day = (open_day_axes(spec(period), 1, whole=True) for period in ("2026-W46", "2026-11-15"))
    shaded = [[patch for patch in axes.patches if patch.get_gid() == "weekend"] for axes in (week, day)]
    assert [len(patches) for patches in shaded] == [2, 0]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(min_value=0, max_value=100), min_size=1, max_size=6))
def test_names_at_the_ends_never_overlap_nor_leave_the_picture(spec, values):
    labels = [EndLabel(value, f"Agent {n}", "#0B6E4F") for n, value in enumerate(values)]
    with theme():
        axes = open_day_axes(spec(), 100, labels, whole=True)
        placed = sorted(boxes(axes, "end"), key=lambda box: box.y0)
    assert len(placed) == len(values)
    assert all(low.y1 <= high.y0 + PIXELS for low, high in itertools.pairwise(placed))
    assert all(box.x1 <= axes.figure.bbox.x1 for box in placed)


@pytest.mark.parametrize("place", [0, 3, 61])
def test_a_value_stays_inside_the_axes(spec, place):
    with theme():
        axes = open_day_axes(spec("2026-07..2026-08"), 100, whole=True)
        box = write_value(axes, place, 100, "1,234,567,890").get_window_extent()
        inside = axes.get_window_extent()
    assert inside.x0 - PIXELS <= box.x0
    assert box.x1 <= inside.x1 + PIXELS
