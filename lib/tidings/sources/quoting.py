"""Foreign text in messages: values of rows, names of columns and engines' errors, made short and harmless."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

_LONGEST_LIST = 40


def shown(value: Any, width: int = 40) -> str:
    """A value on one line, without control characters, shortened to a width."""
    text = value if isinstance(value, str) else _text(value)
    start = text[: width + 1]
    printable = "".join(character if character.isprintable() else "·" for character in start)
    return printable if len(printable) <= width else printable[: width - 1] + "…"


def row_in_words(frame: "pd.DataFrame") -> str:
    """The first row of a frame as ``{column: value, …}``."""
    cells = (f"{shown(name)}: {shown(value)}" for name, value in frame.iloc[0].items())
    return "{" + ", ".join(cells) + "}"


def names_in_words(names: Iterable[str]) -> str:
    """Names of columns, as many as a message can carry."""
    names = list(names)
    more = f" and {len(names) - _LONGEST_LIST:,} more" if len(names) > _LONGEST_LIST else ""
    return ", ".join(shown(name) for name in names[:_LONGEST_LIST]) + more


def _text(value: Any) -> str:
    import pandas as pd  # only where a row is told: a run that finds nothing to do goes without pandas

    return "null" if value is None or value is pd.NA or value != value else str(value)
