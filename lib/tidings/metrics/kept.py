"""Kept queries in a file, for a process that makes but one report: to compile them is half of asking them.

The file lies where Python keeps the modules of this package, and under its rules. It is written after a
rehearsal alone, by a process that has run no cell. Once a module of which queries are made has changed, it is
of no use.
"""

import hashlib
import pickle
from contextlib import suppress
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from types import FunctionType
from typing import Any

from tidings.metrics.expression import Expression
from tidings.metrics.outline import KEPT
from tidings.project import compiled_file, write_compiled

_MADE_OF = ("metrics", "periods", "sources")


def write_kept() -> None:
    """Write what is kept, all or nothing, unless that was done before or may not be."""
    file = _file()
    if file.exists():
        return
    outdated = list(file.parent.glob("queries-*.*"))
    write_compiled(file, lambda stream: _Pickler(stream, pickle.HIGHEST_PROTOCOL).dump(KEPT))
    with suppress(OSError):
        for other in outdated if file.exists() else ():
            other.unlink()


def read_kept() -> None:
    """Keep what was written; where that is not there, or cannot be read, queries are compiled as ever."""
    with suppress(Exception), open(_file(), "rb") as stream:
        KEPT.update(_Unpickler(stream).load())


class _Pickler(pickle.Pickler):
    """Writes functions by their names: by that of an expression, one that was declared to be it."""

    def persistent_id(self, value: Any) -> tuple[str, str] | None:
        if isinstance(value, FunctionType):
            named = getattr(import_module(value.__module__), value.__qualname__, None)
            if isinstance(named, Expression) and named.build is value:
                return value.__module__, value.__qualname__
        return None


class _Unpickler(pickle.Unpickler):
    def persistent_load(self, name: tuple[str, str]) -> Any:
        return getattr(import_module(name[0]), name[1]).build


def _file() -> Path:
    here = Path(__file__).parents[1]
    sources = (path for room in _MADE_OF for path in sorted((here / room).rglob("*.py")))
    lines = [f"{name} {version(name)}" for name in ("ibis-framework", "sqlglot")]
    lines += [f"{path} {(about := path.stat()).st_mtime_ns} {about.st_size}" for path in sources]
    key = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]
    return compiled_file(f"queries-{key}")
