"""Turns one part of a report into a fragment: HTML for JupyterLab, or plain text."""

import base64
from functools import cache
from typing import Any, Literal

from babel import Locale
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tidings.language.catalogue import ENGLISH
from tidings.language.locale import reader_locale
from tidings.language.sentences import isolate, say, say_count
from tidings.parts.compiled import CompiledTemplates
from tidings.parts.lines import lines, listed
from tidings.parts.part import Part

_CONTROL = dict.fromkeys((*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0)))

Medium = Literal["page", "text"]


def render(part: Part, medium: Medium, *, locale: Locale | None = None, rows: int = 10) -> str:
    """A part alone, as JupyterLab shows it or as plain text: page and mail are rendered by their exporters.

    Parameters
    ----------
    part : Part
        All its text is escaped in HTML, but for `Markup`; its picture is held in the fragment.
    medium : {"page", "text"}
        What the fragment looks like. One of the page brings the style that it needs.
    locale : Locale, optional
        Of the words that stand around those of the part; English, as analysts read it, unless given.
    rows : int
        How many rows of a table stand in plain text.
    """
    locale = locale or reader_locale(ENGLISH)
    if medium == "text":
        template = _environment(escape=False).get_template(f"parts/text/{part.kind}.j2")
        return template.render(part=part, locale=locale, rows=rows)
    pages = _environment(escape=True)
    style = "".join(pages.get_template(f"parts/page/{name}.css").render() for name in ("style", "alone"))
    fragment = pages.get_template(f"parts/page/{part.kind}.j2").render(
        part=part, locale=locale, picture=data_uri(part), lone=False
    )
    return f'<style>{style}</style><div class="tidings alone">{fragment}</div>'


def compile_parts() -> None:
    """Compile the templates of parts that stand alone, so that they are kept for all processes."""
    for escape, folder in ((True, "parts/page"), (False, "parts/text")):
        environment = _environment(escape=escape)
        for name in environment.list_templates():
            if name.startswith(folder):
                environment.get_template(name)


def page_style() -> str:
    """The style sheet of parts on a page."""
    return _environment(escape=True).get_template("parts/page/style.css").render()


def data_uri(part: Part) -> Markup | None:
    """A part's picture as an address that holds it; None where it has none."""
    if part.image is None:
        return None
    subtype, data = part.image
    return Markup(f"data:image/{subtype};base64,{base64.b64encode(data).decode('ascii')}")


def printable(value: Any) -> Any:
    """Text without control characters, which are no part of a name, and which HTML forbids.

    `Markup` is left as it is: it was printed before, or has lost them where it was cleaned.
    """
    return value.translate(_CONTROL) if type(value) is str else value


SETTINGS: dict[str, Any] = {
    "bytecode_cache": CompiledTemplates(),
    "undefined": StrictUndefined,
    "finalize": printable,
    "trim_blocks": True,
    "lstrip_blocks": True,
}
"""Of every Jinja environment that the templates of parts are rendered in."""

WORDS: dict[str, Any] = {"say": say, "say_count": say_count}
"""By which templates say what stands in no part, in the language of the ``locale`` that they are given."""


@cache
def _environment(*, escape: bool) -> Environment:
    environment = Environment(loader=PackageLoader("tidings.parts"), autoescape=escape, **SETTINGS)
    environment.filters |= {"lines": lines, "listed": listed, "isolated": isolate}
    environment.globals |= WORDS
    return environment
