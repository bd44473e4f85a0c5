from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.ink import ink_of

from tidings.charts.draw.bar_rows import Bar, draw_bars
from tidings.charts.style.theme import PIXELS, theme

bars = st.builds(
    Bar,
    name=st.text(max_size=300),
    length=st.floats(0, 1),
    strong=st.sampled_from(["1", "58,204", "3 min 12 s"]),
    quiet=st.sampled_from(["", "<1%", "100%"]),
    color=st.just("#0B6E4F"),
    broken=st.booleans(),
)


def marks(figure, gid):
    return [artist for artist in figure.axes[0].get_children() if artist.get_gid() == gid]


def drawn(rows, **options):
    with theme():
        figure = draw_bars(rows, **options)
        figure.canvas.draw()
    return figure


def test_lengths_are_in_proportion():
    figure = drawn([Bar("a", 1, "4", "", "#0B6E4F"), Bar("b", 0.25, "1", "", "#0B6E4F")])
    long, short = (bar.get_width() for bar in marks(figure, "bar"))
    assert long == pytest.approx(4 * short)


def test_values_stand_at_the_ends_of_their_bars_or_in_a_column_beside_the_whole():
    rows = [Bar("a", 1, "4", "80%", "#0B6E4F"), Bar("b", 0.25, "1", "20%", "#0B6E4F")]
    free, column = (
        [text.get_position()[0] for text in marks(drawn(rows, track=track), "strong")]
        for track in (False, True)
    )
    assert free[0] > free[1]
    assert column[0] == column[1]


def test_a_broken_bar_is_cut():
    assert len(marks(drawn([Bar("a", 1, "4", "", "#0B6E4F", broken=True)]), "break")) == 2


@settings(max_examples=20, deadline=None)
@given(st.lists(bars, min_size=1, max_size=12), st.booleans(), st.booleans())
def test_nothing_leaves_the_picture_and_no_text_touches_another(rows, wide, track):
    figure = drawn(rows, wide=wide, track=track)
    width, height = (size * 100 * PIXELS for size in figure.get_size_inches())
    for name, strong, quiet in zip(*(marks(figure, gid) for gid in ("name", "strong", "quiet")), strict=True):
        boxes = [ink_of(text) for text in (name, strong, quiet) if text.get_text().strip()]
        for left, right in pairwise(boxes):
            assert left.x1 <= right.x0
        for box in boxes:
            assert -1 <= box.x0 <= box.x1 <= width + 1
            assert 0 <= box.y0 <= box.y1 <= height
