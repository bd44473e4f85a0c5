from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import PchipInterpolator

from tidings.charts.draw.smooth import SAMPLES, smooth

counts = st.lists(st.integers(0, 10_000), min_size=2, max_size=62)
nan = float("nan")


@given(counts)
def test_the_curve_passes_through_every_point(values):
    [(x, y)] = smooth(values)
    assert x[::SAMPLES].tolist() == list(range(len(values)))
    assert np.allclose(y[::SAMPLES], values, rtol=0, atol=1e-6)


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=40))
def test_the_curve_never_leaves_the_range_of_two_neighbours(values):
    [(_, y)] = smooth(values)
    for i, pair in enumerate(pairwise(values)):
        stretch = y[i * SAMPLES : (i + 1) * SAMPLES + 1]
        assert min(pair) <= stretch.min()
        assert stretch.max() <= max(pair)


@given(st.lists(st.floats(-1e6, 1e6).map(lambda value: round(value, 3)), min_size=2, max_size=40))
def test_the_curve_is_that_of_scipys_interpolator(values):
    [(x, y)] = smooth(values)
    assert np.allclose(y, PchipInterpolator(range(len(values)), values)(x), rtol=1e-9, atol=1e-6)


def test_a_gap_stays_a_gap():
    curves = smooth([1, 2, nan, 4, 5, 6])
    assert [(x[0], x[-1]) for x, _ in curves] == [(0, 1), (3, 5)]


def test_a_value_on_its_own_has_no_curve():
    assert smooth([7]) == []
    assert smooth([nan, 3, nan]) == []
    assert smooth([nan, nan]) == []
    assert smooth([]) == []


def test_a_level_stretch_stays_level():
    [(_, y)] = smooth([0, 9, 9, 0, 0, 0])
    assert (y[SAMPLES : 2 * SAMPLES] == 9).all()
    assert (y[3 * SAMPLES :] == 0).all()
