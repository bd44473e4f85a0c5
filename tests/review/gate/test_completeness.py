"""Whether a table is loaded in part: what one table promises that the other lacks, and what is chance."""

from datetime import UTC, datetime

import pytest
from support.tables import tenant

from tidings.metrics.observations import OBSERVATIONS
from tidings.periods.period import parse_period
from tidings.review.gate import Evidence
from tidings.review.gate.completeness import half_loaded

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def findings(wrong: int, rows: int, *, before: tuple[int, int]) -> list:
    """What is found where some of the period's conversations lack messages, and some did before."""
    promise = {"table": "conversations", "column": "conversation_id", "kind": "started", "example": "c1"}
    promise |= {"wrong": wrong, "rows": rows, "before": dict(zip(("wrong", "rows"), before, strict=True))}
    who = tenant("data/acme")
    period = parse_period("2026-W47", who, NOW)
    return half_loaded(Evidence(who, period, {OBSERVATIONS: {"promises": [promise]}}, (), NOW))


@pytest.mark.parametrize(
    ("wrong", "rows", "before"),
    [(5, 8, (0, 20)), (12, 100, (0, 100)), (100_000, 1_000_000, (5_000, 1_000_000))],
)
def test_what_lacks_rows_that_it_always_had_is_loaded_in_part(wrong, rows, before):
    assert f"{wrong:,} of {rows:,}" in findings(wrong, rows, before=before)[0].sentence


@pytest.mark.parametrize(("wrong", "rows", "before"), [(5, 8, (0, 1)), (6, 90, (0, 20)), (3, 4, (0, 4))])
def test_a_few_rows_before_do_not_show_that_none_is_ever_lacking(wrong, rows, before):
    assert findings(wrong, rows, before=before) == []


def test_what_lacked_rows_before_may_lack_them_again():
    assert findings(50, 100, before=(2, 100)) == []
