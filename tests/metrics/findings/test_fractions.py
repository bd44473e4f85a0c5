"""Shares as people say them."""

import pytest
from babel import Locale

from tidings.metrics.findings.fractions import one_in


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (42 / 435, "ten"),
        (4299 / 31359, "seven"),
        (0.5, "two"),
        (0.05, "twenty"),
        (0.118, None),
        (0.4, None),
        (0.08, None),
        (0.03, None),
        (1.0, None),
        (0.0, None),
    ],
)
def test_a_share_is_one_in_so_many_where_that_is_near_enough(share, words):
    assert one_in(share, Locale("en")) == words
