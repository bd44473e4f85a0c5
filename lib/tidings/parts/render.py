"""Turns one part of a report into a fragment: HTML for the page or the mail, or plain text."""

import base64
from functools import cache
from typing import Any, Literal

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tidings.parts.part import Part

_CONTROL = dict.fromkeys((*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0)))

Medium = Literal["page", "mail", "text"]


def render(
    part: Part, medium: Medium, *, picture: str | None = None, alone: bool = True, lone: bool = False
) -> str:
    """A part as a reader of the given medium sees it.

    Parameters
    ----------
    part : Part
        All its text is escaped, but for `Markup`.
    medium : {"page", "mail", "text"}
        What the fragment is for. Fragments of the mail are laid out in tables, and carry classes whose
        rules the message writes into each element.
    picture : str, optional
        The address of the picture, such as ``cid:…`` in a mail; in place of a ``data:`` URI that holds it.
    alone : bool
        Whether a fragment of the page brings the style it needs, as in JupyterLab; the page itself holds
        that style once.
    lone : bool
        Whether it has no neighbour on the page to stand beside.
    """
    template = _environment(escape=medium != "text").get_template(f"parts/{medium}/{part.kind}.j2")
    fragment = template.render(part=part, picture=picture or data_uri(part.png), lone=lone)
    return _with_style(fragment) if medium == "page" and alone else fragment


def data_uri(png: bytes | None) -> str | None:
    """A PNG as an address that holds the picture itself."""
    return f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}" if png else None


def stylesheet(name: str) -> Markup:
    """The text of one of the package's style sheets, safe inside ``<style>``."""
    return Markup(_environment(escape=False).get_template(name).render())


def _with_style(fragment: str) -> str:
    return f'<style>{stylesheet("parts/page/style.css")}</style><div class="tidings alone">{fragment}</div>'


@cache
def _environment(*, escape: bool) -> Environment:
    return Environment(
        loader=PackageLoader("tidings.parts"),
        autoescape=escape,
        undefined=StrictUndefined,
        finalize=_printable,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _printable(value: Any) -> Any:
    """Control characters are no part of a name, and HTML forbids them."""
    return value.translate(_CONTROL) if isinstance(value, str) else value
