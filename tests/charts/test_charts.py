"""The shapes by their names."""

import inspect
from pathlib import Path

from tidings import charts

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
