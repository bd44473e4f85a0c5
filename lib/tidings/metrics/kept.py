"""Kept queries in a file, for a process that makes but one report: to compile them is half of asking them.

The file lies where Python keeps the modules of this package, and under its rules. It is written after a
rehearsal alone, by a process that has run no cell. Once a module of which queries are made has changed, it is
of no use.
"""

import hashlib
import os
import pickle
import sys
from contextlib import suppress
from importlib import import_module
from importlib.metadata import version
from importlib.util import cache_from_source
from pathlib import Path
from types import FunctionType
from typing import Any

from tidings.metrics.expression import Expression
from tidings.metrics.outline import KEPT

_MADE_OF = ("metrics", "periods", "sources")


def write_kept() -> None:
    """Write what is kept, all or nothing, unless that was done before or may not be."""
    file = _file()
    draft = file.with_suffix(f".{os.getpid()}")
    if sys.dont_write_bytecode or file.exists():
        return
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        with open(draft, "wb") as stream:
            _Pickler(stream, pickle.HIGHEST_PROTOCOL).dump(KEPT)
        for outdated in file.parent.glob("queries-*.*"):
            if outdated != draft:
                outdated.unlink()
        draft.replace(file)


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
    return Path(cache_from_source(__file__)).with_name(f"queries-{key}.{sys.implementation.cache_tag}")
