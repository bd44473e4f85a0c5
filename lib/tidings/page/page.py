"""The page: one self-contained HTML file, exported by nbconvert from an executed notebook."""

from collections.abc import Iterator
from functools import cache
from itertools import groupby

from markupsafe import Markup
from nbformat import NotebookNode
from nbformat.v4 import new_notebook
from traitlets import default

from tidings.page.composition import compose
from tidings.page.exporter import ReportExporter
from tidings.parts.part import Chart, Notice, Part, Picture
from tidings.parts.render import render


class PageExporter(ReportExporter):
    """Exports an executed notebook as the page: ``jupyter nbconvert --to tidings-page report.ipynb``."""

    export_from_notebook = "Tidings page"

    @default("template_name")
    def _template_name_default(self) -> str:
        return "page"

    def default_filters(self):
        """The report's filters, and those that lay parts out on the page."""
        yield from super().default_filters()
        yield "fragment", _fragment
        yield "paired", _paired


def page_html(notebook: NotebookNode) -> str:
    """The page of an executed notebook: a whole HTML document that asks for nothing from outside.

    Raises
    ------
    ReportError
        The notebook holds an error, a picture without alternative text, or no header.
    """
    # nbconvert copies a notebook, and checks the copy: what is already composed does without.
    return _exporter().from_notebook_node(new_notebook(), {"report": compose(notebook)})[0]


@cache
def _exporter() -> PageExporter:
    """One exporter for all notebooks: its templates are compiled once."""
    return PageExporter()


def _fragment(part: Part, lone: bool = False) -> Markup:
    return Markup(render(part, "page", alone=False, lone=lone))


def _paired(parts: tuple[Part, ...]) -> Iterator[tuple[Part, bool]]:
    """The parts, and of each whether it has no neighbour to stand beside."""
    for stands_abreast, row in groupby(parts, key=_stands_abreast):
        *before, last = row
        yield from ((part, False) for part in before)
        yield last, stands_abreast and len(before) % 2 == 0


def _stands_abreast(part: Part) -> bool:
    return isinstance(part, Picture | Notice) or (isinstance(part, Chart) and not part.wide)
