"""From an executed notebook to what a reader sees, in the steps that nbconvert calls preprocessors.

Each takes a notebook, which is its own to change, and nbconvert's resources, and gives both back. In the end
every cell shows one thing, and has in its metadata, under ``tidings``, that `Part` and its place on the page.
"""

from itertools import groupby
from typing import Any

from babel import Locale
from markupsafe import Markup
from nbformat import NotebookNode

from tidings.errors import ReportError
from tidings.language.catalogue import ENGLISH
from tidings.language.locale import reader_locale
from tidings.language.sentences import say
from tidings.notebook.scraps import recorded_edition
from tidings.notebook.sections import services_of_cells
from tidings.notebook.tags import check_tags, is_hidden
from tidings.page.markup import translate_markdown
from tidings.page.outputs import read_output, read_prose
from tidings.page.view import ReportView, Section, view_name
from tidings.parts.part import Chart, Footer, Header, Heading, Notice, Part, Picture, Prose, Ranking

_Step = tuple[NotebookNode, Any]


def refuse_errors(notebook: NotebookNode, resources: Any) -> _Step:
    """See that the notebook was executed to its end, and that no tag in it is mistyped.

    Raises
    ------
    ReportError
        A cell ended in an error, be it hidden or not; or a tag is not known.
    """
    for number, cell in enumerate(notebook.cells, start=1):
        cell.metadata.tidings = NotebookNode(where=f"cell {number}")
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                raise ReportError(
                    f"the cell ended in {output.ename}: {output.evalue}",
                    where=f"cell {number}",
                    remedy="open the executed notebook, mend that cell, and execute the notebook again",
                )
    check_tags(notebook)
    return notebook, resources


def drop_what_is_not_for_readers(notebook: NotebookNode, resources: Any) -> _Step:
    """Drop the cells that are hidden, and those of services that the recorded edition does not have."""
    edition = recorded_edition(notebook)
    notebook.metadata.tidings = NotebookNode(name=view_name(edition))
    belongs = zip(notebook.cells, services_of_cells(notebook), strict=True)
    notebook.cells = [
        cell
        for cell, services in belongs
        if not is_hidden(cell) and (edition is None or services <= set(edition["services"]))
    ]
    return notebook, resources


def read_parts(notebook: NotebookNode, resources: Any) -> _Step:
    """Give each part that a cell shows a cell of its own; code, printed text and scraps are not shown.

    Words that the notebook has in common with all reports are in the reader's language.

    Raises
    ------
    ReportError
        What a cell shows cannot be shown to readers: see `tidings.page.outputs.read_output`.
    """
    shown = [
        [
            (NotebookNode(cell, outputs=[output]), part)
            for output in cell.get("outputs", [])
            for part in read_output(output, cell.metadata.tidings.where)
        ]
        for cell in notebook.cells
    ]
    header = next((part for parts in shown for _, part in parts if isinstance(part, Header)), None)
    locale = reader_locale(header.language if header else ENGLISH)
    found: list[tuple[NotebookNode, Part]] = []
    for cell, parts in zip(notebook.cells, shown, strict=True):
        if cell.cell_type == "markdown":
            words = translate_markdown(cell.source, locale)
            found.extend((cell, part) for part in read_prose(words, cell.metadata.tidings.where))
        found.extend(parts)
    notebook.cells = [
        NotebookNode(cell, id=f"part-{number}", metadata=NotebookNode(cell.metadata, tidings=_layout(part)))
        for number, (cell, part) in enumerate(found)
    ]
    return notebook, resources


def lay_out(notebook: NotebookNode, resources: Any) -> _Step:
    """Group the cells into sections; header and footer leave them for the notebook's `ReportView`.

    Raises
    ------
    ReportError
        There is no header.
    """
    parts = [cell.metadata.tidings.part for cell in notebook.cells]
    header = next((part for part in parts if isinstance(part, Header)), None)
    footer = next((part for part in parts if isinstance(part, Footer)), None)
    if header is None:
        raise ReportError("the notebook shows no header", remedy="let one of its first cells show the header")
    notebook.cells = [
        cell for cell in notebook.cells if not isinstance(cell.metadata.tidings.part, Header | Footer)
    ]
    sections: list[Section] = []
    grouped = [_in_short(cells, reader_locale(header.language)) for cells in _sections(notebook.cells)]
    notebook.cells = [cell for cells in grouped for cell in cells]
    for cells in grouped:
        layouts = [cell.metadata.tidings for cell in cells]
        layouts[0].opens, layouts[-1].closes = True, True
        title = layouts[0].part.text if isinstance(layouts[0].part, Heading) else None
        body = layouts[1:] if title is not None else layouts
        for stands_abreast, row in groupby(body, key=lambda layout: _stands_abreast(layout.part)):
            *before, last = row
            last.lone = stands_abreast and len(before) % 2 == 0
        for layout in layouts:
            layout.section = len(sections) + 1
        sections.append(Section(title, tuple(layout.part for layout in body)))
    notebook.metadata.tidings.view = ReportView(
        header, tuple(sections), footer, notebook.metadata.tidings.name
    )
    return notebook, resources


PREPROCESSORS = (refuse_errors, drop_what_is_not_for_readers, read_parts, lay_out)


class ReadNotebook(NotebookNode):
    """An executed notebook after all the steps: each cell shows one part. Nothing changes it any more."""

    @property
    def executed(self) -> NotebookNode:
        """The notebook that was read, with all that it recorded."""
        return self.metadata.tidings.executed

    @property
    def view(self) -> ReportView:
        """What a reader sees of it."""
        return self.metadata.tidings.view

    def __deepcopy__(self, memo: Any) -> "ReadNotebook":
        """Itself: nbconvert copies what it exports, lest a step changes it, and the steps are done."""
        return self


def read_notebook(notebook: NotebookNode) -> ReadNotebook:
    """An executed notebook as its readers see it: one that was read already is the same, for page and mail.

    Code, printed text and scraps are not shown, nor a bare value (``text/plain`` alone), nor cells that are
    hidden (see `tidings.notebook.tags.is_hidden`) or of a service that the recorded edition does not have.

    Raises
    ------
    ReportError
        A cell ended in an error, a tag is not known, what a cell shows cannot be shown in page and mail, a
        picture has no alternative text, or there is no header.
    """
    if isinstance(notebook, ReadNotebook):
        return notebook
    read = NotebookNode(notebook, metadata=NotebookNode(notebook.metadata))
    read.cells = [NotebookNode(cell, metadata=NotebookNode(cell.metadata)) for cell in notebook.cells]
    for step in PREPROCESSORS:
        read, _ = step(read, None)
    read.metadata.tidings.executed = notebook
    return ReadNotebook(read)


def _layout(part: Part) -> NotebookNode:
    """A part, and what `lay_out` finds of its place."""
    layout = NotebookNode(opens=False, closes=False, lone=False, section=0)
    layout.part = part
    return layout


def _sections(cells: list[NotebookNode]) -> list[list[NotebookNode]]:
    """The cells of each section: a heading begins one."""
    sections: list[list[NotebookNode]] = []
    for cell in cells:
        if not sections or isinstance(cell.metadata.tidings.part, Heading):
            sections.append([])
        sections[-1].append(cell)
    return sections


def _in_short(cells: list[NotebookNode], locale: Locale) -> list[NotebookNode]:
    """The cells of a section: its heading and one sentence where all it shows is empty or absent."""
    shown = [cell for cell in cells if not isinstance(cell.metadata.tidings.part, Heading | Prose)]
    parts = [cell.metadata.tidings.part for cell in shown]
    if not any(part.empty for part in parts) or not all(
        part.empty or isinstance(part, Notice) for part in parts
    ):
        return cells
    text = say("There was nothing to report in this period.", locale)
    shown[0].metadata.tidings = _layout(Prose(Markup("<p>{}</p>").format(text), text))
    return [cell for cell in cells if isinstance(cell.metadata.tidings.part, Heading)] + shown[:1]


def _stands_abreast(part: Part) -> bool:
    return isinstance(part, Picture | Notice) or (isinstance(part, Chart | Ranking) and not part.wide)
