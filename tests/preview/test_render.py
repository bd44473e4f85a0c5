"""What is seen in the preview: documents as they look in the dark or on paper, mails with their pictures."""

import re

import pytest

from tidings.preview.render import in_media

STYLED = """\
<meta name="color-scheme" content="light dark">
<style>
p { color: black; }
@media (prefers-color-scheme: dark) { p { color: white; } }
@media (prefers-color-scheme: light) { p { color: gray; } }
@media print { p { color: blue; } }
@media only screen and (max-width: 480px) { p { color: red; } }
@media (max-width: 480px) { p { color: green; } }
</style>
<p>@media print { is said in a text }</p>
"""


def conditions(html: str) -> list[str]:
    """The conditions of the style sheet's rules, in order."""
    style = re.search("<style>.*</style>", html, re.DOTALL)[0]
    return [found.strip() for found in re.findall(r"@media ([^{]*)", style)]


@pytest.mark.parametrize(
    ("dark", "printed", "expected"),
    [
        (False, False, ["not all", "(min-width: 0)", "not all", "only all and (max-width: 480px)"]),
        (True, False, ["(min-width: 0)", "not all", "not all", "only all and (max-width: 480px)"]),
        (False, True, ["not all", "(min-width: 0)", "all", "not all"]),
    ],
)
def test_what_a_style_sheet_asks_of_its_medium_is_settled(dark, printed, expected):
    assert conditions(in_media(STYLED, dark=dark, printed=printed)) == [*expected, "(max-width: 480px)"]


def test_controls_and_grounds_follow_the_scheme_and_texts_are_left_alone():
    shown = in_media(STYLED, dark=True, printed=True)

    assert '<meta name="color-scheme" content="dark">' in shown
    assert "<p>@media print { is said in a text }</p>" in shown
