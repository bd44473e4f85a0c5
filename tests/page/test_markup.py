import pytest

from tidings.errors import ReportError
from tidings.page.markup import blocks, clean, from_markdown


def _html(source):
    return "".join(map(str, from_markdown(source, where="cell 1")))


def test_markdown_keeps_emphasis_lists_tables_and_links():
    assert "<em>wrote</em>" in _html("People *wrote*.")
    assert "<li>one</li>" in _html("- one\n- two")
    assert "<th>a</th>" in _html("| a | b |\n|---|---|\n| 1 | 2 |")
    assert '<a href="https://example.com">here</a>' in _html("[here](https://example.com)")


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        '<p onclick="alert(1)">x</p>',
        "<style>p{}</style>",
    ],
)
def test_nothing_that_acts_comes_through(source):
    html = _html(source)
    assert "alert" not in html or "<" not in html.replace("<p>", "").replace("</p>", "").replace("<a>", "")
    assert not any(word in html for word in ("<script", "javascript:", "onclick", "<style"))


def test_a_data_frame_loses_its_style_and_border():
    rows = "<tbody><tr><th>n</th></tr></tbody>"
    frame = f'<div><style scoped>.x{{}}</style><table border="1" class="dataframe">{rows}</table></div>'
    assert clean(frame, where="cell 2") == (f"<table>{rows}</table>", "n")


@pytest.mark.parametrize(
    "source", ["![x](https://example.com/x.png)", "![x](attachment:x.png)", "<svg></svg>"]
)
def test_a_picture_in_text_is_refused_with_its_cell(source):
    with pytest.raises(ReportError, match="cell 3") as caught:
        from_markdown(source, where="cell 3")
    assert "display" in caught.value.remedy


def test_headings_of_two_levels_stand_alone():
    found = blocks(from_markdown("intro\n\n# One\n\na\n\nb\n\n## Two\n\n### Three", where="cell 1"))
    assert [(is_heading, [node.name for node in nodes]) for is_heading, nodes in found] == [
        (False, ["p"]),
        (True, ["h1"]),
        (False, ["p", "p"]),
        (True, ["h2"]),
        (False, ["h3"]),
    ]


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("<blink>x</blink> <custom-tag>y</custom-tag>", "x y"),
        ('<p style="color: red" class="x" id="y" onclick="z()">x</p>', "<p>x</p>"),
        ('<a href="javascript:alert(1)">x</a>', "<a>x</a>"),
        ('<a href="jAvAsCrIpT&#58;alert(1)">x</a>', "<a>x</a>"),
        ('<a href="data:text/html,x">x</a>', "<a>x</a>"),
        ('<a href="http://example.com">x</a>', "<a>x</a>"),
        ('<a href="mailto:ana@example.com" target="_blank">x</a>', '<a href="mailto:ana@example.com">x</a>'),
        ("<template><b>x</b></template><noscript>y</noscript><title>z</title>", ""),
        ('<iframe src="https://example.com">x</iframe><object data="x">y</object>', ""),
        ("<!-- a comment -->x", "x"),
        ("a < b & c &lt; d", "a &lt; b &amp; c &lt; d"),
        ('<form action="https://example.com"><input name="x">y</form>', "y"),
        ("<b>not closed", "<b>not closed</b>"),
    ],
)
def test_html_is_reduced_to_what_a_mail_can_show(source, shown):
    assert clean(source, where="cell 4")[0] == shown
