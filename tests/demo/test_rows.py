from itertools import accumulate

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tidings.demo.rows import positions, running_totals


@given(st.lists(st.integers(0, 6), max_size=20))
def test_positions_count_from_zero_in_each_group(counts):
    group, place = positions(np.array(counts, dtype=np.int64))
    expected = [(number, item) for number, count in enumerate(counts) for item in range(count)]
    assert list(zip(group.tolist(), place.tolist(), strict=True)) == expected


@given(st.lists(st.lists(st.integers(-1000, 1000), min_size=1, max_size=6), min_size=1, max_size=20))
def test_running_totals_start_afresh_in_each_group(groups):
    values = np.array([value for group in groups for value in group])
    totals = running_totals(values, np.array([len(group) for group in groups]))
    assert totals.tolist() == [total for group in groups for total in accumulate(group)]
