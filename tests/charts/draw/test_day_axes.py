"""The canvas of days: margins, the labels of days, names at the ends, values above marks."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.sheets import box_of, ink_of, named, places_at, texts

from tidings.charts.draw.day_axes import EndLabel, draw_ground, open_day_axes, read_spec, write_value
from tidings.charts.style.colors import QUIET


@pytest.fixture(scope="session")
def spec(daily_result, edition):
    def make(period="2026-W46", language="en", wide=False):
        made = edition(period, language)
        return read_spec(daily_result({"x": [0] * len(made.period.days)}, edition=made), 256, wide)

    return make


def opened(spec, top=100, labels=()):
    return open_day_axes(spec, top, labels, whole=True).sheet


def test_a_week_is_named_day_by_day_with_its_weekend_paler(spec):
    labels = named(opened(spec()), "day")
    assert [label.text for label in labels[:4]] == ["Mon", "9 Nov", "Tue", "10"]
    assert [label.text for label in labels if label.color == QUIET] == ["Sat", "14", "Sun", "15"]


def test_half_a_month_is_named_by_numbers(spec):
    assert texts(opened(spec("2026-10b")), "day") == ["16", "Oct", *map(str, range(17, 32))]


def test_months_are_named_by_weeks(spec):
    labels = texts(opened(spec("2026-10")), "day")
    assert labels == ["Mon", "5 Oct", "Mon", "12 Oct", "Mon", "19 Oct", "Mon", "26 Oct"]


def test_more_room_names_more_days(spec):
    narrow, broad = (open_day_axes(spec("2026-10b", wide=wide), 100, whole=True) for wide in (False, True))
    assert broad.pitch > narrow.pitch


def test_days_that_no_font_can_name_are_told_in_digits(spec, monkeypatch):
    monkeypatch.setattr("tidings.charts.draw.day_axes.can_draw", str.isascii)
    assert "14/11" in texts(opened(spec(language="es")), "day")  # and no "sáb"


def test_the_weekend_is_the_tenants_own(daily_result, edition):
    made = edition()
    friday_and_saturday = made.tenant.model_copy(update={"weekend": (4, 5)})
    result = daily_result({"x": [0] * 7}, edition=replace(made, tenant=friday_and_saturday))
    assert read_spec(result, 184, False).rest == (4, 5)


def test_past_16_days_the_weeks_are_marked_where_they_start(spec):
    long, short = (open_day_axes(spec(period), 1, whole=True) for period in ("2026-10", "2026-10b"))
    draw_ground(long)
    starts = [places_at(long.sheet, week.points[0, 0], 31) for week in named(long.sheet, "week")]
    assert starts == [3.5, 10.5, 17.5, 24.5]
    assert named(short.sheet, "week") == []


def test_weekends_are_shaded_but_a_single_day_is_not(spec):
    week, day = (opened(spec(period), 1) for period in ("2026-W46", "2026-11-15"))
    assert [len(named(sheet, "weekend")) for sheet in (week, day)] == [2, 0]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(min_value=0, max_value=100), min_size=1, max_size=6))
def test_names_at_the_ends_never_overlap_nor_leave_the_picture(spec, values):
    labels = [EndLabel(value, f"Agent {n}", "#0B6E4F") for n, value in enumerate(values)]
    sheet = opened(spec(), 100, labels)
    placed = sorted(map(ink_of, named(sheet, "end")), key=lambda box: box.y0)
    assert len(placed) == len(values)
    assert all(one.y1 <= below.y0 + 1 for one, below in itertools.pairwise(placed))
    assert all(box.x1 <= sheet.width for box in placed)


@pytest.mark.parametrize("place", [0, 3, 61])
def test_a_value_stays_inside_the_axes(spec, place):
    axes = open_day_axes(spec("2026-07..2026-08"), 100, whole=True)
    write_value(axes, place, 100, "1,234,567,890")
    [value] = map(box_of, named(axes.sheet, "value"))
    assert axes.box.left - 1 <= value.x0
    assert value.x1 <= axes.box.right + 1
