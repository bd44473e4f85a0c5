from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.sheets import box_of, ink_of, named, texts

from tidings.charts.draw.bands import Label, draw_flow, wrap
from tidings.charts.style.colors import GROUND, PALE, mix

HEADINGS = ["Entry point", "Start flow", "First intent"]
LONG = "A campaign with a name that goes on and on, and then on"


def drawn(rows, name="Welcome menu", headings=HEADINGS, **options):
    flows = pd.DataFrame(rows, columns=[0, 1, 2, "value"])
    for column in (0, 1, 2):
        flows[column] = flows[column].rank(method="dense").astype(int) - 1
    labels = [[Label(name, "3,900 · 45%", "#0B6E4F")] * flows[column].nunique() for column in (0, 1, 2)]
    return draw_flow(flows, labels, headings, **options)


def boxes(sheet, name):
    """Where the shapes of a name lie."""
    return [shape.path.get_extents() for shape in named(sheet, name)]


def test_each_band_keeps_its_own_height_from_node_to_node():
    heights = []
    for path in [band.path for band in named(drawn([(0, 0, 0, 3), (1, 0, 0, 1)]), "band")]:
        left, right = path.vertices[0], path.vertices[3]
        assert path.vertices[7][1] - left[1] == pytest.approx(path.vertices[4][1] - right[1])
        heights.append(path.vertices[7][1] - left[1])
    of_all, of_three, of_one = sorted(heights, reverse=True)
    assert of_three + of_one == pytest.approx(of_all)
    assert of_three == pytest.approx(3 * of_one)


def test_the_first_bands_have_the_colours_of_their_nodes_and_the_others_are_pale():
    bands = named(drawn([(0, 0, 0, 3)]), "band")
    assert [band.color for band in bands] == [mix("#0B6E4F", GROUND, 0.7), PALE]


def test_there_is_a_heading_for_each_column():
    assert texts(drawn([(0, 0, 0, 1)]), "heading") == ["Entry point", "Start flow", "First intent"]


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("name", ["Menu", "Welcome menu in store"])
def test_headings_of_longer_languages_are_whole_and_apart(name, wide):
    titles = ["Punto de entrada", "Flujo de inicio", "Primera intención"]
    sheet = drawn([(0, 0, 0, 1)], name, titles, wide=wide)
    assert texts(sheet, "heading") == titles
    left, middle, right = map(box_of, named(sheet, "heading"))
    assert left.x0 >= 0
    assert left.x1 < middle.x0
    assert middle.x1 < right.x0


def test_a_node_too_small_to_see_still_has_a_mark():
    nodes = boxes(drawn([(0, 0, 0, 10**9), (1, 0, 0, 1)]), "node")
    assert min(box.height for box in nodes) == pytest.approx(1)


def test_a_long_name_is_on_two_lines_and_only_what_does_not_fit_there_is_cut():
    assert wrap("Black Friday", 110) == ["Black Friday"]
    assert wrap("Campaign: Black Friday", 110) == ["Campaign:", "Black Friday"]
    first, second = wrap(LONG, 110)
    assert first == "A campaign"
    assert second.endswith("…")
    [one_word] = wrap("Donaudampfschifffahrtsgesellschaft", 110)
    assert one_word.endswith("…")
    assert wrap("Question about the i… a contract, part 12", 110)[1].endswith("…part 12")


ranks = st.integers(0, 5)


@settings(max_examples=6, deadline=None)
@given(
    st.lists(st.tuples(ranks, ranks, ranks, st.integers(1, 10**6)), min_size=1, max_size=40),
    st.sampled_from([LONG, "Pay", "استفسار عن الرصيد الحالي في الحساب الجاري"]),
    st.booleans(),
)
def test_no_label_touches_another_and_nothing_leaves_the_picture(rows, name, wide):
    sheet = drawn(rows, name, wide=wide)
    words = [ink_of(word) for word in named(sheet, "name", "numbers", "heading")]
    nodes, bands = boxes(sheet, "node"), boxes(sheet, "band")
    for box in [*words, *nodes]:
        assert -0.5 <= box.x0 <= box.x1 <= sheet.width + 0.5
        assert -0.5 <= box.y0 <= box.y1 <= sheet.height + 0.5
    assert not any(one.overlaps(other) for one, other in combinations(words, 2))
    assert not any(word.overlaps(box) for word in words for box in [*nodes, *bands])
