import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidings.charts.draw.alluvial import Room, lay_out


def frame(rows):
    flows = pd.DataFrame(rows, columns=["entry", "flow", "intent", "value"])
    for column in ("entry", "flow", "intent"):
        flows[column] = flows[column].rank(method="dense").astype(int) - 1
    return flows


def room(rows, height, label, gap):
    """The room of a diagram whose labels are all alike."""
    return Room(height, tuple((label,) * rows[column].nunique() for column in rows.columns[:3]), gap)


ranks = st.integers(0, 5)
flows = st.lists(st.tuples(ranks, ranks, ranks, st.integers(1, 10**6)), min_size=1, max_size=60).map(frame)


def test_one_path_fills_the_height():
    diagram = lay_out(frame([(0, 0, 0, 7)]), Room(300, ((34,),) * 3, 6))
    assert [(node.top, node.height) for node in diagram.nodes] == [(0, 300)] * 3
    assert [(band.source_top, band.target_top, band.height) for band in diagram.bands] == [(0, 0, 300)] * 2


def test_two_entries_into_one_flow_are_stacked_in_their_order():
    diagram = lay_out(frame([(0, 0, 0, 3), (1, 0, 0, 1)]), Room(84, ((10, 10), (10,), (10,)), 4))
    first, second = diagram.column(0)
    assert (first.top, first.height, second.top, second.height) == (0, 60, 64, 20)
    assert [(b.source_top, b.target_top) for b in diagram.bands if b.column == 0] == [(0, 2), (64, 62)]


def test_a_small_node_gets_the_room_of_its_label_and_keeps_its_true_height():
    diagram = lay_out(frame([(0, 0, 0, 999), (1, 0, 0, 1)]), Room(250, ((40, 40), (40,), (40,)), 10))
    large, small = diagram.column(0)
    assert large.height == pytest.approx(200)
    assert small.height == pytest.approx(200 / 999)
    assert small.middle == pytest.approx(230)


def test_a_label_of_two_lines_has_more_room_than_one_beside_it():
    diagram = lay_out(frame([(0, 0, 0, 1), (1, 0, 0, 1)]), Room(100, ((60, 30), (30,), (30,)), 10))
    first, second = diagram.column(0)
    assert (first.middle, second.middle) == (30, 85)


def test_labels_that_cannot_fit_are_refused():
    with pytest.raises(ValueError, match="2 labels"):
        lay_out(frame([(0, 0, 0, 1), (1, 0, 0, 1)]), Room(50, ((30, 30), (30,), (30,)), 0))


@settings(max_examples=25, deadline=None)
@given(flows)
def test_the_bands_at_each_side_of_a_node_are_as_high_as_the_node(flows):
    diagram = lay_out(flows, room(flows, 300, 34, 6))
    for node in diagram.nodes:
        out = [band for band in diagram.bands if (band.column, band.source) == (node.column, node.key)]
        into = [band for band in diagram.bands if (band.column + 1, band.target) == (node.column, node.key)]
        for bands in (side for side in (out, into) if side):
            assert sum(band.height for band in bands) == pytest.approx(node.height)


@settings(max_examples=25, deadline=None)
@given(flows)
def test_bands_touch_a_node_one_under_another(flows):
    diagram = lay_out(flows, room(flows, 300, 34, 6))
    for node in diagram.nodes:
        bands = [band for band in diagram.bands if (band.column, band.source) == (node.column, node.key)]
        edge = node.top
        for band in sorted(bands, key=lambda band: band.source_top):
            assert band.source_top == pytest.approx(edge, abs=1e-6)
            edge += band.height


@settings(max_examples=25, deadline=None)
@given(flows)
def test_nodes_and_labels_neither_overlap_nor_leave_the_room(flows):
    diagram = lay_out(flows, room(flows, 300, 34, 6))
    for column in range(3):
        bottom = -6
        for node in diagram.column(column):
            reach = max(node.height, 34) / 2
            assert node.middle - reach >= bottom + 6 - 1e-6
            bottom = node.middle + reach
        assert bottom <= 300 + 1e-6


@settings(max_examples=25, deadline=None)
@given(flows)
def test_every_column_holds_the_whole(flows):
    diagram = lay_out(flows, room(flows, 300, 34, 6))
    for column in range(3):
        assert sum(node.value for node in diagram.column(column)) == flows["value"].sum()
        assert sum(node.height for node in diagram.column(column)) == pytest.approx(
            flows["value"].sum() * diagram.scale
        )
