from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.ink import ink_of

from tidings.charts.draw.alluvial import lay_out
from tidings.charts.draw.bands import Label, draw_flow, room_for
from tidings.charts.style.theme import PIXELS, theme

HEADINGS = ["Entry point", "Start flow", "First intent"]
LONG = "A campaign with a name that goes on and on, and then on"


def drawn(rows, name="Welcome menu", **options):
    flows = pd.DataFrame(rows, columns=[0, 1, 2, "value"])
    for column in (0, 1, 2):
        flows[column] = flows[column].rank(method="dense").astype(int) - 1
    room = room_for(max(flows[column].nunique() for column in (0, 1, 2)))
    diagram = lay_out(flows, room)
    labels = {(node.column, node.key): Label(name, "3,900 · 45%", "#0B6E4F") for node in diagram.nodes}
    with theme():
        figure = draw_flow(diagram, labels, HEADINGS, **options)
        figure.canvas.draw()
    return diagram, figure


def marks(figure, *gids):
    return [artist for artist in figure.axes[0].get_children() if artist.get_gid() in gids]


def test_each_band_runs_from_its_node_to_the_next_at_its_own_height():
    diagram, figure = drawn([(0, 0, 0, 3), (1, 0, 0, 1)])
    [bands] = marks(figure, "bands")
    for band, path in zip(sorted(diagram.bands, key=lambda b: -b.height), bands.get_paths(), strict=True):
        left, right = path.vertices[0], path.vertices[3]
        assert path.vertices[7][1] - left[1] == pytest.approx(band.height)
        assert path.vertices[4][1] - right[1] == pytest.approx(band.height)
        assert right[1] - left[1] == pytest.approx(band.target_top - band.source_top)


def test_there_is_a_heading_for_each_column():
    _, figure = drawn([(0, 0, 0, 1)])
    assert [text.get_text() for text in marks(figure, "heading")] == [
        "ENTRY POINT",
        "START FLOW",
        "FIRST INTENT",
    ]


def test_a_node_too_small_to_see_still_has_a_mark():
    _, figure = drawn([(0, 0, 0, 10**9), (1, 0, 0, 1)])
    assert min(node.get_height() for node in marks(figure, "node")) == 1


ranks = st.integers(0, 5)


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.tuples(ranks, ranks, ranks, st.integers(1, 10**6)), min_size=1, max_size=40),
    st.sampled_from([LONG, "Pay", "استفسار عن الرصيد الحالي في الحساب الجاري"]),
    st.booleans(),
)
def test_no_label_touches_another_and_nothing_leaves_the_picture(rows, name, wide):
    _, figure = drawn(rows, name, wide=wide)
    width, height = (size * 100 * PIXELS for size in figure.get_size_inches())
    boxes = [ink_of(mark) for mark in marks(figure, "name", "numbers", "heading")]
    for box in [*boxes, *(mark.get_window_extent() for mark in marks(figure, "node"))]:
        assert -1 <= box.x0 <= box.x1 <= width + 1
        assert -1 <= box.y0 <= box.y1 <= height + 1
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))
