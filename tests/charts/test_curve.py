from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidings.charts import curve
from tidings.charts.curve import LINES, draw_course, read_course
from tidings.charts.draw.day_axes import read_spec
from tidings.charts.style.theme import theme
from tidings.metrics.activity import incoming_messages
from tidings.metrics.metric import Result

NAN = float("nan")
TEAM = {"Ana Ruiz": [61, 66, 58, 71, 74, 20, 12], "Luis Mora": [48, 44, 51, 47, 62, 31, 0]}


def crowd(size):
    return {f"Agent {i:03}": [size - i] * 7 for i in range(size)}


@pytest.fixture(scope="session")
def make(edition):
    """Make a result by day and agent from each agent's values."""

    def result(agents, unit="conversations", period="2026-W46"):
        chosen = edition(period)
        days = pd.DatetimeIndex(chosen.period.days)
        rows = [(day, agent, values[i]) for i, day in enumerate(days) for agent, values in agents.items()]
        table = pd.DataFrame(rows, columns=["day", "agent", unit])
        metric = replace(
            incoming_messages.metric, name="a.b", label="Evolution", unit=unit, columns=tuple(table.columns)
        )
        return Result(metric, chosen, table)

    return result


@pytest.fixture(scope="session")
def total(edition):
    """Make a result by agent alone."""

    def result(agents, unit="conversations"):
        table = pd.DataFrame({"agent": list(agents), unit: list(agents.values())})
        metric = replace(incoming_messages.metric, unit=unit, columns=("agent", unit))
        return Result(metric, edition(), table)

    return result


def drawn(result):
    spec = read_spec(result, 280, False)
    with theme():
        figure = draw_course(read_course(result), spec)
        figure.canvas.draw()
    return figure.axes[0]


def marks(axes, gid):
    return [artist for artist in axes.get_children() if artist.get_gid() == gid]


def test_the_finding_names_the_leader_and_the_highest_day(make, total):
    assert curve(make(TEAM), total({"Luis Mora": 212, "Ana Ruiz": 200})).finding == (
        "Luis Mora had the most, 212 in the week; the highest day was Ana Ruiz's Friday 13 (74)"
    )
    assert curve(make(TEAM), total({"Ana Ruiz": 212, "Luis Mora": 200})).finding == (
        "Ana Ruiz had the most, 212 in the week; the highest day was Friday 13 (74)"
    )
    assert curve(make(TEAM)).finding == "Ana Ruiz had the highest day: 74 on Friday 13"


def test_a_marker_lies_on_every_value_and_the_curve_runs_through_it(make):
    axes = drawn(make(TEAM))
    points = {tuple(point) for marker in marks(axes, "points") for point in marker.get_offsets().tolist()}
    assert points == {(float(x), float(y)) for values in TEAM.values() for x, y in enumerate(values)}
    ana = max(marks(axes, "curve"), key=lambda line: line.get_ydata().max())
    assert np.interp(range(7), ana.get_xdata(), ana.get_ydata()) == pytest.approx(TEAM["Ana Ruiz"])


def test_a_gap_ends_a_curve(make):
    axes = drawn(make({"Ana": [1.0, 2.0, NAN, 4.0, 5.0, NAN, 7.0]}, unit="hours"))
    assert sorted((line.get_xdata()[0], line.get_xdata()[-1]) for line in marks(axes, "curve")) == [
        (0, 1),
        (3, 4),
    ]


def test_lines_are_named_at_their_ends(make):
    assert {text.get_text() for text in marks(drawn(make(TEAM)), "end")} == set(TEAM)


def test_two_long_names_that_differ_in_their_ids_stay_two(make):
    names = [f"Maria Fernanda Gonzalez (agent-000000{i})" for i in range(2)]
    ends = {text.get_text() for text in marks(drawn(make({name: [1] * 7 for name in names})), "end")}
    assert ends == {"Maria Fernanda…000000)", "Maria Fernanda…000001)"}


def test_six_agents_have_a_line_each(make):
    course = read_course(make(crowd(LINES)))
    assert (len(course.lines), len(course.others)) == (LINES, 0)


def test_of_many_agents_five_have_lines_and_the_others_are_one_band(make):
    result = make(crowd(200))
    axes = drawn(result)
    assert len(marks(axes, "curve")) == 5
    assert len(marks(axes, "band")) == 1
    assert {text.get_text() for text in marks(axes, "end")} == {
        "195 others",
        *(f"Agent {i:03}" for i in range(5)),
    }
    part = curve(result)
    assert len(part.table.rows) == 200
    assert part.notes == ("The grey band runs from the lowest to the highest of the 195 others, day by day.",)


def test_the_band_spans_the_others(make):
    [band] = marks(drawn(make(crowd(20))), "band")
    heights = band.get_paths()[0].vertices[:, 1]
    assert (heights.min(), heights.max()) == (1, 15)


def test_the_total_decides_who_is_busiest(make, total):
    course = read_course(make(TEAM), total({"Luis Mora": 9, "Ana Ruiz": 8}))
    assert list(course.table.index) == ["Luis Mora", "Ana Ruiz"]
    assert list(read_course(make(TEAM)).table.index) == ["Ana Ruiz", "Luis Mora"]


def test_an_agent_whom_the_total_does_not_have_is_not_lost(make, total):
    course = read_course(make(TEAM), total({"Luis Mora": 9}))
    assert list(course.table.index) == ["Luis Mora", "Ana Ruiz"]


def test_the_data_runs_down_by_the_longer_of_days_and_agents(make):
    few = curve(make(TEAM)).table
    assert [column.label for column in few.columns] == ["Day", "Ana Ruiz", "Luis Mora"]
    assert few.rows[0] == ("Mon 9 Nov", "61", "48")
    many = curve(make(crowd(9))).table
    assert [column.label for column in many.columns][:2] == ["Agent", "Mon 9 Nov"]
    assert many.rows[0] == ("Agent 000", *["9"] * 7)


def test_a_single_day_is_shown_as_bars(make):
    part = curve(make({"Ana": [8.0], "Bea": [2.5]}, unit="hours", period="2026-11-09..2026-11-09"))
    assert part.finding == "“Ana” had the most: 8 h of 10 h 30 min"
    assert part.height == 2 * 30 + 12
    assert part.notes == ()


def test_two_months_of_days_have_no_markers_but_the_highest(make):
    values = [float(day % 7) for day in range(61)]
    axes = drawn(make({"Ana": values}, unit="hours", period="2026-09..2026-10"))
    assert sum(len(marker.get_offsets()) for marker in marks(axes, "points")) == 1


@settings(max_examples=10, deadline=None)
@given(st.lists(st.lists(st.integers(0, 500), min_size=7, max_size=7), min_size=2, max_size=9))
def test_names_at_the_ends_never_touch(make, values):
    agents = {f"Agent {i}": row for i, row in enumerate(values)} | {"Zoë": [1] * 7}
    boxes = sorted(
        (text.get_window_extent() for text in marks(drawn(make(agents)), "end")), key=lambda b: b.y0
    )
    for below, above in pairwise(boxes):
        assert above.y0 - below.y0 >= 2 * 17  # a line of text is 18 pixels, two of the picture's for each


def test_nothing_and_not_available(make):
    assert curve(make({})).png is None
    assert curve(make({"Ana": [0] * 7})).png is None
    part = curve(replace(make(TEAM), value=None, available=False))
    assert part.text == "Not available from this source."
