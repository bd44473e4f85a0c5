"""What commands print: texts as they are, but for what a terminal would take for a command."""

import unicodedata

from rich.console import Console
from rich.table import Table

_UNBOUNDED = 10_000  # characters of a line


def print_text(text: str, *, is_error: bool = False) -> None:
    """Print a text on as many lines as it has, whatever is in it: the data may be a part of it."""
    style = "red" if is_error else None
    console = Console(stderr=is_error)
    console.print(harmless(text), style=style, highlight=False, markup=False, soft_wrap=True)


def print_table(table: Table) -> None:
    """Print a table within a terminal's width; where programs read it, each row on one line."""
    console = Console()
    if not console.is_terminal:
        console.width = _UNBOUNDED
    console.print(table)


def harmless(text: str) -> str:
    """A text with a dot in place of each character that is no letter, sign, space or end of a line."""
    return "".join(mark if _is_seen(mark) else "·" for mark in text)


def _is_seen(mark: str) -> bool:
    return mark.isprintable() or mark in "\n\t" or unicodedata.category(mark) == "Zs"
