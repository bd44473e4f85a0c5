"""What a kernel server imports, once, so that no kernel has to.

Importing must leave no thread, connection or socket behind: ``tests/test_kernels.py`` looks.
``matplotlib_inline.backend_inline`` is left out, since it ties itself to the running shell on import.
"""

import atexit
import gc
import importlib
import os
import shutil

import tidings.notebook.lean  # noqa: F401  before anything that imports jsonschema
from tidings.kernels.forked import FOLDER

_MODULES = (
    "tidings.notebook.opening",
    # what the library's first query would import, beside what the rehearsal needs
    "ibis.backends.duckdb.converter",
    "ibis.formats.pandas",
    "pyarrow.parquet",
    "upath.implementations.local",
    # what starting IPython, and running a first cell in it, would import
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "ipykernel.displayhook",
    "tidings.kernels.application",
    "pdb",
    "tornado.platform.asyncio",
)

gc.disable()  # nothing of what is imported is garbage, and to find that out takes a fifth of the time
for _module in _MODULES:
    importlib.import_module(_module)
importlib.import_module("tidings.metrics.kept").read_kept()
gc.freeze()  # what is shared stays shared: a kernel's collector does not touch, and so copy, these pages
gc.set_threshold(20_000)  # a kernel ends before its memory matters, and a collection takes long
gc.enable()


def _end(server: int, folder: str | None) -> None:
    """End the server without taking its modules apart, which is seconds of work.

    It ends itself when its owner has died: maybe before there was a janitor to remove the folder.
    """
    if folder and os.getpid() == server:
        shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


atexit.register(_end, os.getpid(), os.environ.pop(FOLDER, None))
