"""What a reader sees of an executed notebook: its parts in order, under their headings."""

import re
from dataclasses import dataclass
from typing import Any

from babel import Locale

from tidings.language.locale import reader_locale
from tidings.language.sentences import words_locale
from tidings.parts.part import Footer, Header, Part


@dataclass(frozen=True)
class Section:
    """Consecutive parts under one heading; the parts before the first heading have no title."""

    title: str | None
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class ReportView:
    """What a reader sees of an executed notebook.

    Attributes
    ----------
    header : Header
        Whose report it is, and of which period.
    sections : tuple of Section
        All else, in the notebook's order.
    footer : Footer, optional
        The closing lines.
    name : str
        What files of it are called, without an extension: ``demo-2026-W46``, if the notebook records that.
    """

    header: Header
    sections: tuple[Section, ...]
    footer: Footer | None
    name: str = "report"

    @property
    def title(self) -> str:
        """The tenant's name and the period, in words."""
        return f"{self.header.tenant} · {self.header.period}"

    @property
    def locale(self) -> Locale:
        """The reader's language, with its numbers and dates."""
        return reader_locale(self.header.language)

    @property
    def language(self) -> str:
        """The language that the report's words are in, as a BCP 47 tag."""
        words = words_locale(self.locale)
        return self.header.language if words == self.locale else str(words)

    @property
    def direction(self) -> str:
        """The direction in which these words are written: ``ltr`` or ``rtl``."""
        return words_locale(self.locale).text_direction

    @property
    def parts(self) -> tuple[Part, ...]:
        """Every part in reading order."""
        body = (part for section in self.sections for part in section.parts)
        return (self.header, *body, *filter(None, [self.footer]))


def view_name(edition: dict[str, Any] | None) -> str:
    """What files of an edition are called: no path, no dots in a row, nothing that is not ASCII."""
    if edition is None:
        return "report"
    named = f"{edition['tenant']}-{edition['period']}".replace("..", "-to-")
    return re.sub("[^A-Za-z0-9-]+", "-", named).strip("-")
