"""From a drawn figure and its words to a part of the report."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from tidings.charts.style.theme import WIDTH, picture, theme
from tidings.metrics.metric import Result
from tidings.parts.part import Chart, Column, DataTable, Notice, Part

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
    table : DataTable
        All its data, as made by `table`.
    notes : tuple of str
        Sentences to print under it beside the result's own.
    """

    title: str
    finding: str
    extent: str
    table: DataTable
    notes: tuple[str, ...] = ()


def table(labels: Sequence[str], rows: Sequence[Sequence[str]], names: int = 1) -> DataTable:
    """The data of a chart as text: the first ``names`` columns hold names, the others numbers."""
    columns = tuple(Column(label, place >= names) for place, label in enumerate(labels))
    return DataTable(columns, tuple(map(tuple, rows)))


def chart_part(result: Result, words: Words, draw: Callable[[], Figure]) -> Part:
    """A chart: what ``draw`` returns, drawn under the theme, with its words around it.

    All the names that are drawn are in the words' table; the theme brings the fonts that these need.
    """
    with theme(str(words)):
        figure = draw()
        width, height = (round(inches * 100) for inches in figure.get_size_inches())
        png = picture(figure)
    return Chart(
        metric=result.metric.name,
        title=words.title,
        finding=words.finding,
        definition=result.metric.definition,
        notes=(*result.notes, *words.notes),
        alt=f"{words.title}. {words.finding}. {words.extent}",
        width=width,
        height=height,
        wide=width > WIDTH,
        table=words.table,
        png=png,
    )


def notice(result: Result, title: str | None = None) -> Part:
    """What stands in place of a chart whose data the source does not have."""
    text = NOT_AVAILABLE[0].upper() + NOT_AVAILABLE[1:] + "."
    return Notice(title or result.metric.label, text)
