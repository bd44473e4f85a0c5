"""What was observed before: read from the history where it agrees, and else from the notebooks."""

from datetime import UTC, datetime

import pytest
from support.editions import write_edition
from support.tables import tenant

from tidings.metrics.observations import OBSERVATIONS
from tidings.periods.period import parse_period
from tidings.review.gate import earlier_observations
from tidings.review.history import update_history

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
WHO = tenant("data/acme")
WEEK = parse_period("2026-W47", WHO, NOW)


def observe_in(outputs, period: str, newest: str) -> None:
    write_edition(outputs, "acme", period, {OBSERVATIONS: {"newest": newest}})


def seen(outputs) -> list[str]:
    return [observed["newest"] for observed in earlier_observations(WHO, WEEK, outputs)]


def test_nothing_was_observed_where_there_is_no_earlier_edition(tmp_path):
    assert seen(tmp_path) == []


def test_the_last_eight_periods_are_read_from_their_notebooks_the_newest_first(tmp_path):
    for week in (37, 38, 40, 46, 47):
        observe_in(tmp_path, f"2026-W{week}", f"week {week}")
    assert seen(tmp_path) == ["week 46", "week 40"]


def test_what_the_history_has_as_it_is_needs_no_notebook(tmp_path, monkeypatch):
    observe_in(tmp_path, "2026-W45", "week 45")
    observe_in(tmp_path, "2026-W46", "week 46")
    update_history(tmp_path)
    monkeypatch.setattr("tidings.review.gate.earlier.read_executed", pytest.fail)
    assert seen(tmp_path) == ["week 46", "week 45"]


def test_an_edition_that_was_made_anew_is_read_from_its_notebook(tmp_path):
    observe_in(tmp_path, "2026-W46", "before")
    update_history(tmp_path)
    observe_in(tmp_path, "2026-W46", "anew")
    assert seen(tmp_path) == ["anew"]


def test_a_notebook_that_is_not_the_one_that_was_made_is_left_out(tmp_path):
    observe_in(tmp_path, "2026-W46", "week 46")
    notebook = tmp_path / "acme" / "2026-W46" / "report.ipynb"
    notebook.write_text(notebook.read_text("utf-8") + "\n", "utf-8")
    assert seen(tmp_path) == []


def test_an_edition_without_observations_is_left_out(tmp_path):
    write_edition(tmp_path, "acme", "2026-W46", {})
    assert seen(tmp_path) == []
