"""Tidings: performance reports for conversational platforms, made from Jupyter notebooks.

Data flows one way, and each room knows only those to its left:
language → tenants → periods → sources → metrics → parts → charts → notebook → page → mail → reports → review
→ delivery.

What a notebook needs is found here: ``from tidings import activity, charts, open_edition``. It is imported
when it is asked for, so that the command line, which may have nothing to do, does not wait for an engine.
"""

from importlib import import_module
from importlib.metadata import version
from typing import Any

__version__ = version("tidings")

_NAMES = {
    "activity": "tidings.metrics",
    "chatbot": "tidings.metrics",
    "contact_center": "tidings.metrics",
    "charts": "tidings",
    "open_edition": "tidings.notebook.opening",
    "expression": "tidings.notebook.opening",
    "metric": "tidings.notebook.opening",
    "header": "tidings.charts.frame",
    "highlights": "tidings.charts.frame",
    "footer": "tidings.charts.frame",
}

__all__ = ["__version__", *_NAMES]


def __getattr__(name: str) -> Any:
    if name not in _NAMES:
        raise AttributeError(f"module 'tidings' has no attribute {name!r}")
    if _NAMES[name] == __name__:
        return import_module(f"{__name__}.{name}")
    return getattr(import_module(_NAMES[name]), name)


def __dir__() -> list[str]:
    return __all__
