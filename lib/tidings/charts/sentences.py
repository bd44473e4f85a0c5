"""What charts say in words, and how they name the columns of their data."""

from collections.abc import Sequence

from tidings.language.numbers import shorten

NAME = 40  # characters of a name in a sentence; the data below it has the whole


def brief(name: str) -> str:
    """Return a name as a sentence can hold it: on one line, and cut where it is very long."""
    return shorten(" ".join(name.split()), NAME)


def joined(parts: Sequence[str]) -> str:
    """Join parts as a sentence does: "A", "A and B", "A, B and C"."""
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last


def heading(column: str) -> str:
    """Return a column's name as readers see it: "closing_reason" is "Closing reason"."""
    return column.replace("_", " ").capitalize()
