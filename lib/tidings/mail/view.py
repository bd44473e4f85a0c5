"""What a mail shows of a report: the digest first, then what the digest has not said yet."""

from collections.abc import Callable
from dataclasses import replace
from typing import cast

from tidings.mail.digest import list_definitions, make_digest
from tidings.page.view import ReportView, Section
from tidings.parts.part import Cards, Footer, Header, Part


def mail_view(view: ReportView, page_url: str | None = None) -> ReportView:
    """The report as a mail shows it.

    The digest closes what stands before the first heading; the cards, whose numbers it has, are not repeated,
    and what they mean is said at the end.
    """
    digest, definitions = make_digest(view, page_url), list_definitions(view)
    first = (digest,) if digest.groups or page_url else ()
    last = (definitions,) if definitions.terms else ()
    opens = view.sections and view.sections[0].title is None
    opening, rest = (view.sections[0].parts, view.sections[1:]) if opens else ((), view.sections)
    sections = Section(None, (*opening, *first)), *rest, Section(None, last)
    return change_parts(
        replace(view, sections=sections), lambda part: None if isinstance(part, Cards) else part
    )


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
