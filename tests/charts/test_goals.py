"""Goals on cards and in charts: a mark, and a thin line with its name."""

from dataclasses import replace

import pytest
from support.sheets import named, texts, values_at

from tidings import charts
from tidings.charts.split import draw_split
from tidings.charts.trend import draw_trend
from tidings.metrics import contact_center
from tidings.metrics.metric import Result
from tidings.parts.part import Mark
from tidings.tenants.goals import Goal

SHARE = Goal(name="contact_center.missed_share", sign="<=", value=8, unit="%")
WAIT = Goal(name="contact_center.average_wait_minutes", sign="<=", value=2, unit="")
WAITS = [1.0, 1.5, 2.5, 3.0, 1.0, 0.5, 0.5]


@pytest.fixture
def result(edition, daily_result):
    """Make a result of a metric for a tenant with two goals; of a table, the values by column."""

    def make(declared, value):
        week = edition()
        week = replace(week, tenant=week.tenant.model_copy(update={"goals": (SHARE, WAIT)}))
        frame = daily_result(value, edition=week).value if isinstance(value, dict) else value
        return Result(declared.metric, week, frame)

    return make


def test_a_card_says_whether_its_number_and_those_beside_it_keep_to_their_goals(result):
    missed = result(contact_center.missed_conversations, 42), result(contact_center.missed_share, 0.1)
    shown = charts.cards(missed, result(contact_center.average_wait_minutes, 1.5)).cards
    assert shown[0].goals == (Mark("Missed Share: goal of at most 8% not met", "bad"),)
    assert shown[1].goals == (Mark("goal of at most 2\u00a0min met", "good"),)


def test_a_card_without_a_goal_or_without_a_number_has_no_mark(result):
    shown = charts.cards(
        result(contact_center.unique_users, 5), result(contact_center.average_wait_minutes, None)
    ).cards
    assert [card.goals for card in shown] == [(), ()]


def test_a_trend_with_the_periods_number_has_the_line_of_its_goal(result):
    waits = result(contact_center.wait_time, {"average_minutes": WAITS, "median_minutes": WAITS})
    total = result(contact_center.average_wait_minutes, 1.4)
    sheet = draw_trend(waits, goal=WAIT)
    [line] = named(sheet, "goal")
    assert values_at(sheet, line.points[:, 1]).tolist() == [2, 2]
    assert "goal 2 min" in texts(sheet, "end")
    note = "The line marks the goal for Average Wait Time: at most 2\u00a0min."
    assert note in charts.trend(waits, total=total).notes
    assert note not in charts.trend(waits).notes


def test_the_line_of_a_goal_that_no_day_reaches_is_within_the_axes(result):
    waits = result(contact_center.wait_time, {"average_minutes": [0.1] * 7, "median_minutes": [0.1] * 7})
    [line] = named(draw_trend(waits, goal=WAIT), "goal")
    assert line.points[:, 1].min() >= 26


def test_a_split_marks_where_the_missed_part_of_each_column_would_end(result):
    days = {"handled": [90, 50, 0, 0, 0, 0, 8], "missed": [10, 0, 0, 0, 0, 0, 2], "other": [0] * 7}
    outcomes = result(contact_center.handled_vs_missed, days)
    sheet = draw_split(outcomes, goal=SHARE)
    heights = [values_at(sheet, line.points[0, 1]) for line in named(sheet, "goal")]
    assert heights[:2] == [98, 54]
    assert heights[6] == pytest.approx(8.8)
    assert "goal 8%" in texts(sheet, "end")
    assert charts.split(outcomes).notes == ("The lines mark the goal for missed conversations: at most 8%.",)
