"""Which of many sets of parameters are tried at each run of the tests."""

from collections.abc import Collection, Iterable

import pytest


def slow_but(quick: Collection, sets: Iterable) -> list:
    """All sets of parameters, marked slow but for the quick ones, which stand for the others."""
    sets = list(sets)
    assert not [each for each in quick if each not in sets]
    return [
        pytest.param(
            *(each if isinstance(each, tuple) else (each,)), marks=() if each in quick else pytest.mark.slow
        )
        for each in sets
    ]
