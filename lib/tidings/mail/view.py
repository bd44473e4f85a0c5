"""What a mail shows of a report: the digest first, then what the digest has not said yet."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import cast

from babel import Locale

from tidings.mail.digest import list_definitions, make_digest
from tidings.mail.shorter import show_first_lines
from tidings.page.view import ReportView, Section
from tidings.parts.part import Agents, Cards, Footer, Header, Part, Ranking

MAX_RANKED, MAX_AGENTS = 6, 8
"""Lines of a ranking, and agents, that a mail shows."""


def mail_view(view: ReportView, page_url: str | None = None, *, is_attached: bool = False) -> ReportView:
    """The report as a mail shows it, to whom the page is linked or attached, or neither.

    The digest closes what stands before the first heading; the cards, whose numbers it has, are not repeated,
    and what they mean is said at the end. Of rankings and agents the first lines are shown.
    """
    has_page = is_attached or page_url is not None
    digest, definitions = make_digest(view, page_url), list_definitions(view)
    first = (digest,) if digest.groups or page_url else ()
    last = (definitions,) if definitions.terms else ()
    opens = view.sections and view.sections[0].title is None
    opening, rest = (view.sections[0].parts, view.sections[1:]) if opens else ((), view.sections)
    sections = Section(None, (*opening, *first)), *rest, Section(None, last)
    return change_parts(
        replace(view, sections=sections), partial(_for_mail, locale=view.locale, has_page=has_page)
    )


def _for_mail(part: Part, locale: Locale, has_page: bool) -> Part | None:
    """A part as a mail shows it; None for what the digest has."""
    if isinstance(part, Cards):
        return None
    if isinstance(part, Ranking | Agents):
        most = MAX_RANKED if isinstance(part, Ranking) else MAX_AGENTS
        return show_first_lines(part, most, locale, has_page=has_page)
    return part


def change_parts(view: ReportView, change: Callable[[Part], Part | None]) -> ReportView:
    """The report with each part changed, or without those that are changed to None.

    A section of which nothing is left goes with them.
    """
    sections = []
    for section in view.sections:
        parts = tuple(filter(None, map(change, section.parts)))
        if parts:
            sections.append(Section(section.title, parts))
    return replace(
        view,
        header=cast(Header, change(view.header)),
        sections=tuple(sections),
        footer=cast(Footer | None, change(view.footer)) if view.footer else None,
    )
