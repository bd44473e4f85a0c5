"""The look of charts: settings that leave no trace, and pictures of the right size."""

import io
import logging
import threading

import matplotlib as mpl
from PIL import Image

from tidings.charts.style.colors import GROUND
from tidings.charts.style.png import draw_png
from tidings.charts.style.theme import TEXT, WIDTH, open_figure, theme


def test_the_theme_leaves_no_trace():
    log = logging.getLogger("matplotlib.font_manager")
    before, level = dict(mpl.rcParams), log.level
    with theme():
        assert mpl.rcParams["font.family"][0] == "Source Sans 3"
    assert dict(mpl.rcParams) == before
    assert log.level == level


def test_the_theme_does_not_depend_on_settings_made_before():
    with mpl.rc_context({"axes.spines.top": True, "figure.facecolor": "black", "lines.marker": "o"}):
        with theme():
            assert mpl.rcParams["figure.facecolor"] == GROUND
            assert mpl.rcParams["lines.marker"] == "None"
        assert mpl.rcParams["lines.marker"] == "o"


def _drawn() -> bytes:
    with theme():
        figure = open_figure(256)
        figure.add_subplot().plot([1, 3, 2])
        return draw_png(figure)


def test_a_picture_is_twice_its_size_in_few_opaque_colours():
    image = Image.open(io.BytesIO(_drawn()))
    assert image.size == (1000, 512)
    assert image.mode == "P"
    assert len(image.getcolors()) <= 48
    assert image.convert("RGBA").getextrema()[3] == (255, 255)
    assert image.convert("RGB").getpixel((2, 2)) == (255, 255, 255)


def test_a_wide_picture_spans_two_columns():
    with theme():
        image = Image.open(io.BytesIO(draw_png(open_figure(300, wide=True))))
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


def test_words_are_legible_on_a_phone_and_no_larger_than_those_beside_them():
    pixels = TEXT / 72 * 100  # at the hundred dots an inch of an open figure
    assert pixels * 330 / WIDTH >= 10.5
    assert pixels <= 17  # a mail's column is 568 pixels wide, and shows a picture at its own width
    assert WIDTH <= 568
