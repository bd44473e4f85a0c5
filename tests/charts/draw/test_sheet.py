"""From marks to a picture."""

import io
import threading

import matplotlib as mpl
import numpy as np
from matplotlib.path import Path
from PIL import Image

from tidings.charts.draw.sheet import Box, Dots, Line, Shape, Sheet, Word, rectangle

ACCENT, ORANGE, WHITE = (11, 110, 79), (213, 94, 0), (255, 255, 255)


def png(*marks, height=100, wide=False):
    sheet = Sheet(height, wide)
    sheet.add(*marks)
    return sheet.png()


def picture(*marks, **size):
    return Image.open(io.BytesIO(png(*marks, **size))).convert("RGB")


def chart():
    line = Line("line", np.array([(20, 80), (200, 20), (400, 60)]), "#0B6E4F", 3)
    return line, Word("value", "4,210", 200, 18, bold=True, align=0.5, apart=True)


def test_a_picture_is_twice_its_size_in_few_opaque_colours():
    image = Image.open(io.BytesIO(png(*chart(), height=256)))
    assert image.size == (1000, 512)
    assert image.mode == "P"
    assert len(image.getcolors()) <= 48
    assert image.convert("RGBA").getextrema()[3] == (255, 255)
    assert image.convert("RGB").getpixel((2, 2)) == WHITE


def test_a_wide_picture_spans_two_columns():
    assert picture(height=300, wide=True).size == (1600, 600)


def test_a_picture_has_the_same_bytes_each_time_and_says_nothing_about_its_making():
    assert png(*chart()) == png(*chart())
    assert Image.open(io.BytesIO(png(*chart()))).info.keys() <= {"transparency"}


def test_a_picture_does_not_depend_on_matplotlibs_settings_and_leaves_them_as_they_were():
    usual, before = png(*chart()), dict(mpl.rcParams)
    with mpl.rc_context({"path.simplify": False, "path.snap": False, "text.antialiased": False}):
        changed = dict(mpl.rcParams)
        assert png(*chart()) == usual
        assert dict(mpl.rcParams) == changed
    assert dict(mpl.rcParams) == before


def test_threads_draw_the_same_pictures():
    pictures = []
    threads = [threading.Thread(target=lambda: pictures.append(png(*chart()))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(pictures) == {png(*chart())}


def test_a_shape_fills_the_pixels_that_it_encloses_and_no_others():
    drawn = picture(Shape("column", rectangle(10, 20, 30, 40), "#0B6E4F"))
    assert drawn.getpixel((20, 40)) == drawn.getpixel((79, 119)) == ACCENT
    assert drawn.getpixel((19, 40)) == drawn.getpixel((80, 119)) == drawn.getpixel((79, 120)) == WHITE


def test_what_is_added_later_lies_above():
    green, orange = (Shape("column", rectangle(10, 20, 30, 40), color) for color in ("#0B6E4F", "#D55E00"))
    assert picture(green, orange).getpixel((60, 80)) == ORANGE
    assert picture(orange, green).getpixel((60, 80)) == ACCENT


def test_a_line_breaks_at_a_gap_and_ends_with_its_box():
    points = np.array([(0, 50), (100, 50), (150, np.nan), (200, 50), (300, 50)])
    drawn = picture(Line("line", points, "#0B6E4F", 4, clip=Box(20, 0, 250, 50)))
    assert drawn.getpixel((100, 98)) == drawn.getpixel((450, 98)) == ACCENT
    assert drawn.getpixel((300, 98)) == WHITE
    assert drawn.getpixel((30, 98)) == drawn.getpixel((510, 98)) == drawn.getpixel((100, 101)) == WHITE


def test_a_dash_and_the_gap_after_it_are_as_long_as_they_say():
    drawn = picture(Line("goal", np.array([(0, 50), (100, 50)]), "#0B6E4F", 2, dash=(10, 5)))
    assert [drawn.getpixel((x, 100)) for x in (10, 25, 40)] == [ACCENT, WHITE, ACCENT]


def test_a_dot_has_a_white_ring_around_it():
    ground = Shape("ground", rectangle(0, 0, 500, 100), "#0B6E4F")
    drawn = picture(ground, Dots("points", np.array([(100, 50)]), "#D55E00", 8, ring=2))
    assert [drawn.getpixel((x, 100)) for x in (200, 208, 212)] == [ORANGE, WHITE, ACCENT]


def test_a_word_stands_on_its_baseline_and_is_aligned():
    for align, left, right in ((0, 200, 250), (0.5, 175, 225), (1, 150, 200)):
        drawn = np.asarray(picture(Word("name", "Hamlet", 200, 50, "#000000", align=align)).convert("L"))
        rows, columns = np.nonzero(drawn < 128)
        assert rows.max() == 99
        assert abs(columns.min() / 2 - left) <= 3
        assert abs(columns.max() / 2 - right) <= 6


def test_a_word_that_is_kept_apart_has_white_around_its_letters_and_only_there():
    ground = Shape("ground", rectangle(0, 0, 500, 100), "#0B6E4F")
    drawn = np.asarray(picture(ground, Word("value", "l", 200, 50, "#000000", apart=True)))
    rows, columns = np.nonzero((drawn == 0).all(axis=2))
    middle, left = rows[len(rows) // 2], columns.min()
    assert tuple(drawn[middle, left - 3]) == WHITE
    assert tuple(drawn[middle, left - 6]) == ACCENT


def test_what_leaves_the_sheet_is_not_seen():
    for x, y in ((-10, 50), (495, 50), (200, 2), (200, 105)):
        assert picture(Word("name", "Hamlet", x, y, apart=True)).size == (1000, 200)
    for x, y in ((-900, 50), (900, 50), (200, -900), (200, 900)):
        assert png(Word("name", "Hamlet", x, y)) == png()


def test_a_curved_shape_is_smooth_at_its_edge():
    circle = Path(Path.unit_circle().vertices * 30 + (100, 50), Path.unit_circle().codes)
    assert len(picture(Shape("band", circle, "#0B6E4F")).getcolors()) > 2
