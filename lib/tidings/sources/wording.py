"""Foreign text in messages: values of rows, names of columns and engines' errors, made short and harmless."""

from collections.abc import Iterable

import pandas as pd

_LONGEST_LIST = 40


def shown(value, width: int = 40) -> str:
    """A value on one line, without control characters, shortened to a width."""
    text = "null" if value is None or value is pd.NA or value != value else str(value)
    start = text[: width + 1]
    printable = "".join(character if character.isprintable() else "·" for character in start)
    return printable if len(printable) <= width else printable[: width - 1] + "…"


def row_in_words(frame: pd.DataFrame) -> str:
    """The first row of a frame as ``{column: value, …}``."""
    cells = (f"{shown(name)}: {shown(value)}" for name, value in frame.iloc[0].items())
    return "{" + ", ".join(cells) + "}"


def names_in_words(names: Iterable[str]) -> str:
    """Names of columns, as many as a message can carry."""
    names = list(names)
    more = f" and {len(names) - _LONGEST_LIST:,} more" if len(names) > _LONGEST_LIST else ""
    return ", ".join(shown(name) for name in names[:_LONGEST_LIST]) + more
