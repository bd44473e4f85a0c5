from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.sheets import box_of, named, texts

from tidings.charts import curve
from tidings.charts.curve import PANELS, draw_course, make_panels, read_course
from tidings.charts.draw.day_axes import read_spec
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
def order(edition):
    """Make a result by agent alone."""

    def result(agents, unit="conversations"):
        table = pd.DataFrame({"agent": list(agents), unit: list(agents.values())})
        metric = replace(incoming_messages.metric, unit=unit, columns=("agent", unit))
        return Result(metric, edition(), table)

    return result


def drawn(result, order=None):
    spec, course = read_spec(result, 0, False), read_course(result, order)
    return draw_course(make_panels(course, spec, {name: name for name in course.agents.index}), spec)


def test_the_finding_names_the_highest_day_of_one_agent(make):
    team = TEAM | {"Bea": [9, 1, 1, 1, 1, 1, 1], "Jo": [9, 1, 1, 1, 1, 1, 1], "Bo": [9, 1, 1, 1, 1, 1, 1]}
    assert curve(make(team)).finding == "“Ana Ruiz” had the most on one day: 74 on Friday 13"


def test_a_day_that_was_the_busiest_of_most_agents_is_told(make):
    assert curve(make(TEAM | {"Bea": [1, 1, 1, 1, 9, 1, 1]})).finding == (
        "Friday 13 was everyone’s busiest day; “Ana Ruiz” had the most, 74"
    )
    assert curve(make(TEAM | {"Bea": [9, 1, 1, 1, 1, 1, 1]})).finding == (
        "Friday 13 was the busiest day of 2 of 3 agents; “Ana Ruiz” had the most, 74"
    )


def test_days_that_tie_are_all_told_and_many_are_counted(make):
    assert curve(make({"Ana": [5, 1, 1, 1, 1, 1, 1], "Bea": [1, 5, 1, 1, 1, 1, 1]})).finding == (
        "The most on one day was 5: “Ana” on Monday 9 and “Bea” on Tuesday 10"
    )
    assert curve(make({"Ana": [5, 1, 1, 1, 5, 1, 1]})).finding == (
        "“Ana” had the most on one day: 5 on Monday 9 and Friday 13"
    )
    assert curve(make({"Ana": [5] * 7})).finding == "The most on one day was 5, 7 times"


def test_the_curve_runs_through_every_value_and_each_is_marked(make):
    sheet = drawn(make(TEAM))
    marked = zip(named(sheet, "curve"), named(sheet, "points"), TEAM.values(), strict=True)
    for line, dots, values in marked:
        x, y = dots.points.T
        assert np.interp(x, *line.points.T) == pytest.approx(y)
        assert np.diff(y[0] - y) == pytest.approx(np.diff(values) * 40 / 74)


def test_a_gap_ends_a_curve(make):
    sheet = drawn(make({"Ana": [1.0, 2.0, NAN, 4.0, 5.0, NAN, 7.0]}, unit="hours"))
    assert len(named(sheet, "curve")) == 2
    assert len(named(sheet, "points")[0].points) == 5


def test_each_agent_has_a_panel_with_its_name_and_its_highest_value_marked(make):
    sheet = drawn(make(TEAM))
    assert texts(sheet, "name") == ["Ana Ruiz", "Luis Mora"]
    assert texts(sheet, "value") == ["74", "62"]
    assert [len(dots.points) for dots in named(sheet, "most")] == [1, 1]


def test_the_highest_value_of_all_stands_well_below_the_name(make):
    sheet = drawn(make({"Ana Ruiz": [74] * 7}))
    (name,), (value,) = named(sheet, "name"), named(sheet, "value")
    assert value.y - name.y > 20


def test_an_agent_who_did_nothing_has_a_flat_line_without_a_value(make):
    sheet = drawn(make(TEAM | {"Bea": [0] * 7}))
    assert texts(sheet, "name") == ["Ana Ruiz", "Luis Mora", "Bea"]
    assert texts(sheet, "value") == ["74", "62"]


def test_two_long_names_that_differ_in_their_ids_stay_two(make):
    names = [f"Maria Fernanda Gonzalez Ruiz (agent-000000{i})" for i in range(2)]
    one, two = texts(drawn(make({name: [1] * 7 for name in names})), "name")
    assert one.endswith("…000000)")
    assert two.endswith("…000001)")


def test_nine_agents_have_a_panel_each(make):
    course = read_course(make(crowd(PANELS)))
    assert (len(course.agents), len(course.others)) == (9, 0)


def test_of_many_agents_eight_have_panels_and_the_others_average_is_the_ninth(make):
    result = make(crowd(200))
    sheet = drawn(result)
    assert texts(sheet, "name") == [*(f"Agent {i:03}" for i in range(8)), "192 others, average"]
    assert texts(sheet, "value")[-1] == "96.5"  # of 192, 191 … 1
    colors = [line.color for line in named(sheet, "curve")]
    assert len(set(colors[:8])) == 1
    assert colors[8] not in colors[:8]
    part = curve(result)
    assert len(part.table.rows) == 200
    assert part.notes == ("The last chart is the average of the 192 other agents, day by day.",)


def test_the_order_is_that_of_the_other_table_whoever_has_more(make, order):
    assert list(read_course(make(TEAM), order({"Luis Mora": 9, "Ana Ruiz": 8})).table.index) == [
        "Luis Mora",
        "Ana Ruiz",
    ]
    assert list(read_course(make(TEAM)).table.index) == ["Ana Ruiz", "Luis Mora"]


def test_several_charts_of_one_order_have_the_same_agents(make, order):
    of_all = order({"Bea Soto": 12, "Luis Mora": 9})
    assert list(read_course(make(TEAM), of_all).table.index) == ["Bea Soto", "Luis Mora", "Ana Ruiz"]
    assert read_course(make(TEAM), of_all).table.loc["Bea Soto"].tolist() == [0] * 7


def test_the_data_runs_down_by_the_longer_of_days_and_agents(make):
    few = curve(make(TEAM)).table
    assert [column.label for column in few.columns] == ["Day", "Ana Ruiz", "Luis Mora"]
    assert few.rows[0] == ("Mon 9 Nov", "61", "48")
    many = curve(make(crowd(9))).table
    assert [column.label for column in many.columns][:2] == ["Agent", "Mon 9 Nov"]
    assert many.rows[0] == ("Agent 000", *["9"] * 7)


def test_a_single_day_is_shown_as_a_ranking(make):
    part = curve(make({"Bea": [2.5], "Ana": [8.0]}, unit="hours", period="2026-11-09..2026-11-09"))
    assert part.title == "Evolution"
    assert "Ana" in part.finding
    assert "8\u00a0h" in part.finding


@pytest.mark.parametrize(
    ("period", "named"),
    [
        ("2026-W46", ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]),
        ("2026-11a", ["1 Nov", "15 Nov"]),
        ("2026-10", ["1 Oct", "31 Oct"]),
        ("2026-09..2026-10", ["1 Sept", "31 Oct"]),
    ],
)
def test_days_are_named_as_far_as_there_is_room(make, edition, period, named):
    days = len(edition(period).period.days)
    assert texts(drawn(make({"Ana": list(range(days))}, period=period)), "day") == named


def test_two_months_of_days_have_no_markers_but_the_highest(make):
    values = [float(day % 7) for day in range(61)]
    sheet = drawn(make({f"Agent {n}": values for n in range(9)}, unit="hours", period="2026-09..2026-10"))
    assert [len(dots.points) for dots in named(sheet, "points")] == [0] * 9
    assert [len(dots.points) for dots in named(sheet, "most")] == [1] * 9


@settings(max_examples=10, deadline=None)
@given(st.lists(st.lists(st.integers(0, 10**6), min_size=7, max_size=7), min_size=1, max_size=12))
def test_no_curve_and_no_word_leaves_the_picture_or_touches_a_name(make, values):
    sheet = drawn(make({f"Agent {i}": row for i, row in enumerate(values)} | {"Zoë": [1] * 7}))
    for box in map(box_of, named(sheet, "name", "value", "day")):
        assert box.x0 >= -0.5
        assert box.x1 <= sheet.width + 0.5
        assert box.y0 >= -2  # of a font's box above its capitals
        assert box.y1 <= sheet.height + 0.5
    for line in named(sheet, "curve"):
        assert 0 <= line.points[:, 1].min() <= line.points[:, 1].max() <= sheet.height


def test_a_name_that_no_font_has_is_numbered_in_the_picture_and_told_beside_it(make):
    unknown = "\U00012000\U00012001"  # cuneiform
    part = curve(make(TEAM | {unknown: [1] * 7}))
    assert part.notes == (f"In the picture (1) is “{unknown}”.",)
    assert part.undrawn == ("\U00012000", "\U00012001")


def test_nothing_and_not_available(make):
    assert curve(make({})).png is None
    assert curve(make({"Ana": [0] * 7})).png is None
    part = curve(replace(make(TEAM), value=None, available=False))
    assert part.text == "Not available from this source."
