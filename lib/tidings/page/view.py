"""What a reader sees of an executed notebook: its parts in order, under their headings."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tidings.language.locale import reader_locale
from tidings.parts.part import Brief, Chart, Footer, Header, Highlights, Part


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
    in_brief : mapping of int to Brief or Chart
        What stands in place of some of the `body`, for want of room, by their places there.
    """

    header: Header
    sections: tuple[Section, ...]
    footer: Footer | None
    name: str = "report"
    in_brief: Mapping[int, Brief | Chart] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The tenant's name and the period, in words."""
        return f"{self.header.tenant} · {self.header.period}"

    @property
    def direction(self) -> str:
        """The direction in which the report's language is written: ``ltr`` or ``rtl``."""
        return reader_locale(self.header.language).text_direction

    @property
    def preview(self) -> str:
        """The first highlight, which a mailbox shows beside the subject; empty where there is none."""
        sentences = (line for part in self.body if isinstance(part, Highlights) for line in part.sentences)
        return next(sentences, "")

    @property
    def body(self) -> tuple[Part, ...]:
        """The parts of all sections, whole, in reading order."""
        return tuple(part for section in self.sections for part in section.parts)

    @property
    def parts(self) -> tuple[Part, ...]:
        """Every part in reading order, as it is shown."""
        body = (self.in_brief.get(place, part) for place, part in enumerate(self.body))
        return (self.header, *body, *filter(None, [self.footer]))

    @property
    def left_out(self) -> tuple[str, ...]:
        """The titles of parts that are shown in brief, or without their picture, for want of room."""
        return tuple(self.in_brief[place].title for place in sorted(self.in_brief))

    def shortened(self, place: int, brief: Brief | Chart) -> "ReportView":
        """The same with another part in the place of one of the body's."""
        return replace(self, in_brief={**self.in_brief, place: brief})


def view_name(edition: dict[str, Any] | None) -> str:
    """What files of an edition are called: no path, no dots in a row, nothing that is not ASCII."""
    if edition is None:
        return "report"
    named = f"{edition['tenant']}-{edition['period']}".replace("..", "-to-")
    return re.sub("[^A-Za-z0-9-]+", "-", named).strip("-")
