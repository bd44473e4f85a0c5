"""The cells that are executed for a tenant, each at its own place, and the line in which one failed."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tidings.preview.cells import cells_to_execute, find_line


def notebook():
    return new_notebook(
        cells=[
            new_code_cell('tenant = "demo"', metadata={"tags": ["parameters"]}),
            new_markdown_cell("## Chatbot", metadata={"tags": ["section-chatbot"]}),
            new_code_cell("intents()"),
            new_markdown_cell("## Activity"),
            new_code_cell(""),
            new_code_cell("users()", outputs=[new_output("stream", text="7")], execution_count=3),
        ]
    )


@pytest.mark.parametrize(
    ("services", "places"), [(("activity",), [0, 5]), (("activity", "chatbot"), [0, 2, 5])]
)
def test_cells_keep_their_places_without_those_of_services_that_are_lacking(services, places):
    cells = cells_to_execute(notebook(), services, {})

    assert [place for place, _ in cells] == places
    assert cells[-1] == (5, "users()")


def test_the_tagged_cell_ends_by_setting_the_parameters():
    (_, source), *_ = cells_to_execute(notebook(), (), {"tenant": "it's", "unfinished": True})
    names: dict = {}
    exec(source, names)

    assert source.startswith('tenant = "demo"\n')
    assert (names["tenant"], names["unfinished"]) == ("it's", True)


def test_outputs_of_before_are_gone():
    executed = notebook()
    cells_to_execute(executed, (), {})

    assert (executed.cells[5].outputs, executed.cells[5].execution_count) == ([], None)


@pytest.mark.parametrize(
    ("traceback", "expected"),
    [
        ("\x1b[31mZeroDivisionError\x1b[39m\n\x1b[36mCell In[7], line 2\x1b[39m\n", (2, "half(0)")),
        ("#x1B[36mCell In[7], line 1#x1B[39m and Cell In[2], line 9", (1, "def half(n): return 1 / n")),
        ("  Cell In[1], line 9\n", (0, "")),
        ("no place at all", (0, "")),
    ],
)
def test_the_line_that_failed_is_found_in_the_cells_own_source(traceback, expected):
    assert find_line(traceback, "def half(n): return 1 / n\n  half(0)") == expected
