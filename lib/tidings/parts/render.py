"""Turns one part of a report into a fragment: HTML for the page or the mail, or plain text."""

import base64
from functools import cache
from typing import Any, Literal

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, TemplateNotFound, UndefinedError
from markupsafe import Markup

from tidings.errors import ReportError

_CONTROL = dict.fromkeys((*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0)))

Medium = Literal["page", "mail", "text"]


def render(
    content: dict[str, Any],
    png: bytes | None,
    medium: Medium,
    *,
    picture: str | None = None,
    alone: bool = True,
) -> str:
    """A part as a reader of the given medium sees it.

    Parameters
    ----------
    content : dict
        The part's content: plain JSON with a ``kind``. All its text is escaped, but for `Markup`.
    png : bytes, optional
        The part's picture, carried inside the fragment as a ``data:`` URI unless `picture` says otherwise.
    medium : {"page", "mail", "text"}
        What the fragment is for. Fragments of the mail are laid out in tables, and carry classes whose
        rules the message writes into each element.
    picture : str, optional
        The address of the picture, such as ``cid:…`` in a mail.
    alone : bool
        Whether a fragment of the page brings the style it needs, as in JupyterLab; the page itself holds
        that style once.

    Raises
    ------
    ReportError
        The kind is unknown, or the content lacks what the kind needs.
    """
    try:
        fragment = _template(medium, content.get("kind")).render(
            part=content, picture=picture or data_uri(png)
        )
    except UndefinedError as error:
        raise ReportError(
            f"a part of kind {content['kind']!r} is incomplete: {error}", remedy="give the part that field"
        ) from error
    return _with_style(fragment) if medium == "page" and alone else fragment


def data_uri(png: bytes | None) -> str | None:
    """A PNG as an address that holds the picture itself."""
    return f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}" if png else None


def stylesheet(name: str) -> Markup:
    """The text of one of the package's style sheets, safe inside ``<style>``."""
    return Markup(_environment(escape=False).get_template(name).render())


def _with_style(fragment: str) -> str:
    return f'<style>{stylesheet("parts/page/style.css")}</style><div class="tidings alone">{fragment}</div>'


def _template(medium: Medium, kind: str | None) -> Template:
    try:
        return _environment(escape=medium != "text").get_template(f"parts/{medium}/{kind}.j2")
    except TemplateNotFound as error:
        raise ReportError(
            f"there is no way to show a part of kind {kind!r} in the {medium}",
            remedy="use the functions of tidings.charts, which make parts of known kinds",
        ) from error


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
