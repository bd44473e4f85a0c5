"""Conversations by outcome: columns stacked by day, the share missed above them, names at the end."""

import numpy as np
import pytest
from support.sheets import ink_of, named, places_at, texts, values_at

from tidings.charts import split
from tidings.charts.split import draw_split
from tidings.charts.style.colors import VERMILLION, palette

HANDLED = [310, 340, 330, 360, 388, 118, 95]
MISSED = [22, 18, 35, 40, 60, 12, 0]
OTHER = [6, 5, 4, 10, 9, 2, 2]


@pytest.fixture
def outcomes(daily_result):
    def make(handled=HANDLED, missed=MISSED, other=OTHER, **more):
        return daily_result(
            {"handled": handled, "missed": missed, "other": other},
            name="contact_center.handled_vs_missed",
            label="Handled vs. Missed",
            unit="conversations",
            **more,
        )

    return make


def columns(sheet):
    """For each outcome its columns, as the values of their lower and upper ends."""
    ends = [values_at(sheet, column.path.vertices[[0, 2], 1]) for column in named(sheet, "column")]
    return np.array(ends).reshape(3, -1, 2)


def test_each_outcome_stands_on_the_one_before(outcomes):
    handled, missed, other = columns(draw_split(outcomes()))
    both, all_three = np.sum([HANDLED, MISSED], axis=0), np.sum([HANDLED, MISSED, OTHER], axis=0)
    assert handled.tolist() == [[0, count] for count in HANDLED]
    assert missed.tolist() == np.column_stack([HANDLED, both]).tolist()
    assert other.tolist() == np.column_stack([both, all_three]).tolist()


def test_outcomes_have_their_colours(outcomes):
    colors = [column.color for column in named(draw_split(outcomes()), "column")]
    assert colors[::7] == [palette("#0B6E4F").accent, VERMILLION, palette("#0B6E4F").tint]


def test_the_share_missed_stands_above_each_day_that_missed_any(outcomes):
    sheet = draw_split(outcomes())
    above = {round(float(places_at(sheet, word.x, 7))): word.text for word in named(sheet, "value")}
    assert above == {0: "7%", 1: "5%", 2: "9%", 3: "10%", 4: "13%", 5: "9%"}


def test_over_many_days_shares_stand_only_where_no_other_column_is_in_their_way(outcomes, edition):
    handled, missed = [100] * 62, [10] * 62
    handled[30], missed[31] = 200, 40
    sheet = draw_split(outcomes(handled, missed, [0] * 62, edition=edition("2026-07..2026-08")))
    assert len(texts(sheet, "value")) <= 7
    assert "29%" not in texts(sheet, "value")


def test_only_outcomes_that_happened_are_named_and_apart(outcomes):
    sheet = draw_split(outcomes(other=[0] * 7))
    assert texts(sheet, "end") == ["handled", "missed"]
    one, two = sorted(map(ink_of, named(sheet, "end")), key=lambda box: box.y0)
    assert one.y1 <= two.y0


def test_the_finding_adds_the_days_up(outcomes):
    part = split(outcomes())
    assert part.finding == "1,941 handled, 187 missed (9%), most on Friday 13 (60)"
    assert part.alt.endswith("on Fri 13 Nov, 60 of 457 were missed.")
    assert part.table.rows[0] == ("Mon 9 Nov", "310", "22", "6")
    assert [column.label for column in part.table.columns] == [
        "Day",
        "Handled",
        "Missed",
        "Other",
    ]


def test_none_missed_is_said(outcomes):
    part = split(outcomes(missed=[0] * 7))
    assert "0 missed (0%)" in part.finding
    assert part.alt.endswith("none was missed.")


def test_silence_is_said_in_words(outcomes):
    result = outcomes([0] * 7, [0] * 7, [0] * 7)
    assert split(result).finding == "No conversations in this period"
    assert texts(draw_split(result), "nothing") == ["No conversations in this period"]


def test_a_source_that_cannot_tell_is_said_so(outcomes):
    assert split(outcomes(available=False)).kind == "notice"
