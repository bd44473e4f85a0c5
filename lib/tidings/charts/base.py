"""From a drawn figure and its words to a part of the report."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure

from tidings.charts.style.png import draw_png
from tidings.charts.style.theme import WIDTH, theme
from tidings.metrics.metric import Result
from tidings.parts.part import Part

NOT_AVAILABLE = "not available from this source"


@dataclass(frozen=True)
class Words:
    """What stands around a picture.

    Attributes
    ----------
    title : str
        The metric's name, or the analyst's own title.
    finding : str
        What the picture shows, in words with a number; no full stop.
    extent : str
        For those who cannot see it: a sentence on what is drawn and between which values.
    table : dict
        All its data, as made by `table`.
    notes : tuple of str
        Sentences to print under it beside the result's own.
    """

    title: str
    finding: str
    extent: str
    table: dict[str, Any]
    notes: tuple[str, ...] = ()


def table(labels: Sequence[str], rows: Sequence[Sequence[str]], names: int = 1) -> dict[str, Any]:
    """The data of a chart as text: the first ``names`` columns hold names, the others numbers."""
    columns = [{"label": label, "numeric": place >= names} for place, label in enumerate(labels)]
    return {"columns": columns, "rows": [list(row) for row in rows]}


def chart_part(result: Result, words: Words, draw: Callable[[], Figure]) -> Part:
    """A chart: what ``draw`` returns, drawn under the theme, with its words around it.

    All the names that are drawn are in the words' table; the theme brings the fonts that these need.
    """
    with theme(str(words)):
        figure = draw()
        width, height = (round(inches * 100) for inches in figure.get_size_inches())
        png = draw_png(figure)
    content = {
        "kind": "chart",
        "metric": result.metric.name,
        "title": words.title,
        "finding": words.finding,
        "definition": result.metric.definition,
        "notes": [*result.notes, *words.notes],
        "alt": f"{words.title}. {words.finding}. {words.extent}",
        "width": width,
        "height": height,
        "wide": width > WIDTH,
        "table": words.table,
    }
    return Part(content, png)


def notice(result: Result, title: str | None = None) -> Part:
    """What stands in place of a chart whose data the source does not have."""
    text = NOT_AVAILABLE[0].upper() + NOT_AVAILABLE[1:] + "."
    return Part({"kind": "notice", "title": title or result.metric.label, "text": text})
