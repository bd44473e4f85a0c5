from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from support.ink import ink_of

from tidings.charts.draw.bands import Label, draw_flow, wrap
from tidings.charts.style.colors import GROUND, PALE, mix
from tidings.charts.style.theme import PIXELS, theme

HEADINGS = ["Entry point", "Start flow", "First intent"]
LONG = "A campaign with a name that goes on and on, and then on"


def drawn(rows, name="Welcome menu", headings=HEADINGS, **options):
    flows = pd.DataFrame(rows, columns=[0, 1, 2, "value"])
    for column in (0, 1, 2):
        flows[column] = flows[column].rank(method="dense").astype(int) - 1
    labels = [[Label(name, "3,900 · 45%", "#0B6E4F")] * flows[column].nunique() for column in (0, 1, 2)]
    with theme():
        figure = draw_flow(flows, labels, headings, **options)
        figure.canvas.draw()
    return figure


def marks(figure, *gids):
    return [artist for artist in figure.axes[0].get_children() if artist.get_gid() in gids]


def boxes(collection):
    """Where the outlines of a collection lie, in the picture's pixels."""
    to_pixels = collection.get_transform()
    return [path.get_extents(to_pixels) for path in collection.get_paths()]


def test_each_band_keeps_its_own_height_from_node_to_node():
    [bands] = marks(drawn([(0, 0, 0, 3), (1, 0, 0, 1)]), "bands")
    heights = []
    for path in bands.get_paths():
        left, right = path.vertices[0], path.vertices[3]
        assert path.vertices[7][1] - left[1] == pytest.approx(path.vertices[4][1] - right[1])
        heights.append(path.vertices[7][1] - left[1])
    of_all, of_three, of_one = sorted(heights, reverse=True)
    assert of_three + of_one == pytest.approx(of_all)
    assert of_three == pytest.approx(3 * of_one)


def test_the_first_bands_have_the_colours_of_their_nodes_and_the_others_are_pale():
    [bands] = marks(drawn([(0, 0, 0, 3)]), "bands")
    assert [to_hex(color) for color in bands.get_facecolors()] == [mix("#0B6E4F", GROUND, 0.7), PALE.lower()]


def test_there_is_a_heading_for_each_column():
    headings = marks(drawn([(0, 0, 0, 1)]), "heading")
    assert [text.get_text() for text in headings] == ["Entry point", "Start flow", "First intent"]


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("name", ["Menu", "Welcome menu in store"])
def test_headings_of_longer_languages_are_whole_and_apart(name, wide):
    titles = ["Punto de entrada", "Flujo de inicio", "Primera intención"]
    headings = marks(drawn([(0, 0, 0, 1)], name, titles, wide=wide), "heading")
    assert [text.get_text() for text in headings] == titles
    left, middle, right = (text.get_window_extent() for text in headings)
    assert left.x0 >= 0
    assert left.x1 < middle.x0
    assert middle.x1 < right.x0


def test_a_node_too_small_to_see_still_has_a_mark():
    [nodes] = marks(drawn([(0, 0, 0, 10**9), (1, 0, 0, 1)]), "nodes")
    assert min(box.height for box in boxes(nodes)) == pytest.approx(PIXELS)


def test_a_long_name_is_on_two_lines_and_only_what_does_not_fit_there_is_cut():
    with theme():
        assert wrap("Black Friday", 110) == ["Black Friday"]
        assert wrap("Campaign: Black Friday", 110) == ["Campaign:", "Black Friday"]
        first, second = wrap(LONG, 110)
        assert first == "A campaign"
        assert second.endswith("…")
        [one_word] = wrap("Donaudampfschifffahrtsgesellschaft", 110)
        assert one_word.endswith("…")
        assert wrap("Question about the i… a contract, part 12", 110)[1].endswith("…part 12")


ranks = st.integers(0, 5)


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.tuples(ranks, ranks, ranks, st.integers(1, 10**6)), min_size=1, max_size=40),
    st.sampled_from([LONG, "Pay", "استفسار عن الرصيد الحالي في الحساب الجاري"]),
    st.booleans(),
)
def test_no_label_touches_another_and_nothing_leaves_the_picture(rows, name, wide):
    figure = drawn(rows, name, wide=wide)
    width, height = (size * 100 * PIXELS for size in figure.get_size_inches())
    words = [ink_of(mark) for mark in marks(figure, "name", "numbers", "heading")]
    [nodes], [bands] = marks(figure, "nodes"), marks(figure, "bands")
    for box in [*words, *boxes(nodes)]:
        assert -1 <= box.x0 <= box.x1 <= width + 1
        assert -1 <= box.y0 <= box.y1 <= height + 1
    assert not any(one.overlaps(other) for one, other in combinations(words, 2))
    assert not any(word.overlaps(box) for word in words for box in [*boxes(nodes), *boxes(bands)])
