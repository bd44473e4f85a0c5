"""The shapes' page of the documentation, made from the shapes themselves."""

import inspect
from collections.abc import Iterator

from tidings import charts
from tidings.charts.base import SHAPES, Shape

_INTRODUCTION = """\
# Shapes

<!-- Made from the docstrings in lib/tidings/charts by `make docs`: edit them, not this page. -->

A cell of a notebook shows numbers by a shape, as in `charts.trend(activity.incoming_messages(edition))`.
Each takes results of one kind and refuses others; `notebooks/gallery.ipynb` shows them all. What a shape
returns is seen in JupyterLab, on the page, in the mail and in its text.
"""


def shapes_page() -> str:
    """The page, in Markdown: how each shape is called, what it takes, and its whole docstring."""
    lines = [_INTRODUCTION]
    for name in sorted(SHAPES):
        lines.extend(_entry(SHAPES[name]))
    lines.append("## Cards of the chatbot\n")
    for name in ("count_languages", "name_top_intent", "show_recognised"):
        lines.append(f"`charts.{name}`: {_first_line(getattr(charts, name))}\n")
    return "\n".join(lines).rstrip() + "\n"


def _entry(shape: Shape) -> Iterator[str]:
    parameters = ", ".join(inspect.signature(shape.show).parameters)
    yield f"## {shape.name}\n"
    yield f"`charts.{shape.name}({parameters})` takes {shape.takes.words}.\n"
    yield f"```text\n{inspect.getdoc(shape.show)}\n```\n"


def _first_line(function: object) -> str:
    return (inspect.getdoc(function) or "").splitlines()[0]
