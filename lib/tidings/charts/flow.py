"""The shape `flow`: how conversations start, from left to right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd
from babel import Locale

from tidings.charts.base import Caption, chart_part, number_unreadable, shape, table
from tidings.charts.draw.bands import Label, draw_flow
from tidings.charts.draw.scale import LEAST
from tidings.charts.draw.slots import Slot, fold, given, label
from tidings.charts.kinds import PATHS
from tidings.charts.ranking import join_first, quote_slots, rank
from tidings.charts.style.colors import GREY, Palette, palette
from tidings.language import numbers
from tidings.language.numbers import number, percent
from tidings.language.sentences import brief, join, say
from tidings.metrics.metric import Result
from tidings.parts.part import DataTable, Part

NODES = 6  # in a column, the folded one among them

_COLUMNS = ("entry_point", "start_flow", "first_intent")
_LISTED = 10  # paths, in place of a diagram


@dataclass(frozen=True)
class Column:
    """One column of the diagram: its nodes from the top, and the node of each row of the table."""

    slots: tuple[Slot, ...]
    ranks: pd.Series

    @property
    def is_folded(self) -> bool:
        """Whether its last node stands for several names."""
        return bool(self.slots[-1].folded)


@shape(PATHS, draws_nothing=False)
def flow(
    result: Result,
    *,
    title: str = "",
    finding: str | None = None,
    wide: bool = False,
) -> Part:
    """Show how conversations start as an alluvial diagram, from left to right.

    Each column shows six names at most, the last of them all the others. Where two columns or more have more
    names than that, a diagram would show little but others: the most frequent paths are listed instead.

    Parameters
    ----------
    result : Result
        A table: ``entry_point``, ``start_flow``, ``first_intent``, ``conversations``; one row per path.
    title : str, optional
        The metric's label unless given.
    finding : str, optional
        The sentence under the title; by default the most frequent name of each column.
    wide : bool
        Whether the picture spans both columns of the page.
    """
    tenant, paths = result.edition.tenant, result.value[result.value["conversations"] > LEAST]
    columns = [read_column(paths[column], paths["conversations"]) for column in _COLUMNS]
    made = finding or name_usual_start(columns, tenant.locale)
    if sum(column.is_folded for column in columns) > 1:
        return list_paths(replace(result, value=paths), title, made, wide)
    names = [slot.name for column in columns for slot in column.slots if slot.name is not None]
    shown, notes = number_unreadable(names, tenant.locale)
    caption = Caption(
        title,
        made,
        describe(columns, tenant.locale),
        write_table(result.value, tenant.locale),
        notes,
        tuple(names),
    )
    labels = label_nodes(columns, shown, palette(tenant.brand.color), tenant.locale)
    flows = pd.concat([*(column.ranks for column in columns), paths["conversations"]], axis=1)
    headings = name_columns(tenant.locale)
    return chart_part(result, caption, draw_flow(flows, labels, headings, wide=wide))


def name_columns(locale: Locale) -> tuple[str, str, str]:
    """What heads the columns."""
    return say("Entry point", locale), say("Start flow", locale), say("First intent", locale)


def list_paths(result: Result, title: str, finding: str, wide: bool) -> Part:
    """Show the most frequent paths as a ranking, each as its names in order."""
    locale = result.edition.tenant.locale
    rows = result.value.sort_values("conversations", ascending=False, kind="stable", ignore_index=True)
    whole = rows["conversations"].sum()
    slots = [
        Slot(" → ".join(brief(numbers.name(given(name), locale)) for name in path), count, count / whole)
        for *path, count in rows[[*_COLUMNS, "conversations"]].itertuples(index=False, name=None)
    ]
    path = say("Path", locale)
    listed = rows.assign(**{path: [slot.name for slot in slots]}, share=rows["conversations"] / whole)
    lengths = [slot.value / slots[0].value for slot in slots]
    return rank(
        replace(result, value=listed[[path, "conversations", "share"]]),
        slots,
        lengths,
        _LISTED,
        title=title,
        finding=finding,
        wide=wide,
    )


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


def label_nodes(
    columns: Sequence[Column], shown: Mapping[str, str], colors: Palette, locale: Locale
) -> list[list[Label]]:
    """Say what is written at each node; a colour of its own for the largest of the first column."""
    return [
        [
            Label(
                name=label(slot, locale) if slot.name is None else shown[slot.name],
                numbers=say(
                    "{count} · {share}",
                    locale,
                    count=number(slot.value, locale),
                    share=percent(slot.share, locale),
                ),
                color=colors.series[key] if key < len(colors.series) and not slot.folded else GREY,
            )
            for key, slot in enumerate(column.slots)
        ]
        for column in columns
    ]


def name_usual_start(columns: Sequence[Column], locale: Locale) -> str:
    """Say by which entry, in which flow and with which intent most conversations start; or which tie."""
    clauses = []
    for place, column in enumerate(columns):
        slots = [slot for slot in column.slots if not slot.folded]
        largest = [slot for slot in slots if slot.value == slots[0].value]
        share = percent(slots[0].share, locale)
        if len(largest) > 1:
            share = say("{share} each", locale, share=share)
        named = [slot for slot in largest if slot.name is not None]
        names = join_first(quote_slots(named, locale), locale) if named else ""
        clauses.append(_say_start(place, names, share, locale))
    return join(clauses, locale)


def _say_start(place: int, names: str, share: str, locale: Locale) -> str:
    """A clause of one column; its names are "" where none is given."""
    match place, bool(names):
        case 0, True:
            return say("{share} came by {names}", locale, share=share, names=names)
        case 0, False:
            return say("{share} have no entry point given", locale, share=share)
        case 1, True:
            return say("{share} started in {names}", locale, share=share, names=names)
        case 1, False:
            return say("{share} have no start flow given", locale, share=share)
        case _, True:
            return say("{share} first asked for {names}", locale, share=share, names=names)
        case _:
            return say("{share} have no first intent given", locale, share=share)


def describe(columns: Sequence[Column], locale: Locale) -> str:
    """Describe the columns of the diagram to those who cannot see it."""
    return " ".join(
        say("{column}: {names}.", locale, column=title, names=join(_count(column.slots, locale), locale))
        for title, column in zip(name_columns(locale), columns, strict=True)
    )


def _count(slots: Sequence[Slot], locale: Locale) -> list[str]:
    return [
        say("{name} {count}", locale, name=name, count=number(slot.value, locale))
        for name, slot in zip(quote_slots(slots, locale), slots, strict=True)
    ]


def write_table(paths: pd.DataFrame, locale: Locale) -> DataTable:
    """Write out every path, names in full."""
    rows = [
        [*(numbers.name(given(text), locale) for text in path), number(conversations, locale)]
        for *path, conversations in paths[[*_COLUMNS, "conversations"]].itertuples(index=False, name=None)
    ]
    return table([*name_columns(locale), say("Conversations", locale)], rows, names=len(_COLUMNS))
