"""The look of charts: colours that can be told apart and read, fonts, pictures."""

import io
import logging
import threading

import matplotlib as mpl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tidings.charts.style import theme

COLORS = st.integers(min_value=0, max_value=0xFFFFFF).map(lambda x: f"#{x:06x}")


def _luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (x / 12.92 if x <= 0.03928 else ((x + 0.055) / 1.055) ** 2.4 for x in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _on_white(color: str) -> float:
    return 1.05 / (_luminance(color) + 0.05)


@given(COLORS)
def test_any_brand_gives_marks_and_words_that_stand_out_on_white(brand):
    colors = theme.palette(brand)
    assert all(_on_white(color) >= 3 for color in (*colors.series, colors.missed))
    assert all(_on_white(theme.text_color(color)) >= 4.5 for color in (*colors.series, colors.missed))


@given(COLORS)
def test_any_brand_gives_four_series_of_which_no_two_are_alike(brand):
    series = theme.palette(brand).series
    assert len(set(series)) == 4


def test_a_brand_that_is_dark_enough_is_kept():
    assert theme.palette("#0B6E4F").accent == "#0b6e4f"


def test_a_pale_brand_is_darkened():
    accent = theme.palette("#FFD400").accent
    assert accent != "#ffd400"
    assert 3 <= _on_white(accent) < 3.5


def test_an_orange_brand_is_not_taken_for_what_was_missed():
    colors = theme.palette("#D55E00")
    assert colors.missed == theme.WINE
    assert theme.VERMILLION not in colors.series[1:]


def test_a_white_brand_is_not_taken_for_the_period_before():
    assert _on_white(theme.palette("#ffffff").accent) >= 9


def test_the_theme_leaves_no_trace():
    log = logging.getLogger("matplotlib.font_manager")
    before, level = dict(mpl.rcParams), log.level
    with theme.theme():
        assert mpl.rcParams["font.family"][0] == "Source Sans Pro"
    assert dict(mpl.rcParams) == before
    assert log.level == level


def test_the_theme_does_not_depend_on_settings_made_before():
    with mpl.rc_context({"axes.spines.top": True, "figure.facecolor": "black", "lines.marker": "o"}):
        with theme.theme():
            assert mpl.rcParams["figure.facecolor"] == theme.GROUND
            assert mpl.rcParams["lines.marker"] == "None"
        assert mpl.rcParams["lines.marker"] == "o"


def _drawn() -> bytes:
    with theme.theme():
        figure = theme.figure(256)
        figure.add_subplot().plot([1, 3, 2])
        return theme.picture(figure)


def test_a_picture_is_twice_its_size_in_few_opaque_colours():
    image = Image.open(io.BytesIO(_drawn()))
    assert image.size == (1136, 512)
    assert image.mode == "P"
    assert len(image.getcolors()) <= 48
    assert image.convert("RGBA").getextrema()[3] == (255, 255)
    assert image.convert("RGB").getpixel((2, 2)) == (255, 255, 255)


def test_a_wide_picture_spans_two_columns():
    with theme.theme():
        image = Image.open(io.BytesIO(theme.picture(theme.figure(300, wide=True))))
    assert image.size == (1600, 600)


def test_a_picture_has_the_same_bytes_each_time_and_says_nothing_about_its_making():
    assert _drawn() == _drawn()
    assert Image.open(io.BytesIO(_drawn())).info.keys() <= {"transparency"}


def test_threads_draw_the_same_pictures():
    pictures = []
    threads = [threading.Thread(target=lambda: pictures.append(_drawn())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(pictures) == {_drawn()}


@pytest.mark.parametrize("text", ["Añadir saldo", "$x_1$", "Оплата", "4,210 · 45%", "e\u0301"])
def test_what_the_fonts_have_is_drawn(text):
    assert theme.drawable(text) == text


def test_what_no_font_has_becomes_one_dot_a_character():
    unknown = "\U0001f469\u200d\U0001f469\u200d\U0001f467"  # a family, of one character as people count
    assert theme.drawable(f"a {unknown} b {chr(0x10FFFD)}") == "a · b ·"


def test_a_name_is_drawn_on_one_line():
    assert theme.drawable("a\nb\t\x00c\u2028d") == "a b c d"


@settings(max_examples=200)
@given(st.text(max_size=20))
def test_nothing_drawn_lacks_a_glyph(text):
    assert all(ord(mark) in theme._characters() for mark in theme.drawable(text))


def test_only_the_fonts_that_a_text_needs_are_searched():
    few, all_of_them = theme.families("Añadir 4,210"), theme.families()
    assert few == ("Source Sans Pro", "DejaVu Sans")
    assert set(few) <= set(all_of_them)
    letters = [chr(point) for point in (0x5D0, 0x628, 0x905) if point in theme._characters()]
    for letter in letters:
        assert any(ord(letter) in theme._glyphs(family) for family in theme.families(letter))
