"""The page: one self-contained HTML file, exported by nbconvert from an executed notebook."""

from functools import cache

from nbformat import NotebookNode
from traitlets import default

from tidings.page.exporter import ReportExporter
from tidings.page.preprocessors import read_notebook


class PageExporter(ReportExporter):
    """Exports an executed notebook as the page: ``jupyter nbconvert --to tidings-page report.ipynb``."""

    export_from_notebook = "Tidings page"

    @default("template_name")
    def _template_name_default(self) -> str:
        return "page"


def page_html(notebook: NotebookNode) -> str:
    """The page of an executed notebook: a whole HTML document that asks for nothing from outside.

    Raises
    ------
    ReportError
        The notebook cannot be shown: see `tidings.page.preprocessors.read_notebook`.
    """
    return _exporter().from_notebook_node(read_notebook(notebook))[0]


@cache
def _exporter() -> PageExporter:
    """One exporter for all notebooks: its templates are compiled once."""
    return PageExporter()
