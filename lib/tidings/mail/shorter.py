"""How the parts of a mail are made shorter, for want of room: words, then tables, then definitions."""

from dataclasses import fields, is_dataclass, replace
from typing import Any

from babel import Locale
from bs4 import BeautifulSoup
from markupsafe import Markup

from tidings.language.numbers import shorten
from tidings.language.sentences import say_count
from tidings.mail.digest import Definitions
from tidings.parts.part import Agents, Frame, Part, Ranking

MAX_WORDS = 80
"""Characters of a text that is cut."""

MAX_ROWS = 5
"""Rows of a table that is shown shorter."""

_WHOLE = ("metric", "definition", "page_url", "unsubscribe_url", "unsubscribe_mailto", "unsubscribe_address")


def cut_words(part: Part, locale: Locale) -> Part:
    """Every text in the part within `MAX_WORDS`; definitions, links and an analyst's prose stay whole."""
    return part if isinstance(part, Definitions) else _cut(part)


def show_fewer_rows(part: Part, locale: Locale) -> Part:
    """A table or ranking with no more than `MAX_ROWS`, and how many there are more."""
    if isinstance(part, Frame):
        return _shorter_frame(part, locale)
    return show_first_lines(part, MAX_ROWS, locale) if isinstance(part, Ranking | Agents) else part


def show_first_lines(part: Ranking | Agents, most: int, locale: Locale) -> Part:
    """The first lines of a ranking or of agents, and how many there are more before all others together.

    One line more than that is shown: it takes no more room than to say that it is missing.
    """
    if len(part.lines) <= most + 1:
        return part
    more = _more(len(part.lines) - most, locale)
    return replace(part, lines=part.lines[:most], notes=(*part.notes, more))


def leave_out_definitions(part: Part, locale: Locale) -> Part | None:
    """The part without what its numbers mean, which the page says."""
    if isinstance(part, Definitions):
        return None
    if isinstance(part, Agents):
        return replace(part, measures=tuple(replace(each, definition="") for each in part.measures))
    names = {field.name for field in fields(part)}
    return replace(part, definition="") if "definition" in names else part  # type: ignore[call-arg]


def _cut(value: Any) -> Any:
    """A value with the texts in it cut; `Markup` is no text."""
    if type(value) is str:
        return shorten(value, MAX_WORDS)
    if isinstance(value, tuple):
        return tuple(map(_cut, value))
    if is_dataclass(value) and not isinstance(value, type):
        names = (field.name for field in fields(value) if field.name not in _WHOLE)
        return replace(value, **{name: _cut(getattr(value, name)) for name in names})
    return value


def _more(count: int, locale: Locale) -> str:
    return say_count(
        "{count} more row is not shown here.", "{count} more rows are not shown here.", count, locale
    )


def _shorter_frame(frame: Frame, locale: Locale) -> Frame:
    soup = BeautifulSoup(frame.html, "html.parser")
    rows = soup.select("tbody > tr") or soup.select("tr")
    for row in rows[MAX_ROWS:]:
        row.decompose()
    if len(rows) > MAX_ROWS:
        line = soup.new_tag("p")
        line.string = _more(len(rows) - MAX_ROWS, locale)
        soup.append(line)
    return replace(frame, html=Markup(soup), text=soup.get_text(" ", strip=True))
