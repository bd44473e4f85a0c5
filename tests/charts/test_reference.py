"""The documentation of the shapes is theirs."""

from support.projects import CHECKOUT

from tidings.charts import SHAPES
from tidings.charts.reference import shapes_page


def test_the_committed_page_is_the_one_that_the_shapes_make():
    page = (CHECKOUT / "docs" / "shapes.md").read_text("utf-8")
    assert page == shapes_page(), "docs/shapes.md is stale: run make docs"


def test_every_shape_is_on_the_page_with_what_it_takes():
    page = shapes_page()
    for name, shape in SHAPES.items():
        assert f"## {name}\n" in page
        assert shape.takes.words in page
