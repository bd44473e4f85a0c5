"""Where a source is: as the parameters write it, and with what the environment holds put in."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tidings.errors import SourceError, TidingsError, trouble_of_store
from tidings.sources.quoting import shown
from tidings.sources.secrets import hide_values

SQLITE = "sqlite"
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_OF_DAMAGED_FILES = {  # by name, since where nothing is to be made no engine is loaded
    "ConversionException",
    "Error",
    "FatalException",
    "InternalException",
    "InvalidInputException",
    "IOException",
    "SerializationException",
}


@dataclass(frozen=True)
class Location:
    """A source's address.

    Attributes
    ----------
    written : str
        As the parameters have it, ``${NAME}`` and all: what messages may show.
    resolved : str
        With the variables' values: never shown, since they may be secrets. Inside a URL's user and
        password, a value has to be percent-encoded.
    values : dict
        The value of each variable, by name.
    remedy : callable
        What to do about an engine's error; None where that is not known.
    """

    written: str
    resolved: str = field(repr=False)
    values: dict[str, str] = field(default_factory=dict, repr=False)
    remedy: Callable[[Exception], str | None] = field(default=lambda error: None, repr=False, compare=False)

    @classmethod
    def of(cls, written: str) -> "Location":
        """Take the variables' values from the environment.

        Raises
        ------
        SourceError
            The environment lacks one of them.
        """
        names = _VARIABLE.findall(written)
        missing = [name for name in names if name not in os.environ]
        if missing:
            raise SourceError(
                f"the environment has no variable {missing[0]}",
                where=f"source {written}",
                remedy=f"set {missing[0]}, or mend the source in the parameters",
            )
        values = {name: os.environ[name] for name in names}
        return cls(written, _VARIABLE.sub(lambda match: values[match[1]], written), values)

    @property
    def scheme(self) -> str:
        """What stands before ``://``; empty for a path."""
        return self.resolved.partition("://")[0] if "://" in self.resolved else ""

    def sqlite_file(self, root: Path) -> Path:
        """The file of a SQLite source, whose path is relative to ``root``."""
        return root / self.resolved.removeprefix(f"{SQLITE}://")

    def hide(self, text: str) -> str:
        """A text, such as an engine's message, with the variables' values and their parts left out."""
        return hide_values(text, self.values)

    def quote(self, error: Exception) -> str:
        """What an engine's error says first, on one line and without the variables' values.

        Of what DuckDB says of a damaged file only that: its own words speak of its insides.
        """
        if type(error).__module__ == "_duckdb" and type(error).__name__ in _OF_DAMAGED_FILES:
            return "a file is damaged, or was changed while it was read"
        lines = self.hide(str(error)).strip().splitlines()
        return shown(lines[0] if lines else type(error).__name__, width=300)

    @contextmanager
    def failures_in_words(self) -> Iterator[None]:
        """Tell an engine's failure in one line, without secrets."""
        try:
            yield
        except TidingsError:
            raise
        except Exception as error:  # each engine has a family of errors of its own
            what, remedy = trouble_of_store(error) or (
                f"cannot be read: {self.quote(error)}",
                self.remedy(error) or "see whether the source is whole and can be reached",
            )
            raise SourceError(
                what, where=f"source {self.written}", remedy=remedy
            ) from None  # the engine's own words may hold a secret
