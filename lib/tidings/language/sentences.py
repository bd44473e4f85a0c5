"""Sentences with names in them: each short enough to be read, and joined as people do."""

from collections.abc import Sequence

from tidings.language.numbers import shorten

NAME = 40  # characters of a name in a sentence; the data below it has the whole


def brief(name: str) -> str:
    """Return a name as a sentence can hold it: on one line, and cut where it is very long."""
    return shorten(" ".join(name.split()), NAME)


def join(parts: Sequence[str]) -> str:
    """Join parts as a sentence does: "A", "A and B", "A, B and C"."""
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last
