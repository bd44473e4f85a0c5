"""What a reviewer reads of a batch, and what was recorded over time.

What ``notebooks/review.ipynb`` needs is found here: ``from tidings.review import open_review, show_tenants``.
"""

from importlib import import_module
from typing import Any

_NAMES = {
    "open_review": "tidings.review.batch",
    "show_spreads": "tidings.review.page",
    "show_summary": "tidings.review.page",
    "show_tenants": "tidings.review.page",
}

__all__ = [*_NAMES]


def __getattr__(name: str) -> Any:
    if name not in _NAMES:
        raise AttributeError(f"module 'tidings.review' has no attribute {name!r}")
    return getattr(import_module(_NAMES[name]), name)
