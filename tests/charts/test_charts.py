"""The shapes by their names."""

import inspect
import warnings
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidings import charts
from tidings.errors import ChartError
from tidings.parts.part import Part

SHARED = {"__init__", "base", "figure", "frame", "headlines", "kinds", "reference"}
HEADLINES = {"count_languages", "name_top_intent", "show_recognised"}


def test_each_file_is_a_shape_exported_and_registered_under_its_name():
    files = {path.stem for path in Path(charts.__file__).parent.glob("*.py")} - SHARED
    assert set(charts.SHAPES) == files
    assert set(charts.__all__) == files | HEADLINES | {"SHAPES", "figure"}
    assert all(getattr(charts, name) is charts.SHAPES[name].show for name in files)


def test_a_shape_says_that_it_takes_a_frame_too():
    assert {"title", "unit", "definition", "edition"} <= set(inspect.signature(charts.trend).parameters)
    assert "edition : Edition" in charts.trend.__doc__


EXTREMES = st.sampled_from([0.0, -0.0, 1.0, 5e-324, 1e-310, 1e-200, 1e15, 1e300, float("nan"), float("inf")])
TINY = st.sampled_from([0.0, 5e-324, 1e-310])


@pytest.mark.parametrize("name", charts.SHAPES)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_the_smallest_and_largest_numbers_are_shown_or_refused_in_words(edition, name, data):
    shape, numbers = charts.SHAPES[name], data.draw(st.sampled_from([EXTREMES, TINY]))
    result = shape.takes.sample(edition())
    if isinstance(result.value, pd.DataFrame):
        table = result.value.copy()
        for column in table.select_dtypes("number"):
            table[column] = data.draw(st.lists(numbers, min_size=len(table), max_size=len(table)))
        result = replace(result, value=table)
    else:
        result = replace(result, value=data.draw(numbers), previous=data.draw(numbers))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            part = shape.show(result)
        except ChartError:
            return
    assert isinstance(part, Part)
