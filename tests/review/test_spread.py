"""How a number is spread over tenants."""

import pytest

from tidings.review.spread import measure_spread


def _many(**more: tuple) -> dict:
    return {f"t{number}": (100 + number, 100) for number in range(9)} | more


def test_totals_are_of_those_that_have_both_periods():
    spread = measure_spread({"a": (120, 100), "b": (50, None), "c": (None, 70)})
    assert (spread.total, spread.total_before, spread.count) == (120, 100, 1)
    assert spread.middle == 85


def test_with_few_tenants_nothing_is_said_of_their_spread():
    spread = measure_spread({"a": (120, 100), "b": (5, 100)})
    assert spread.bins == ()
    assert spread.typical is None
    assert spread.outliers == {}


def test_one_tenant_far_out_of_line_is_named_with_its_change():
    assert measure_spread(_many(bad=(20, 100))).outliers == {"bad": pytest.approx(-0.8)}
    assert measure_spread(_many(bad=(500, 100))).outliers == {"bad": pytest.approx(4.0)}


def test_a_fall_that_all_have_is_no_outlier():
    assert measure_spread({f"t{number}": (20 + number, 100) for number in range(9)}).outliers == {}


def test_small_numbers_are_no_outliers():
    assert measure_spread(_many(small=(9, 1))).outliers == {}


def test_bins_hold_every_tenant_the_farthest_in_the_last():
    spread = measure_spread(_many(none=(0, 100), huge=(10_000, 100)))
    assert sum(spread.bins) == spread.count == 11
    assert spread.bins[0] == 1
    assert spread.bins[-1] == 1


def test_of_nobody_there_is_nothing_to_say():
    spread = measure_spread({})
    assert (spread.total, spread.middle, spread.count) == (0, None, 0)
