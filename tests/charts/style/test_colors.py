"""Colours that can be told apart and read, whatever a brand's is."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tidings.charts.style import colors as style

COLORS = st.integers(min_value=0, max_value=0xFFFFFF).map(lambda x: f"#{x:06x}")


def _luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (x / 12.92 if x <= 0.03928 else ((x + 0.055) / 1.055) ** 2.4 for x in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _on_white(color: str) -> float:
    return 1.05 / (_luminance(color) + 0.05)


@settings(deadline=None)
@given(COLORS)
def test_any_brand_gives_marks_and_words_that_stand_out_on_white(brand):
    colors = style.palette(brand)
    assert all(_on_white(color) >= 3 for color in (*colors.series, colors.missed))
    assert all(_on_white(style.text_color(color)) >= 4.5 for color in (*colors.series, colors.missed))


@settings(deadline=None)
@given(COLORS)
def test_any_brand_gives_four_series_of_which_no_two_are_alike(brand):
    series = style.palette(brand).series
    assert len(set(series)) == 4


def test_a_brand_that_is_dark_enough_is_kept():
    assert style.palette("#0B6E4F").accent == "#0b6e4f"


def test_a_pale_brand_is_darkened():
    accent = style.palette("#FFD400").accent
    assert accent != "#ffd400"
    assert 3 <= _on_white(accent) < 3.5


def test_an_orange_brand_is_not_taken_for_what_was_missed():
    colors = style.palette("#D55E00")
    assert colors.missed == style.WINE
    assert style.VERMILLION not in colors.series[1:]


def test_a_white_brand_is_not_taken_for_the_period_before():
    assert _on_white(style.palette("#ffffff").accent) >= 9
