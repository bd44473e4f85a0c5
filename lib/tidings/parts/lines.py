"""Tables as lines of plain text, set in columns."""

from collections.abc import Sequence

from babel import Locale
from wcwidth import wcswidth

from tidings.language.numbers import shorten
from tidings.language.sentences import isolate
from tidings.parts.part import Agents, Column, DataTable, Ranking

WIDEST = 76
"""Columns of a line: what mail programs show without breaking it."""

_NAME = 40


def lines(table: DataTable, most: int, locale: Locale) -> list[str]:
    """What heads a table's columns, then its first rows: names set to the left and numbers to the right.

    No line at all where one would be too wide to be read as a row.
    """
    rows = [[_cell(text, locale) for text in row] for row in table.rows[:most]]
    if not rows:
        return []
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    if sum(widths) + 2 * (len(widths) - 1) > WIDEST:
        return []
    numeric = [column.numeric for column in table.columns]
    # The first column names a row even where it is a number.
    names = max(1, numeric.count(False))
    labels = [_cell(column.label, locale) for column in table.columns]
    head = f"{', '.join(labels[:names])}: {' | '.join(labels[names:])}"
    return [head, *(_set(row, widths, numeric) for row in rows)]


def listed(part: Ranking | Agents, most: int) -> DataTable:
    """The first lines of a ranking or of agents as a table, and in its last row all others together."""
    heads = (
        part.columns if isinstance(part, Ranking) else (part.name, *(each.label for each in part.measures))
    )
    columns = tuple(Column(label, place > 0) for place, label in enumerate(heads))
    shown = (*part.lines[:most], *filter(None, [part.rest])) if most else ()
    cells = ((line.name, *(amount.text for amount in line.amounts), line.share or "") for line in shown)
    return DataTable(columns, tuple(row[: len(columns)] for row in cells))


def _cell(text: str, locale: Locale) -> str:
    return isolate(shorten(" ".join(text.split()), _NAME), locale)


def _set(row: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    cells = []
    for cell, width, is_number in zip(row, widths, numeric, strict=True):
        room = " " * (width - _width(cell))
        cells.append(f"{room}{cell}" if is_number else f"{cell}{room}")
    return "  ".join(cells).rstrip()


def _width(cell: str) -> int:
    """Columns that a text takes, as far as they are known."""
    return max(wcswidth(cell), 0)
