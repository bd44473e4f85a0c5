"""How the parts of a mail are made shorter, for want of room: words, then tables, then definitions."""

from dataclasses import fields, is_dataclass, replace
from typing import Any

from babel import Locale
from bs4 import BeautifulSoup
from markupsafe import Markup

from tidings.language.numbers import shorten
from tidings.language.sentences import brief, join, say, say_count
from tidings.mail.digest import Definitions
from tidings.parts.part import Agents, Frame, Line, Part, Ranking, Unshown

MAX_WORDS = 80
"""Characters of a text that is cut."""

MAX_ROWS = 5
"""Rows of a table that is shown shorter."""

_WHOLE = (
    *("metric", "definition", "words"),
    *("page_url", "unsubscribe_url", "unsubscribe_mailto", "unsubscribe_address"),
)
_MOST_NAMED = 160  # characters of the names that have no line of their own


def cut_words(part: Part, locale: Locale) -> Part:
    """Every text in the part within `MAX_WORDS`; definitions, links and an analyst's prose stay whole."""
    return part if isinstance(part, Definitions) else _cut(part)


def show_fewer_rows(part: Part, locale: Locale, *, has_page: bool) -> Part:
    """A table, a ranking or agents with no more than `MAX_ROWS`, and what else there is."""
    if isinstance(part, Frame):
        return _shorter_frame(part, locale)
    if isinstance(part, Ranking | Agents):
        return show_first_lines(part, MAX_ROWS, locale, has_page=has_page)
    return part


def show_first_lines(part: Ranking | Agents, most: int, locale: Locale, *, has_page: bool) -> Part:
    """The first lines of a ranking or of agents, and what else there is before all others together.

    The other names of a ranking stand with their values on one line, where they are few and short; of agents
    it is said how many there are more, and that they are on the page, where the reader has it. One line more
    than that is shown: it takes no more room than to say that it is missing.
    """
    if len(part.lines) <= most + 1:
        return part
    lines = (*part.lines[most:], *(part.unshown.lines if part.unshown else ()))
    words = (
        _name_lines(lines, locale)
        if isinstance(part, Ranking)
        else _count_agents(len(lines), has_page, locale)
    )
    return replace(part, lines=part.lines[:most], unshown=Unshown(lines, words))


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


def _name_lines(lines: tuple[Line, ...], locale: Locale) -> str:
    """The names of lines with their values; how many there are, where they would take too much room."""
    named = [
        say("{name} {value}", locale, name=brief(line.name), value=line.amounts[0].text) for line in lines
    ]
    words = join(named, locale)
    return words if len(words) <= _MOST_NAMED else _more(len(lines), locale)


def _count_agents(count: int, has_page: bool, locale: Locale) -> str:
    if has_page:
        return say_count(
            "{count} more agent is on the page", "{count} more agents are on the page", count, locale
        )
    return say_count("and {count} more agent", "and {count} more agents", count, locale)


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
