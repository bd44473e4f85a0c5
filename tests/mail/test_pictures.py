import io
import random

import pytest
from PIL import Image

from tidings.errors import DeliveryError
from tidings.mail.pictures import fit_pictures
from tidings.page.view import ReportView, Section
from tidings.parts.part import Picture


def _noise(mode="RGB", form="PNG", size=(600, 400)):
    pixels = random.Random(1).randbytes(size[0] * size[1] * len(mode))
    stream = io.BytesIO()
    Image.frombytes(mode, size, pixels).save(stream, form)
    return stream.getvalue()


def _view(make, *parts):
    return ReportView(make.header, (Section(None, parts),), None)


def _fitted(make, part, room):
    return fit_pictures(_view(make, part), room).sections[0].parts[0]


def test_pictures_that_have_room_are_left_alone(make):
    view = _view(make, Picture("Waits", 600, 400, png=_noise()))
    assert fit_pictures(view, 2_000_000) is view


def test_colours_go_before_pixels(make):
    picture = _fitted(make, Picture("Waits", 600, 400, png=_noise()), 250_000)
    image = Image.open(io.BytesIO(picture.png))
    assert (image.size, len(image.getcolors())) == ((600, 400), 32)


@pytest.mark.parametrize("room", [80_000, 20_000, 5_000])
def test_then_pixels_go_and_it_is_shown_as_large(make, room):
    picture = _fitted(make, Picture("Waits", 600, 400, png=_noise()), room)
    assert len(picture.png) < room
    assert Image.open(io.BytesIO(picture.png)).size < (600, 400)
    assert (picture.width, picture.height) == (600, 400)


def test_a_photograph_stays_one(make):
    picture = _fitted(make, Picture("Waits", 600, 400, jpeg=_noise(form="JPEG")), 30_000)
    assert (picture.png, Image.open(io.BytesIO(picture.jpeg)).format) == (None, "JPEG")
    assert len(picture.jpeg) < 30_000


def test_what_is_clear_stays_clear(make):
    picture = _fitted(make, Picture("Logo", 600, 400, png=_noise("RGBA")), 100_000)
    assert Image.open(io.BytesIO(picture.png)).convert("RGBA").getextrema()[3][0] < 255


def test_too_many_pictures_are_refused(make):
    with pytest.raises(DeliveryError, match="1 pictures have no room"):
        _fitted(make, Picture("Waits", 600, 400, png=_noise()), 400)


def test_a_large_picture_that_cannot_be_read_is_refused_by_its_name(make):
    with pytest.raises(DeliveryError, match="Waits: a picture is too large") as caught:
        _fitted(make, Picture("Waits", 600, 400, png=bytes(9000)), 5_000)
    assert caught.value.remedy
