"""Reads what a cell shows as parts: what neither page nor mail can show is refused, and never passed over."""

import base64
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import resvg_py
from bs4 import BeautifulSoup
from markupsafe import Markup
from nbformat import NotebookNode
from PIL import Image

from tidings.errors import ReportError
from tidings.notebook.scraps import is_scrap
from tidings.page.markup import blocks, clean, from_markdown
from tidings.parts.bundle import read_bundle
from tidings.parts.part import Chart, Frame, Header, Heading, Part, Picture, Prose
from tidings.parts.render import printable
from tidings.parts.unreadable import UNREADABLE

_PICTURES = ("image/png", "image/jpeg", "image/svg+xml")
_SHARPNESS = 2  # pixels of a drawing for each that is shown
_DPI = 96  # of CSS: figures of matplotlib are measured in points
_MOST_PIXELS = 80_000_000  # of which the memory has room; where it has not, drawing ends the process
_ROOT = re.compile(r"<svg\b[^>]*>", re.IGNORECASE)
_SIZE = re.compile(r"""(?<![\w-])(width|height|viewBox)\s*=\s*["']([^"']*)""")
_LENGTH = re.compile(r"\s*(\d*\.?\d+(?:e[+-]?\d+)?)\s*([a-z]*|%)\s*", re.IGNORECASE)
_UNITS = {"pt": 4 / 3, "pc": 16, "em": 16, "ex": 8, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96}  # in pixels
_ACTING = ["script", "iframe", "object", "embed", "audio", "canvas"]  # what is left says: Loading…
_NAMES = {
    "application/vnd.vega": "a Vega or Altair chart",
    "application/vnd.plotly": "a Plotly figure",
    "application/vnd.bokeh": "a Bokeh figure",
    "application/vnd.jupyter.widget": "a widget",
    "application/geo+json": "a map",
    "application/javascript": "a script",
    "text/latex": "a formula in LaTeX",
}
_TITLED = "give the figure a title, or show it by charts.figure(figure, title=…, alt=what it shows)"
_DRAWN_BY = {
    "a Plotly figure": "have its picture taken: pip install 'tidings[plotly]', with Chrome or Chromium there",
    "a Vega or Altair chart": "have its picture drawn: pip install 'tidings[altair]'",
}
_INSTEAD = (
    "show a picture (PNG, JPEG or SVG), an HTML table or Markdown in its place; "
    "or hide what the cell shows by the tag remove-output"
)


def read_output(output: NotebookNode, where: str) -> Iterator[Part]:
    """The parts that an output of a cell is read as.

    Of what an output offers, a part is preferred, then a picture, then HTML, then Markdown. Printed text,
    scraps and bare values (``text/plain`` alone) are no parts.

    Parameters
    ----------
    output : NotebookNode
        An output of an executed cell that ended in no error.
    where : str
        The place named in an error.

    Raises
    ------
    ReportError
        A picture has no alternative text, a part is not as it should be, or page and mail cannot show what it
        is.
    """
    data = output.get("data", {})
    picture = next((kind for kind in _PICTURES if kind in data), None)
    if is_scrap(data):
        return
    if part := read_bundle(data, where=where):
        yield _described(part, output.metadata.get("image/png", {}), where)
    elif picture:
        yield _picture(data[picture], picture, output.metadata.get(picture, {}), where)
    elif "text/html" in data:
        yield _frame(data["text/html"], where, _name(data))
    elif "text/markdown" in data:
        yield from read_prose(data["text/markdown"], where)
    elif set(data) - {"text/plain"}:
        raise _refusal(_name(data), where)


def read_prose(source: str, where: str) -> Iterator[Heading | Prose]:
    """The parts of a Markdown text: headings of the first two levels, and the prose between them.

    Raises
    ------
    ReportError
        A picture stands in the text.
    """
    for is_heading, group in blocks(from_markdown(source, where=where)):
        text = "\n".join(" ".join(node.get_text().split()) for node in group)
        yield Heading(text) if is_heading else Prose(Markup(printable("\n".join(map(str, group)))), text)


def _described(part: Part, metadata: dict[str, Any], where: str) -> Part:
    if isinstance(part, Picture):
        alt = str(metadata.get("alt", "")).strip()
        part = replace(part, alt=alt, alt_is_made=False) if alt else part
        if not part.png:
            raise ReportError("a picture is lost", where=where, remedy="execute the notebook again")
        if not part.alt.strip():
            raise ReportError("a picture has no alternative text", where=where, remedy=_TITLED)
    if isinstance(part, Chart) and not part.png:
        raise ReportError("a chart has lost its picture", where=where, remedy="execute the notebook again")
    if isinstance(part, Chart | Header) and part.png and not (part.alt or "").strip():
        raise ReportError("a picture has no alternative text", where=where, remedy="give the chart a finding")
    return part


def _picture(encoded: str, mimetype: str, metadata: dict[str, Any], where: str) -> Picture:
    alt = str(metadata.get("alt", "")).strip()
    if not alt:
        example = f'display(figure, metadata={{"{mimetype}": {{"alt": "what the picture shows"}}}})'
        raise ReportError("a picture has no alternative text", where=where, remedy=f"give it one: {example}")
    try:
        if mimetype == "image/svg+xml":
            _refuse_too_large(_drawn_size(encoded), where)
            data = resvg_py.svg_to_bytes(svg_string=encoded, zoom=_SHARPNESS, dpi=_DPI, background="#ffffff")
        else:
            data = base64.b64decode(encoded)
        with Image.open(BytesIO(data)) as picture:
            pixels = picture.size
            _refuse_too_large(pixels, where)
            picture.load()
    except Image.DecompressionBombError:
        _refuse_too_large((_MOST_PIXELS, 2), where)
    except UNREADABLE as error:
        raise ReportError(f"a picture cannot be read as {mimetype}", where=where, remedy=_INSTEAD) from error
    scale = _SHARPNESS if mimetype == "image/svg+xml" else 1
    width, height = (
        metadata[side] if type(metadata.get(side)) is int and metadata[side] > 0 else length // scale
        for side, length in zip(("width", "height"), pixels, strict=True)
    )
    if mimetype == "image/jpeg":
        return Picture(alt, width, height, jpeg=data)
    return Picture(alt, width, height, png=data)


def _drawn_size(svg: str) -> tuple[float, float]:
    """How many pixels a drawing would have to each side, as its root says it; 0 where that says nothing."""
    root = _ROOT.search(svg)
    said = dict(_SIZE.findall(root[0]) if root else ())
    box = re.split(r"[\s,]+", said.get("viewBox", "").strip())[2:] or ("0", "0")
    across, down = map(float, box)
    width, height = _length(said.get("width"), across), _length(said.get("height"), down)
    if across and down:  # by which the other side follows where one is said
        width = width or (height * across / down if height else across)
        height = height or width * down / across
    return _SHARPNESS * width, _SHARPNESS * height


def _length(said: str | None, whole: float) -> float:
    """A length in pixels, of which a percentage is one of the whole; 0 where none is said."""
    found = _LENGTH.fullmatch(said or "")
    if not found:
        return 0
    return float(found[1]) * (whole / 100 if found[2] == "%" else _UNITS.get(found[2].lower(), 1))


def _refuse_too_large(pixels: tuple[float, float], where: str) -> None:
    if math.prod(pixels) > _MOST_PIXELS:
        raise ReportError(
            f"a picture has more than {_MOST_PIXELS:,} pixels", where=where, remedy="show it smaller"
        )


def _frame(html: str, where: str, name: str) -> Frame:
    cleaned, text = clean(html, where=where)
    if not text and not BeautifulSoup(cleaned, "html.parser").find("table"):
        raise _refusal(f"{name}, of which nothing is left", where)
    if BeautifulSoup(html, "html.parser").find(_ACTING):
        raise _refusal(f"{name} that takes a script or a player to be seen whole", where)
    return Frame("Table", Markup(printable(str(cleaned))), text)


def _name(data: dict[str, Any]) -> str:
    """What an output is, as people call it, or by its MIME types."""
    for mimetype in data:
        for prefix, name in _NAMES.items():
            if mimetype.startswith(prefix):
                return name
    return " and ".join(sorted(set(data) - {"text/plain"}))


def _refusal(name: str, where: str) -> ReportError:
    remedy = "; or ".join(filter(None, [_DRAWN_BY.get(name), _INSTEAD]))
    return ReportError(f"neither page nor mail can show {name}", where=where, remedy=remedy)
