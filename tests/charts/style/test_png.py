import io

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from tidings.charts.style.png import MOST, encode_png


def _chart():
    """A pale ground, a rule, smoothed marks and words, drawn large and made small."""
    image = Image.new("RGB", (1200, 800), "#ffffff")
    pen = ImageDraw.Draw(image)
    pen.rectangle((600, 0, 900, 800), fill="#f5f7f9")
    for number, color in enumerate(("#0b6e4f", "#d55e00", "#0072b2")):
        pen.ellipse((100 + 300 * number, 200, 300 + 300 * number, 500), fill=color)
    pen.text((50, 600), "Incoming Messages 7,765", fill="#17212b", font_size=80)
    return image.resize((300, 200), Image.Resampling.LANCZOS)


def _pixels(image):
    return np.asarray(image.convert("RGBA"))


def _reduced(image):
    return Image.open(io.BytesIO(encode_png(_pixels(image))))


def _distance(image, other):
    pairs = (np.asarray(picture.convert("RGB"), dtype=float) for picture in (image, other))
    return np.sqrt((np.subtract(*pairs) ** 2).sum(axis=2))


def test_grounds_and_marks_keep_their_colours_and_edges_stay_close():
    chart = _chart()
    reduced = _reduced(chart)
    colors = {color for _, color in reduced.convert("RGB").getcolors()}
    assert {(255, 255, 255), (245, 247, 249), (11, 110, 79), (213, 94, 0), (0, 114, 178)} <= colors
    assert len(colors) <= MOST < len(chart.getcolors(1 << 20))
    assert _distance(chart, reduced).max() < 60
    assert np.sqrt((_distance(chart, reduced) ** 2).mean()) <= 2


def test_a_plain_picture_needs_one_colour():
    plain = _reduced(Image.new("RGB", (4, 3), "#17212b"))
    assert plain.convert("RGB").getcolors() == [(12, (23, 33, 43))]


@settings(max_examples=50)
@given(st.lists(st.tuples(*[st.integers(0, 255)] * 3), min_size=1, max_size=200))
def test_any_pixels_make_a_picture_of_their_own_colours(pixels):
    image = Image.new("RGB", (len(pixels), 1))
    image.putdata(pixels)
    colors = _reduced(image).convert("RGB").getcolors()
    assert len(colors) <= MOST
    assert {color for _, color in colors} <= set(pixels)


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 4))
def test_a_file_holds_each_pixel_at_its_place(width, height, colors):
    strong = np.array([(0, 0, 0), (255, 0, 0), (0, 255, 0), (0, 0, 255)], dtype=np.uint8)
    image = Image.fromarray(strong[np.arange(width * height).reshape(height, width) % colors], "RGB")
    assert _reduced(image).convert("RGB").tobytes() == image.tobytes()
