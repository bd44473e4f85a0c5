"""Sections: the cells of a service that a tenant lacks are left out, headings and all."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tidings.notebook.sections import services_of_cells, without_inactive


def _cell(make, source: str, *tags: str):
    return make(source, metadata={"tags": list(tags)})


NOTEBOOK = new_notebook(
    cells=[
        new_code_cell("edition = 1"),
        _cell(new_code_cell, "footer", "hide-input"),
        _cell(new_markdown_cell, "## Chatbot", "section-chatbot"),
        _cell(new_code_cell, "intents", "hide-input", "section-chatbot"),
        _cell(new_code_cell, "resolved", "section-chatbot", "section-contact-center"),
    ]
)


def _left(*services: str) -> list[str]:
    return [cell.source for cell in without_inactive(NOTEBOOK, services).cells]


def test_cells_without_a_section_are_in_every_report():
    assert _left("activity") == ["edition = 1", "footer"]


def test_a_cell_of_two_services_needs_both():
    assert "resolved" not in _left("chatbot")
    assert "resolved" in _left("chatbot", "contact-center")


def test_the_notebook_that_was_given_stays_as_it_was():
    without_inactive(NOTEBOOK, ())
    assert len(NOTEBOOK.cells) == 5


def _needed(*cells) -> list[set[str]]:
    return [set(services) for services in services_of_cells(new_notebook(cells=list(cells)))]


def test_a_tag_on_a_heading_holds_until_the_next_of_its_level():
    assert _needed(
        new_code_cell("header"),
        _cell(new_markdown_cell, "## Activity\n\nWords.", "section-activity"),
        new_code_cell("messages"),
        new_markdown_cell("### Peaks"),
        new_code_cell("peaks"),
        _cell(new_markdown_cell, "Chatbot\n-------", "section-chatbot"),
        new_code_cell("intents"),
        new_markdown_cell("## Notes"),
        new_code_cell("notes"),
    ) == [set(), *[{"activity"}] * 4, *[{"chatbot"}] * 2, set(), set()]


def test_a_subheading_with_a_tag_has_its_own_as_far_as_it_reaches():
    assert _needed(
        _cell(new_markdown_cell, "## Contact Center", "section-contact-center"),
        _cell(new_markdown_cell, "### Bots", "section-chatbot"),
        new_code_cell("bots"),
        new_markdown_cell("### Agents"),
        new_code_cell("agents"),
        new_markdown_cell("# The end"),
    ) == [{"contact-center"}, {"chatbot"}, {"chatbot"}, {"contact-center"}, {"contact-center"}, set()]


def test_a_cell_below_a_heading_needs_what_it_is_tagged_with_as_well():
    assert _needed(
        _cell(new_markdown_cell, "## Contact Center", "section-contact-center"),
        _cell(new_code_cell, "resolved", "section-chatbot"),
        new_code_cell("agents"),
    ) == [{"contact-center"}, {"contact-center", "chatbot"}, {"contact-center"}]


@pytest.mark.parametrize("words", ["No heading.", "```\n## in code\n```", "#hash"])
def test_a_tag_on_words_is_of_their_cell_alone(words):
    cells = _cell(new_markdown_cell, words, "section-chatbot"), new_code_cell("x")
    assert _needed(*cells) == [{"chatbot"}, set()]
