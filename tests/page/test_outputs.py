import base64
import io
import struct
import zlib

import pytest
from matplotlib.figure import Figure
from nbformat.v4 import new_output
from PIL import Image

from tidings.errors import ReportError
from tidings.page.outputs import read_output
from tidings.parts.part import Frame, Heading, Picture, Prose

ALT = {"alt": "Waits by hour"}
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200">'
    '<rect width="150" height="200" fill="#ff0000"/><script>alert(1)</script></svg>'
)


def _read(data, **metadata):
    return list(read_output(new_output("display_data", data, metadata=metadata), "cell 3"))


def _jpeg():
    stream = io.BytesIO()
    Image.new("RGB", (300, 200), "red").save(stream, "JPEG")
    return stream.getvalue()


def test_a_drawing_becomes_a_sharp_picture_on_white():
    (part,) = _read({"image/svg+xml": SVG, "text/plain": "<Figure>"}, **{"image/svg+xml": ALT})
    picture = Image.open(io.BytesIO(part.png)).convert("RGB")
    assert (part.alt, part.width, part.height, picture.size) == ("Waits by hour", 300, 200, (600, 400))
    assert (picture.getpixel((100, 200)), picture.getpixel((500, 200))) == ((255, 0, 0), (255, 255, 255))


def test_a_figure_of_matplotlib_has_the_size_that_browsers_give_it():
    stream, figure = io.StringIO(), Figure(figsize=(6, 4))
    figure.subplots().plot([1, 2, 3])
    figure.savefig(stream, format="svg")
    (part,) = _read({"image/svg+xml": stream.getvalue()}, **{"image/svg+xml": ALT})
    assert (part.width, part.height) == (576, 384)
    assert Image.open(io.BytesIO(part.png)).convert("L").getextrema()[0] < 50


def test_a_jpeg_stays_one():
    data = {"image/jpeg": base64.b64encode(_jpeg()).decode(), "text/plain": "<Image>"}
    assert _read(data, **{"image/jpeg": ALT}) == [Picture("Waits by hour", 300, 200, jpeg=_jpeg())]


@pytest.mark.parametrize("width", ["150", None, -1, 1.5, True, "x"])
def test_a_size_that_is_none_is_that_of_the_pixels(width):
    data = {"image/jpeg": base64.b64encode(_jpeg()).decode()}
    (part,) = _read(data, **{"image/jpeg": ALT | {"width": width}})
    assert (part.width, part.height) == (300, 200)


def test_of_several_forms_the_picture_is_shown_and_of_text_the_table():
    picture = {"image/jpeg": base64.b64encode(_jpeg()).decode(), "application/vnd.plotly.v1+json": {}}
    assert isinstance(_read(picture, **{"image/jpeg": ALT})[0], Picture)
    table = {"text/html": "<table><tr><td>1</td></tr></table>", "text/latex": "x", "text/plain": "1"}
    assert isinstance(_read(table)[0], Frame)
    assert list(map(type, _read({"text/markdown": "## So\n\n*it* is"}))) == [Heading, Prose]


@pytest.mark.parametrize("data", [{}, {"text/plain": "5"}, {"application/scrapbook.scrap.json+json": {}}])
def test_bare_values_and_scraps_are_no_parts(data):
    assert _read(data) == []


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ({"application/vnd.vegalite.v5+json": {}, "text/plain": "<Chart>"}, "a Vega or Altair chart"),
        ({"application/vnd.plotly.v1+json": {}, "text/html": "<script>x</script>"}, "a Plotly figure"),
        ({"application/vnd.jupyter.widget-view+json": {}, "text/plain": "Button()"}, "a widget"),
        ({"application/javascript": "alert(1)"}, "a script"),
        ({"application/geo+json": {}, "text/plain": "<GeoJSON>"}, "a map"),
        ({"text/latex": "$x$", "text/plain": "x"}, "a formula in LaTeX"),
        ({"application/pdf": "JVBE"}, "application/pdf"),
        ({"image/gif": "R0lG", "text/plain": "<Image>"}, "image/gif"),
        ({"text/html": "<div id='x'></div><script>draw()</script>"}, "text/html, of which nothing is left"),
        ({"text/html": "<iframe src='https://example.com'></iframe>"}, "text/html, of which nothing is left"),
        ({"text/html": "<table><tr><td>Loading…</td></tr></table><script>fill()</script>"}, "text/html that"),
        ({"text/html": "<p>Trust this notebook</p><iframe srcdoc='<b>map</b>'></iframe>"}, "text/html that"),
        (
            {"text/html": "<audio src='x'>Your browser plays no sound</audio>"},
            "text/html that takes a script",
        ),
    ],
)
def test_what_page_and_mail_cannot_show_is_refused_with_what_can_be_shown(data, what):
    with pytest.raises(ReportError, match=f"cell 3: neither page nor mail can show {what}") as caught:
        _read(data)
    assert "PNG, JPEG or SVG" in caught.value.remedy
    assert "remove-output" in caught.value.remedy


@pytest.mark.parametrize("mimetype", ["image/png", "image/jpeg", "image/svg+xml"])
def test_a_picture_without_alternative_text_says_how_to_give_it_one(mimetype):
    with pytest.raises(ReportError, match="cell 3: a picture has no alternative text") as caught:
        _read({mimetype: SVG})
    assert f'display(figure, metadata={{"{mimetype}": {{"alt":' in caught.value.remedy


@pytest.mark.parametrize("mimetype", ["image/png", "image/jpeg", "image/svg+xml"])
@pytest.mark.parametrize("data", ["", "AAAA", "<p>"])
def test_a_picture_that_is_none_is_refused(mimetype, data):
    with pytest.raises(ReportError, match="cell 3: a picture cannot be read"):
        _read({mimetype: data}, **{mimetype: ALT})


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_that_was_cut_off_is_refused(kind):
    stream, mimetype = io.BytesIO(), f"image/{kind.lower()}"
    Image.effect_noise((60, 40), 100).save(stream, kind)
    whole = stream.getvalue()
    _read({mimetype: base64.b64encode(whole).decode()}, **{mimetype: ALT})
    with pytest.raises(ReportError, match=f"cell 3: a picture cannot be read as {mimetype}"):
        _read({mimetype: base64.b64encode(whole[: len(whole) // 2]).decode()}, **{mimetype: ALT})


def _empty_png(width, height):
    """A picture of which nothing but the size is there."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")]
    packed = (struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks)
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(packed)).decode()


@pytest.mark.parametrize("size", [(10_000, 8_001), (20_000, 20_000)])
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(size):
    with pytest.raises(ReportError, match="cell 3: a picture has more than 80,000,000 pixels"):
        _read({"image/png": _empty_png(*size)}, **{"image/png": ALT})


@pytest.mark.parametrize(
    "size",
    [
        'width="100000000" height="100000000"',
        "width='200in' height='200in'",
        'viewBox="0 0 1e8 1e8"',
        'width="100" viewBox="0,0,10,1e9"',
        'width="6000" viewBox="0 0 10 10"',
        'height="6000" viewBox="0 0 10 10"',
        'width="100%" height="100%" viewBox="0 0 90000 90000"',
    ],
)
def test_a_drawing_of_too_many_pixels_is_refused_before_it_is_drawn(size):
    svg = f'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" {size}><path d="M0 0"/></svg>'
    with pytest.raises(ReportError, match="cell 3: a picture has more than 80,000,000 pixels"):
        _read({"image/svg+xml": svg}, **{"image/svg+xml": ALT})
