"""Editions whose periods findings are made for; their numbers are given by hand."""

import pytest
from support.tables import edition_of, message


@pytest.fixture(scope="session")
def week(tmp_path_factory):
    """Monday 9 to Sunday 15 November 2026."""
    rows = {"messages": [message("2026-11-10 10:00")]}
    return edition_of(tmp_path_factory.mktemp("week"), "2026-W46", rows)


@pytest.fixture(scope="session")
def half(tmp_path_factory):
    """1 to 15 November 2026, of fifteen days, after sixteen."""
    rows = {"messages": [message("2026-11-10 10:00")]}
    return edition_of(tmp_path_factory.mktemp("half"), "2026-11a", rows)
