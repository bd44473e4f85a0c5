"""Markdown and foreign HTML, reduced to the elements that a page and a mail can both carry safely."""

import re
from collections.abc import Iterator
from itertools import groupby

import mistune
import nh3
from babel import Locale
from bs4 import BeautifulSoup, Tag
from css_inline import CSSInliner
from markupsafe import Markup

from tidings.errors import ReportError
from tidings.language.catalogue import translate
from tidings.page.styles import safe_style

_TEXT = frozenset(
    {"a", "b", "blockquote", "br", "code", "em", "hr", "i", "p", "pre", "s", "strong", "sub", "sup", "u"}
)
_LISTS = frozenset({"dd", "dl", "dt", "li", "ol", "ul"})
_TABLES = frozenset({"caption", "table", "tbody", "td", "tfoot", "th", "thead", "tr"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_ATTRIBUTES = {
    "a": {"href"},
    "th": {"scope", "colspan", "rowspan", "style"},
    "td": {"colspan", "rowspan", "style"},
}
_WORDS = re.compile(r"^(?P<mark>#{1,6} +)(?P<heading>.+)$|^[^\s#].*(?:\n[^\s#].*)*", re.MULTILINE)
_UNSEEN = ["script", "style", "template", "noscript", "title", "iframe", "object"]


def read_words(source: str) -> Iterator[str]:
    """What a Markdown text says, to be translated: its headings and paragraphs, each on one line."""
    return (_line(found) for found in _WORDS.finditer(source))


def translate_markdown(source: str, locale: Locale) -> str:
    """A Markdown text with the headings and paragraphs that a catalogue has in the reader's language.

    Others, such as an analyst's own, stay as they are.
    """

    def replace(found: re.Match[str]) -> str:
        said = translate(_line(found), locale)
        return found[0] if said == _line(found) else f"{found['mark'] or ''}{said}"

    return _WORDS.sub(replace, source)


def _line(found: re.Match[str]) -> str:
    return " ".join((found["heading"] or found[0]).split())


def from_markdown(source: str, *, where: str) -> list[Tag]:
    """The top-level elements of a Markdown text.

    Parameters
    ----------
    source : str
        Markdown with tables and strike-through; HTML in it is reduced like any other.
    where : str
        The place named in an error.

    Raises
    ------
    ReportError
        The text shows a picture: it would have no place in the mail, or be fetched from another site.
    """
    html = str(mistune.create_markdown(escape=False, plugins=["table", "strikethrough"])(source))
    soup = BeautifulSoup(_reduced(html, where), "html.parser")
    return [node for node in soup.children if isinstance(node, Tag)]


def blocks(nodes: list[Tag]) -> list[tuple[bool, list[Tag]]]:
    """Consecutive elements together, each heading of the first two levels by itself, marked True."""
    grouped = groupby(enumerate(nodes), key=lambda pair: pair[0] + 1 if pair[1].name in ("h1", "h2") else 0)
    return [(key > 0, [node for _, node in group]) for key, group in grouped]


def clean(html: str, *, where: str) -> tuple[Markup, str]:
    """Foreign HTML, such as a data frame's: marked safe to show, and as plain text.

    Raises
    ------
    ReportError
        It shows a picture.
    """
    reduced = _reduced(html, where)
    return Markup(reduced), BeautifulSoup(reduced, "html.parser").get_text(" ", strip=True)


def _reduced(html: str, where: str) -> str:
    soup = BeautifulSoup(_inlined(html), "html.parser")
    if soup.find(["img", "svg", "picture", "video"]):
        raise ReportError(
            "a picture stands inside text or HTML",
            where=where,
            remedy="show it from a code cell: display(Image(data, alt=what it shows))",
        )
    for node in soup(_UNSEEN):
        node.decompose()
    return nh3.clean(
        str(soup),
        tags=_TEXT | _LISTS | _TABLES | _HEADINGS,
        attributes=_ATTRIBUTES,
        attribute_filter=lambda tag, name, value: safe_style(value) if name == "style" else value,
        url_schemes={"https", "mailto"},
        link_rel=None,
    )


def _inlined(html: str) -> str:
    """HTML with the rules of its style sheets written into the elements: not those from within a table.

    What stands in a table may be data, which is not to say how the rest looks.
    """
    sheets = [node for node in BeautifulSoup(html, "html.parser")("style") if not node.find_parent("table")]
    if not sheets:
        return html
    css = "\n".join(node.get_text() for node in sheets)
    return CSSInliner(load_remote_stylesheets=False).inline_fragment(html, css)
