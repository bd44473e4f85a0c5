"""The styles of foreign tables: what is kept of them, and what never comes through."""

import pytest

from tidings.page.markup import clean
from tidings.page.styles import safe_style

CELL = '<style>#t td {{ {} }}</style><table id="t"><tr><td>1</td></tr></table>'


@pytest.mark.parametrize(
    ("style", "kept"),
    [
        ("text-align: right; font-weight: bold", "text-align: right; font-weight: bold"),
        ("color: #b03c06", "background-color: #ffffff !important; color: #b03c06 !important"),
        ("background-color: yellow", "background-color: #ffff00 !important; color: #16202c !important"),
        ("color: rgb(999, 0, 0)", "background-color: #ffffff !important; color: #ff0000 !important"),
        ("background: rgb(0, 68, 27)", "background-color: #00441b !important; color: #ffffff !important"),
        (
            "background: linear-gradient(90deg, #9fd3c7 50%, transparent 50%)",
            "background: linear-gradient(90deg, #9fd3c7 50%, transparent 50%); "
            "background-color: #ffffff !important; color: #16202c !important",
        ),
    ],
)
def test_how_cells_are_set_and_their_colours_are_kept(style, kept):
    assert safe_style(style) == kept


@pytest.mark.parametrize(
    "style",
    [
        "color: black",
        "color: #333333; background-color: #FFFFFF",
        "background-color: transparent",
        "color: inherit",
    ],
)
def test_dark_words_on_white_are_left_to_the_page(style):
    assert safe_style(style) is None


@pytest.mark.parametrize(
    "style",
    [
        "position: fixed; top: 0",
        "background: url(https://example.com/x.png)",
        "background: linear-gradient(red, blue), url(//example.com)",
        "background-color: expression(alert(1))",
        "text-align: var(--x)",
        'text-align: "x"',
        "display: none; font-size: 0; opacity: 0",
        "-moz-binding: none; behavior: none",
        "text-align: \\75rl(x)",
        "text-align: " + "a" * 400,
    ],
)
def test_what_could_move_fetch_or_hide_anything_is_dropped(style):
    assert safe_style(style) is None


def test_a_style_sheet_before_a_table_is_written_into_its_cells():
    assert clean(CELL.format("background-color: yellow"), where="cell 1")[0] == (
        '<table><tbody><tr><td style="background-color: #ffff00 !important; color: #16202c !important">1</td>'
        "</tr></tbody></table>"
    )


def test_a_style_sheet_within_a_table_is_data_and_changes_nothing():
    html = "<table><tr><td>1<style>td { color: white }</style></td></tr></table>"
    assert clean(html, where="cell 1")[0] == "<table><tbody><tr><td>1</td></tr></tbody></table>"


def test_a_style_sheet_fetches_nothing():
    css = "} @import url(https://example.com/x.css); td { background: url(https://example.com/x.png)"
    assert "example.com" not in clean(CELL.format(css), where="cell 1")[0]
