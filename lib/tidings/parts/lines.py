"""Tables as lines of plain text, set in columns."""

from collections.abc import Sequence

from wcwidth import wcswidth

from tidings.language.locale import reader_locale
from tidings.language.numbers import shorten
from tidings.language.sentences import isolate
from tidings.parts.part import DataTable

WIDEST = 76
"""Columns of a line: what mail programs show without breaking it."""

_NAME = 40


def lines(table: DataTable, most: int) -> list[str]:
    """The heads of a table's columns and its first rows, names set to the left and numbers to the right.

    None, where a line would be too wide to be read as a row.
    """
    rows = [_cells(row) for row in ([column.label for column in table.columns], *table.rows[:most])]
    if most == 0 or not table.rows:
        return []
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    if sum(widths) + 2 * (len(widths) - 1) > WIDEST:
        return []
    numeric = [column.numeric for column in table.columns]
    return [
        "  ".join(_set(*each) for each in zip(row, widths, numeric, strict=True)).rstrip() for row in rows
    ]


def isolated(text: str) -> str:
    """A text that keeps its own direction between English words."""
    return isolate(text, reader_locale("en"))


def _cells(row: Sequence[str]) -> list[str]:
    return [isolated(shorten(" ".join(cell.split()), _NAME)) for cell in row]


def _set(cell: str, width: int, numeric: bool) -> str:
    room = " " * (width - _width(cell))
    return f"{room}{cell}" if numeric else f"{cell}{room}"


def _width(cell: str) -> int:
    """Columns that a text takes, as far as they are known."""
    return max(wcswidth(cell), 0)
