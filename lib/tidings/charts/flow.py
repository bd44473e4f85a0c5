"""The shape `flow`: how conversations start, from left to right."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from babel import Locale

from tidings.charts.base import Caption, chart_part, heading, shape, table
from tidings.charts.draw.alluvial import lay_out
from tidings.charts.draw.bands import Label, draw_flow, room_for
from tidings.charts.draw.slots import Slot, fold, given, label
from tidings.charts.kinds import PATHS
from tidings.charts.style.colors import GREY, Palette, palette
from tidings.language import numbers
from tidings.language.numbers import number, percent
from tidings.language.sentences import brief
from tidings.metrics.metric import Result
from tidings.parts.part import DataTable, Part

NODES = 6  # in a column, the folded one among them

_COLUMNS = ("entry_point", "start_flow", "first_intent")
_PHRASES = (
    ("of conversations came by", "of conversations have no entry point given"),
    ("started in", "have no start flow given"),
    ("first asked for", "have no first intent given"),
)


@dataclass(frozen=True)
class Column:
    """One column of the diagram: its nodes from the top, and the node of each row of the table."""

    slots: tuple[Slot, ...]
    ranks: pd.Series


@shape(PATHS, draws_nothing=False)
def flow(
    result: Result,
    *,
    title: str = "",
    finding: str | None = None,
    wide: bool = False,
) -> Part:
    """Show how conversations start as an alluvial diagram, from left to right.

    Parameters
    ----------
    result : Result
        A table: ``entry_point``, ``start_flow``, ``first_intent``, ``conversations``; one row per path.
    title : str, optional
        The metric's label unless given.
    finding : str, optional
        The sentence under the title; by default the most frequent name of each column.
    wide : bool
        Whether the picture spans both columns of the page. A phone shows a narrow one larger.
    """
    tenant, paths = result.edition.tenant, result.value.query("conversations > 0")
    columns = [read_column(paths[column], paths["conversations"]) for column in _COLUMNS]
    caption = Caption(
        title,
        finding or name_usual_start(columns, tenant.locale),
        describe(columns, tenant.locale),
        write_table(result.value, tenant.locale),
    )
    labels = label_nodes(columns, palette(tenant.brand.color), tenant.locale)
    room = room_for(max(len(column.slots) for column in columns))
    flows = pd.concat([*(column.ranks for column in columns), paths["conversations"]], axis=1)
    diagram = lay_out(flows, room)
    headings = [heading(column) for column in _COLUMNS]
    return chart_part(result, caption, lambda: draw_flow(diagram, labels, headings, wide=wide))


def read_column(names: pd.Series, values: pd.Series) -> Column:
    """Rank a column's names by their value, from the largest, and fold what is beyond `NODES` in one.

    Parameters
    ----------
    names : pandas.Series
        The name of each path's node in this column; null where none is given.
    values : pandas.Series
        The value of each path.
    """
    sums: dict[str | None, float] = {}
    named = [given(name) for name in names]
    for name, value in zip(named, values.tolist(), strict=True):
        sums[name] = sums.get(name, 0) + value
    ranking = sorted(sums, key=lambda name: (-sums[name], name is None, name or ""))
    whole = sum(sums.values())
    slots = [Slot(name, sums[name], sums[name] / whole) for name in ranking]
    folded = fold(slots, NODES if len(slots) <= NODES else NODES - 1)
    places = {name: min(place, len(folded) - 1) for place, name in enumerate(ranking)}
    return Column(tuple(folded), pd.Series([places[name] for name in named], index=values.index))


def label_nodes(columns: Sequence[Column], colors: Palette, locale: Locale) -> dict[tuple[int, int], Label]:
    """Say what is written at each node; a colour of its own for the largest of the first column."""
    return {
        (index, key): Label(
            name=label(slot, locale),
            numbers=f"{number(slot.value, locale)} · {percent(slot.share, locale)}",
            color=colors.series[key] if key < len(colors.series) and not slot.folded else GREY,
        )
        for index, column in enumerate(columns)
        for key, slot in enumerate(column.slots)
    }


def name_usual_start(columns: Sequence[Column], locale: Locale) -> str:
    """Say by which entry, in which flow and with which intent most conversations start."""
    parts = []
    for column, (phrase, missing) in zip(columns, _PHRASES, strict=True):
        largest = column.slots[0]
        rest = missing if largest.name is None else f"{phrase} {brief(largest.name)}"
        parts.append(f"{percent(largest.share, locale)} {rest}")
    return f"{parts[0]}; {parts[1]}, and {parts[2]}"


def describe(columns: Sequence[Column], locale: Locale) -> str:
    """Describe the columns of the diagram to those who cannot see it."""
    return " ".join(
        f"{heading(name)}: {'; '.join(_counted(slot, locale) for slot in column.slots)}."
        for name, column in zip(_COLUMNS, columns, strict=True)
    )


def _counted(slot: Slot, locale: Locale) -> str:
    return f"{brief(label(slot, locale))} {number(slot.value, locale)}"


def write_table(paths: pd.DataFrame, locale: Locale) -> DataTable:
    """Write out every path, names in full."""
    rows = [
        [*(numbers.name(given(text)) for text in path), number(conversations, locale)]
        for *path, conversations in paths[[*_COLUMNS, "conversations"]].itertuples(index=False, name=None)
    ]
    return table([*(heading(column) for column in _COLUMNS), "Conversations"], rows, names=len(_COLUMNS))
