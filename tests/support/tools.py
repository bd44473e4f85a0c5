"""Programs that a test needs and a machine may lack."""

import os
from typing import NoReturn

import pytest

MISSING = "missing tool: "


def missing(what: str, hint: str) -> NoReturn:
    """Skip the test, saying how to install what it needs; in CI, where all of it has to be, fail."""
    if os.environ.get("CI"):
        pytest.fail(f"no {what}: {hint}")
    pytest.skip(f"{MISSING}{what}: {hint}")
