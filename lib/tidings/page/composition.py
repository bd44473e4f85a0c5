"""Reads an executed notebook: which of its parts a reader sees, in what order, under which headings."""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from bs4 import Tag
from markupsafe import Markup
from nbformat import NotebookNode
from PIL import Image

from tidings.errors import ReportError
from tidings.language.locale import reader_locale
from tidings.notebook.scraps import is_scrap, recorded_edition
from tidings.page.markup import blocks, clean, from_markdown
from tidings.parts.bundle import read_bundle
from tidings.parts.part import (
    Brief,
    Chart,
    Footer,
    Frame,
    Header,
    Heading,
    Highlights,
    Part,
    Picture,
    Prose,
)

_HIDDEN = frozenset({"remove-cell", "hide-output", "parameters", "injected-parameters"})
_SECTION_TAG = "section-"
_NEEDED_ALT = 'give it one: display(figure, metadata={"image/png": {"alt": "what the picture shows"}})'


@dataclass(frozen=True)
class Section:
    """Consecutive parts under one heading; the parts before the first heading have no title."""

    title: str | None
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Composition:
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
    def direction(self) -> str:
        """The direction in which the report's language is written: ``ltr`` or ``rtl``."""
        return reader_locale(self.header.language).text_direction

    @property
    def preview(self) -> str:
        """The first highlight, which a mailbox shows beside the subject; empty where there is none."""
        sentences = (line for part in self.parts if isinstance(part, Highlights) for line in part.sentences)
        return next(sentences, "")

    @property
    def parts(self) -> tuple[Part, ...]:
        """Every part in reading order."""
        middle = [part for section in self.sections for part in section.parts]
        return (self.header, *middle, *filter(None, [self.footer]))

    @property
    def left_out(self) -> tuple[str, ...]:
        """The titles of parts that are shown in brief, or without their picture, for want of room."""
        return tuple(
            part.title
            for part in self.parts
            if isinstance(part, Brief) or (isinstance(part, Chart) and part.png is None)
        )

    def exchanged(self, old: Part, new: Part) -> "Composition":
        """The same with another part in the place of one of a section's."""
        sections = [
            Section(section.title, tuple(new if part is old else part for part in section.parts))
            for section in self.sections
        ]
        return replace(self, sections=tuple(sections))


def compose(notebook: NotebookNode) -> Composition:
    """What a reader sees of an executed notebook.

    Code, printed text and scraps are not shown, nor cells tagged ``parameters``, ``injected-parameters``,
    ``remove-cell`` or ``hide-output``, nor cells tagged with a section of a service that the recorded edition
    does not have. A bare value (``text/plain`` alone) counts as printed text.

    Raises
    ------
    ReportError
        A cell ended in an error, a picture has no alternative text, there is no header, or two editions are
        recorded.
    """
    for number, cell in enumerate(notebook.cells, start=1):
        _refuse_error(cell, number)
    edition = recorded_edition(notebook)
    services = frozenset(edition["services"]) if edition else None
    found = []
    for number, cell in enumerate(notebook.cells, start=1):
        if _is_seen(cell, services):
            found.extend(_parts(cell, number))
    header = _only(found, Header)
    if header is None:
        raise ReportError("the notebook shows no header", remedy="let one of its first cells show the header")
    return Composition(header, tuple(_sections(found)), _only(found, Footer), _name(edition))


def _refuse_error(cell: NotebookNode, number: int) -> None:
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            raise ReportError(
                f"the cell ended in {output.ename}: {output.evalue}",
                where=f"cell {number}",
                remedy="open the executed notebook, mend that cell, and execute the notebook again",
            )


def _name(edition: dict[str, Any] | None) -> str:
    """A file's name that is safe everywhere: no path, no dots in a row, nothing that is not ASCII."""
    if edition is None:
        return "report"
    named = f"{edition['tenant']}-{edition['period']}".replace("..", "-to-")
    return re.sub("[^A-Za-z0-9-]+", "-", named).strip("-")


def _is_seen(cell: NotebookNode, services: frozenset[str] | None) -> bool:
    tags = set(cell.metadata.get("tags", []))
    wanted = {tag.removeprefix(_SECTION_TAG) for tag in tags if tag.startswith(_SECTION_TAG)}
    return not tags & _HIDDEN and (services is None or wanted <= services)


def _parts(cell: NotebookNode, number: int) -> Iterator[Part]:
    if cell.cell_type == "markdown":
        yield from _prose(from_markdown(cell.source, where=f"cell {number}"))
    elif cell.cell_type == "code":
        for output in cell.outputs:
            if output.output_type in ("display_data", "execute_result"):
                yield from _shown(output, f"cell {number}")


def _prose(nodes: list[Tag]) -> Iterator[Part]:
    """Headings of the first two levels open a section; what lies between them is prose."""
    for is_heading, group in blocks(nodes):
        text = "\n".join(" ".join(node.get_text().split()) for node in group)
        if is_heading:
            yield Heading(text)
        else:
            yield Prose(Markup("\n".join(map(str, group))), text)


def _shown(output: NotebookNode, where: str) -> Iterator[Part]:
    data = output.data
    if is_scrap(data):
        return
    if part := read_bundle(data, where=where):
        yield _described(part, where)
    elif "image/png" in data:
        yield _picture(data["image/png"], output.metadata.get("image/png", {}), where)
    elif "text/html" in data:
        yield Frame("Table", *clean(data["text/html"], where=where))
    elif "text/markdown" in data:
        yield from _prose(from_markdown(data["text/markdown"], where=where))


def _described(part: Part, where: str) -> Part:
    if isinstance(part, Chart) and not part.png:
        raise ReportError("a chart has lost its picture", where=where, remedy="execute the notebook again")
    if isinstance(part, Chart | Header) and part.png and not (part.alt or "").strip():
        raise ReportError("a picture has no alternative text", where=where, remedy="give the chart a finding")
    return part


def _picture(png: str, metadata: dict[str, Any], where: str) -> Part:
    alt = metadata.get("alt", "").strip()
    if not alt:
        raise ReportError("a picture has no alternative text", where=where, remedy=_NEEDED_ALT)
    data = base64.b64decode(png)
    pixels = Image.open(BytesIO(data)).size
    width, height = (
        metadata.get(side, length) for side, length in zip(("width", "height"), pixels, strict=True)
    )
    return Picture(alt, width, height, png=data)


def _only(parts: list[Part], kind: type[Part]) -> Any:
    return next((part for part in parts if isinstance(part, kind)), None)


def _sections(parts: list[Part]) -> Iterator[Section]:
    title, held = None, []
    for part in parts:
        if isinstance(part, Heading):
            yield from _section(title, held)
            title, held = part.text, []
        elif not isinstance(part, Header | Footer):
            held.append(part)
    yield from _section(title, held)


def _section(title: str | None, parts: list[Part]) -> Iterator[Section]:
    if title or parts:
        yield Section(title, tuple(parts))
