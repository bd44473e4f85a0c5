"""Imported first where this library's own processes begin: spares each of them most of a second.

Notebooks are checked by jsonschema, which on import makes a parser for international addresses
(python-jsonschema/jsonschema#1428). No notebook holds what it would parse, and jsonschema does without it.
Papermill imports the client of each cloud that it finds installed, to read and write notebooks there; ours
lie on this machine while they are executed. A kernel imports a debugger, by which JupyterLab steps through
cells; no one is there to do so while a report is executed. Ibis imports the compilers of twenty engines for
that of one: here it is DuckDB's alone until another is asked for, when all come, since some change others.
"""

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType
from typing import Any

_COMPILERS = "ibis.backends.sql.compilers"


class _OneCompiler(SourceFileLoader):
    """Loads the package of Ibis's compilers with DuckDB's in it, and all once another is asked for."""

    def exec_module(self, module: ModuleType) -> None:
        def load_all(name: str) -> Any:
            del module.__dict__["__getattr__"]
            super(_OneCompiler, self).exec_module(module)
            return getattr(module, name)

        module.__dict__["DuckDBCompiler"] = import_module(f"{_COMPILERS}.duckdb").DuckDBCompiler
        module.__dict__["__getattr__"] = load_all

    @classmethod
    def find_spec(cls, name: str, path: Sequence[str] | None, target: Any = None) -> ModuleSpec | None:
        if name != _COMPILERS or not (spec := PathFinder.find_spec(name, path, target)) or not spec.origin:
            return None
        spec.loader = cls(name, spec.origin)
        return spec


for _module in ("rfc3987_syntax", "papermill.s3", "papermill.abs", "papermill.adl", "debugpy"):
    sys.modules.setdefault(_module, None)  # type: ignore[arg-type]  # None: not to be imported
sys.meta_path.insert(0, _OneCompiler)
