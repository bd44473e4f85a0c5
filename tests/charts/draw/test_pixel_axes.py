import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidings.charts.draw.pixel_axes import cut, fit, open_pixel_axes, text_width
from tidings.charts.style.theme import PIXELS, theme


@given(st.text(max_size=50), st.integers(1, 60))
def test_a_text_is_cut_to_its_room_and_no_further(text, room):
    short = cut(text, room, len)
    assert len(short) <= max(room, 1)
    if len(text) <= room:
        assert short == text
    else:
        assert short.endswith("…")
        assert text.startswith(short[:-1])


def test_a_character_of_several_code_points_is_never_split():
    family = "👩‍👩‍👧"
    assert cut(family * 3, len(family) + 3, len) == family + "…"


def test_the_end_of_a_name_can_be_kept():
    assert cut("Ana Maria Ruiz (a-00000001)", 15, len, tail=7) == "Ana Mar…000001)"


def test_a_text_is_measured_in_the_page_s_pixels():
    with theme():
        one, two = (text_width(text, fontsize=12) for text in ("mm", "mmmm"))
        drawn = open_pixel_axes(100, wide=False).text(0, 50, "mmmm", fontsize=12).get_window_extent()
    assert two == pytest.approx(2 * one, rel=0.05)
    assert two == pytest.approx(drawn.width / PIXELS)


def test_a_long_name_fits_its_room():
    with theme():
        assert text_width(fit("m" * 300, 120, fontsize=12), fontsize=12) <= 120


def test_a_sheet_is_measured_from_its_top_left_corner():
    with theme():
        axes = open_pixel_axes(100, wide=True)
    assert (axes.get_xlim(), axes.get_ylim()) == ((0, 800), (100, 0))
