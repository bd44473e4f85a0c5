"""What the exporters of the page and of the mail share: one reading of the notebook, escaped templates."""

from pathlib import Path
from typing import Any

from jinja2 import Environment
from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbformat import NotebookNode
from traitlets import default

from tidings.page.composition import compose
from tidings.parts.contrast import readable
from tidings.parts.render import stylesheet


class ReportExporter(HTMLExporter):
    """An nbconvert exporter whose templates stand in this package and escape all they print."""

    @default("extra_template_basedirs")
    def _default_extra_template_basedirs(self) -> list[str]:
        return [str(Path(__file__).parents[1] / "parts" / "templates")]

    @default("template_extension")
    def _template_extension_default(self) -> str:
        return ".html.j2"

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """The document as its template wrote it.

        An `HTMLExporter` would parse the whole of it once more, for pictures without alternative text and to
        mark JupyterLab's own elements: a report has neither, and that takes longer than all else here.
        """
        return TemplateExporter.from_notebook_node(self, nb, self._init_resources(resources), **kw)

    def default_filters(self):
        """nbconvert's filters, and those that a report's templates need."""
        yield from super().default_filters()
        yield "compose", compose
        yield "readable", readable
        yield "stylesheet", stylesheet

    def _create_environment(self) -> Environment:
        environment = super()._create_environment()
        environment.autoescape = True
        return environment
