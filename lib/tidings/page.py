"""The page: one self-contained HTML file, exported by nbconvert from an executed notebook."""

from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from traitlets import default

from tidings.composition import compose
from tidings.parts import Part
from tidings.render import render, stylesheet
from tidings.shades import readable


class PageExporter(HTMLExporter):
    """Exports an executed notebook as the page: ``jupyter nbconvert --to tidings-page report.ipynb``."""

    export_from_notebook = "Tidings page"

    @default("template_name")
    def _template_name_default(self) -> str:
        return "page"

    @default("extra_template_basedirs")
    def _default_extra_template_basedirs(self) -> list[str]:
        return [str(Path(__file__).with_name("templates"))]

    def default_filters(self):
        """nbconvert's filters, and those that turn a notebook into parts and parts into HTML."""
        yield from super().default_filters()
        yield from {
            "compose": compose,
            "fragment": _fragment,
            "paired": _paired,
            "readable": readable,
            "stylesheet": stylesheet,
        }.items()

    def _create_environment(self) -> Environment:
        environment = super()._create_environment()
        environment.autoescape = True
        return environment


def page_html(notebook: NotebookNode) -> str:
    """The page of an executed notebook: a whole HTML document that asks for nothing from outside.

    Raises
    ------
    ReportError
        The notebook holds an error, a picture without alternative text, or no header.
    """
    return _exporter().from_notebook_node(notebook)[0]


@cache
def _exporter() -> PageExporter:
    """One exporter for all notebooks: its templates are compiled once."""
    return PageExporter()


def _fragment(part: Part) -> Markup:
    return Markup(render(part.content, part.png, "page", alone=False))


def _paired(parts: tuple[Part, ...]) -> Iterator[Part]:
    """The parts, with ``lone`` set on a chart that has no neighbour to stand beside."""
    for stands_abreast, row in groupby(parts, key=_stands_abreast):
        *before, last = row
        yield from before
        is_lone = stands_abreast and len(before) % 2 == 0
        yield Part(last.content | {"lone": True}, last.png) if is_lone else last


def _stands_abreast(part: Part) -> bool:
    return part.content["kind"] in ("chart", "picture") and not part.content.get("wide")
