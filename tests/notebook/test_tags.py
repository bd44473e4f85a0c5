"""Tags: which hide what a cell shows, and which are refused since they were meant to."""

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tidings.errors import ReportError
from tidings.notebook.tags import check_tags, is_hidden


@pytest.mark.parametrize(
    "tag",
    [
        *("remove-cell", "remove_cell", "remove-output", "remove_output"),
        *("hide-cell", "hide_cell", "hide-output", "hide_output"),
        *("parameters", "injected-parameters"),
    ],
)
def test_tags_that_hide(tag):
    assert is_hidden(new_code_cell("x", metadata={"tags": ["mine", tag]}))


@pytest.mark.parametrize("metadata", [{"jupyter": {"outputs_hidden": True}}, {"collapsed": True}])
def test_what_jupyterlab_has_collapsed_is_hidden(metadata):
    assert is_hidden(new_code_cell("x", metadata=metadata))


@pytest.mark.parametrize(
    "tag", ["hide-input", "remove_input", "remove-stderr", "section-activity", "raises-exception", "draft"]
)
def test_other_tags_hide_nothing_and_are_taken(tag):
    cell = new_code_cell("x", metadata={"tags": [tag], "jupyter": {"outputs_hidden": False}})
    check_tags(new_notebook(cells=[cell]))
    assert not is_hidden(cell)


@pytest.mark.parametrize(
    ("tag", "nearest"),
    [
        ("hide-outputs", "hide-output"),
        ("Remove-Cell", "remove-cell"),
        ("remove-celll", "remove-cell"),
        ("hide output", "hide-output"),
        ("hide-everything", "hide-"),
        ("section-contactcenter", "section-contact-center"),
        ("section_chatbot", "section-chatbot"),
        ("section-sales", "section-"),
        ("parameter", "parameters"),
    ],
)
def test_a_tag_that_looks_like_one_of_ours_and_is_none_is_refused_with_the_nearest(tag, nearest):
    cells = [new_code_cell("x"), new_code_cell("y", metadata={"tags": ["mine", tag]})]
    with pytest.raises(ReportError, match=f"cell 2: the tag '{tag}' is not known") as caught:
        check_tags(new_notebook(cells=cells))
    assert f"write '{nearest}" in caught.value.remedy
