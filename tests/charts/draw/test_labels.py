import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import isotonic_regression

from tidings.charts.draw.labels import move_apart

positions = st.lists(st.floats(0, 100), max_size=12)


def test_labels_that_do_not_collide_stay_where_they_are():
    assert move_apart([10, 50, 30], 15, 0, 100).tolist() == [10, 50, 30]


def test_two_labels_at_one_place_move_half_a_gap_each():
    assert move_apart([50, 50], 10, 0, 100).tolist() == [45, 55]


def test_labels_at_the_floor_move_up_only():
    assert move_apart([0, 0, 0], 10, 0, 100).tolist() == [0, 10, 20]


def test_no_labels():
    assert move_apart([], 10, 0, 100).size == 0


@given(positions)
def test_labels_keep_their_order_their_distance_and_the_room(wanted):
    placed = move_apart(wanted, 8, 0, 100)
    order = np.argsort(wanted, kind="stable")
    assert (np.diff(placed[order]) >= 8 - 1e-9).all()
    assert ((placed >= -1e-9) & (placed <= 100 + 1e-9)).all()


@given(st.lists(st.floats(100, 200), min_size=1, max_size=12))
def test_labels_move_as_little_as_possible_in_all_as_scipys_regression_has_it(wanted):
    placed, shares = move_apart(wanted, 8, 0, 1000), 8 * np.arange(len(wanted))
    assert np.sort(placed) == pytest.approx(isotonic_regression(np.sort(wanted) - shares).x + shares)


@given(st.lists(st.floats(0, 10), min_size=5, max_size=9))
def test_where_the_room_is_too_small_the_distance_shrinks_evenly(wanted):
    placed = np.sort(move_apart(wanted, 4, 0, 10))
    assert placed == pytest.approx(np.linspace(0, 10, len(wanted)))
