"""Scores: one scale for all kinds, with chance taken off."""

from datetime import date
from math import inf

import pytest

from tidings.metrics.findings.score import (
    DAY,
    HIGHEST,
    MINUTE,
    MISSED,
    NAME,
    NEWS,
    OUT_OF_LINE,
    find_worst,
    score_change,
    score_day,
    score_share,
)


@pytest.mark.parametrize(
    ("ratio", "counts"), [(22 / 18, (22, 18)), (1.05, (1050, 1000)), (1.12, (112, 100)), (1, (500, 500))]
)
def test_small_numbers_and_small_changes_are_no_news(ratio, counts):
    assert score_change(ratio, counts) == 0


def test_a_tenth_more_of_many_is_just_ordinary_and_twice_as_many_as_far_as_half():
    assert score_change(1.1, (1_100_000, 1_000_000)) == pytest.approx(1, abs=0.01)
    assert score_change(2, (20_000, 10_000)) == pytest.approx(score_change(0.5, (10_000, 20_000)))


def test_the_same_change_scores_less_where_fewer_were_counted():
    assert score_change(2, (400, 200)) < score_change(2, (40_000, 20_000))


def test_a_fall_to_nothing_scores_the_highest():
    assert score_change(0, (0, 51_000)) > 2
    assert score_day(0, [1000, 1010, 990, 1005], DAY) == HIGHEST


def test_a_name_of_many_strays_more_than_a_whole_period_and_from_nothing_is_as_far_as_to_nothing():
    assert score_change(2, (2000, 1000), NAME) < score_change(2, (2000, 1000))
    assert score_change(inf, (400, 0), NAME) == pytest.approx(score_change(0, (0, 400), NAME))
    assert score_change(inf, (20, 0), NAME) > NEWS


def test_a_share_scores_by_what_is_ordinary_and_little_where_few_were_counted():
    assert score_share(42, 435, MISSED) == pytest.approx(2.9, abs=0.1)
    assert score_share(1, 4, MISSED) < 1.5


def test_a_day_is_out_of_line_by_the_spread_of_the_others_and_not_by_a_ratio_alone():
    steady, uneven = [1000, 1020, 980, 1010, 990], [400, 1600, 1000, 500, 1500]
    assert score_day(1500, steady, DAY) > OUT_OF_LINE
    assert score_day(1500, uneven, DAY) < 1
    assert score_day(1100, steady, DAY) < OUT_OF_LINE


def test_what_strays_more_ordinarily_scores_less():
    others = [16, 17, 18, 17, 16]
    assert score_day(51, others, MINUTE) < OUT_OF_LINE < score_day(51, others, DAY)


@pytest.mark.parametrize("others", [[], [10, 10], [0, 0, 0, 5]])
def test_nothing_is_out_of_line_where_nothing_is_typical(others):
    assert score_day(500, others, DAY) == 0


def test_the_worst_day_is_one_and_well_above_the_rest():
    monday, tuesday, sunday = (date(2026, 11, day) for day in (9, 10, 15))
    assert find_worst({monday: 0.05, tuesday: 0.04, sunday: 0.20}, 0.1) == sunday
    assert find_worst({monday: 0.20, tuesday: 0.04, sunday: 0.20}, 0.1) is None
    assert find_worst({monday: 0.10, tuesday: 0.09, sunday: 0.11}, 0.1) is None
    assert find_worst({sunday: 0.20}, 0.1) is None
