"""Sections: the cells of a service that a tenant lacks are left out, headings and all."""

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tidings.notebook.sections import services_of, without_inactive


def _cell(make, source: str, *tags: str):
    return make(source, metadata={"tags": list(tags)})


NOTEBOOK = new_notebook(
    cells=[
        new_code_cell("edition = 1"),
        _cell(new_markdown_cell, "## Chatbot", "section-chatbot"),
        _cell(new_code_cell, "intents", "hide-input", "section-chatbot"),
        _cell(new_code_cell, "resolved", "section-chatbot", "section-contact-center"),
        _cell(new_code_cell, "footer", "hide-input"),
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


def test_a_tag_that_names_no_service_is_no_section():
    assert services_of(_cell(new_code_cell, "x", "section-sales", "parameters")) == set()
