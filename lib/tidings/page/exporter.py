"""What the exporters of the page and of the mail share: the same steps, escaped templates, no code."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, Template
from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbformat import NotebookNode
from traitlets import default

from tidings.page.preprocessors import PREPROCESSORS, ReadNotebook
from tidings.parts.contrast import pale, readable
from tidings.parts.render import SETTINGS, WORDS, data_uri

_TEMPLATES = str(Path(__file__).parents[1] / "parts" / "templates")


class ReportExporter(HTMLExporter):
    """An nbconvert exporter whose templates stand in this package and escape all they print."""

    @default("default_preprocessors")
    def _default_preprocessors_default(self) -> list:
        return []

    @default("preprocessors")
    def _preprocessors_default(self) -> list:
        return list(PREPROCESSORS)

    @default("extra_template_basedirs")
    def _default_extra_template_basedirs(self) -> list[str]:
        return [_TEMPLATES]

    @default("extra_template_paths")
    def _extra_template_paths_default(self) -> list[str]:
        return [_TEMPLATES]

    @default("template_extension")
    def _template_extension_default(self) -> str:
        return ".html.j2"

    @property
    def template(self) -> Template:
        """The document's template, read again where it was saved since: that is for Jinja to see."""
        return self._load_template()

    def compile_templates(self) -> None:
        """Compile what the document is made of, so that it is kept for all processes."""
        parts = sorted(Path(_TEMPLATES, "parts", self.template_name).glob("*.*"))
        for name in ("base/null.j2", f"{self.template_name}/index.html.j2"):
            self.environment.get_template(name)
        for path in (*parts, *Path(_TEMPLATES, self.template_name).glob("*.css")):
            self.environment.get_template(path.relative_to(_TEMPLATES).as_posix())

    def from_notebook_node(  # type: ignore[override]  # as nbconvert's own exporters of text do
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """The document as its template wrote it.

        An `HTMLExporter` would parse the whole of it once more, for pictures without alternative text and to
        mark JupyterLab's own elements: a report has neither, and that takes longer than all else here.
        """
        return TemplateExporter.from_notebook_node(self, nb, self._init_resources(resources), **kw)

    def _preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Each step once: nbconvert would copy a copy, and check it against the schema after each."""
        if isinstance(nb, ReadNotebook):
            return nb, resources
        for step in self._preprocessors:
            nb, resources = step(nb, resources)
        return nb, resources

    def default_filters(self):
        """nbconvert's filters, and those that a report's templates need."""
        yield from super().default_filters()
        yield "readable", readable
        yield "pale", pale
        yield "data_uri", data_uri

    def _create_environment(self) -> Environment:
        environment = super()._create_environment().overlay(autoescape=True, **SETTINGS)
        environment.globals |= WORDS
        return environment
