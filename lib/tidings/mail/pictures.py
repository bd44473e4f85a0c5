"""The pictures of a mail: made smaller where all of them together have no room; none is ever dropped."""

import io
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from PIL import Image

from tidings.errors import DeliveryError
from tidings.mail.view import change_parts
from tidings.page.view import ReportView
from tidings.parts.part import Part, Picture
from tidings.parts.unreadable import UNREADABLE

_STEPS = ((1.0, 32), (1.0, 16), (0.75, 16), (0.5, 16), (0.5, 8), (0.35, 8), (0.25, 4), (0.15, 4))
"""Of what length each side is left, and how many colours."""

_PART_HEADERS = 350
_LINE = 57  # bytes in a line of base64, of 76 letters and its end


def fit_pictures(view: ReportView, room: int) -> ReportView:
    """The report with its pictures in as many bytes of a message as there is room.

    Only those are made smaller that take more than their share of the room: first with fewer colours, then
    with fewer pixels too. They are shown as large as before.

    Raises
    ------
    DeliveryError
        They have no room even so, or one cannot be read.
    """
    count = sum(1 for part in view.parts if part.image)
    for smaller in _attempts(view, room // max(count, 1)):
        if _encoded(smaller) <= room:
            return smaller
    raise DeliveryError(
        f"the mail's {count} pictures have no room in it, however small they are made",
        remedy="show fewer pictures in the notebook",
    )


def _attempts(view: ReportView, share: int) -> Iterator[ReportView]:
    """The report as it is, then with its large pictures smaller and smaller."""
    yield view
    for scale, colors in _STEPS:
        yield change_parts(view, partial(_made_smaller, share=share, scale=scale, colors=colors))


def _made_smaller(part: Part, share: int, scale: float, colors: int) -> Part:
    if not part.image or _bytes_in_message(part.image[1]) <= share:
        return part
    kind, data = part.image
    try:
        smaller = _encode(Image.open(io.BytesIO(data)), kind, scale, colors)
    except UNREADABLE as error:
        raise DeliveryError(
            f"a picture is too large for the mail, and cannot be read to be made smaller: {error}",
            where=getattr(part, "title", None) or getattr(part, "alt", None),
            remedy="show a smaller picture in the notebook",
        ) from error
    if len(smaller) >= len(data):
        return part
    return (
        replace(part, jpeg=smaller) if isinstance(part, Picture) and part.jpeg else replace(part, png=smaller)
    )


def _encode(image: Image.Image, kind: str, scale: float, colors: int) -> bytes:
    width, height = (max(round(length * scale), 1) for length in image.size)
    has_alpha = "A" in image.mode or "transparency" in image.info
    whole = image.convert("RGBA" if has_alpha and kind == "png" else "RGB")
    resized = whole if scale == 1 else whole.resize((width, height), Image.Resampling.LANCZOS)
    stream = io.BytesIO()
    if kind == "jpeg":
        resized.save(stream, "JPEG", quality=min(40 + colors, 75))
    else:
        palette = resized.quantize(colors, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        palette.save(stream, "PNG", optimize=True)
    return stream.getvalue()


def _encoded(view: ReportView) -> int:
    """The bytes of all the pictures within a message, each once."""
    return sum(map(_bytes_in_message, {part.image[1] for part in view.parts if part.image}))


def _bytes_in_message(data: bytes) -> int:
    return -(-len(data) // _LINE) * 78 + _PART_HEADERS
