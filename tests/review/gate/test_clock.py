"""The clock: before anything is mailed by it."""

from datetime import UTC, datetime

from support.tables import tenant

from tidings.periods.period import parse_period
from tidings.review.gate import check_clock

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
WEEK = parse_period("2026-W47", tenant("data/acme"), NOW)


def test_a_clock_that_goes_on_is_right():
    assert (
        check_clock(NOW, datetime(2026, 11, 24, 11, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC), WEEK)
        is None
    )


def test_a_clock_without_a_ledger_or_data_to_compare_with_is_right():
    assert check_clock(NOW, None, None, WEEK) is None


def test_a_clock_before_the_last_entry_of_the_ledger_is_wrong():
    finding = check_clock(NOW, datetime(2026, 12, 1, 6, tzinfo=UTC), None, WEEK)
    assert finding.sentence == (
        "the clock says 2026-11-24 12:00 UTC, before the ledger's last entry of 2026-12-01 06:00 UTC"
    )


def test_a_clock_more_than_two_periods_past_all_data_is_wrong():
    assert check_clock(NOW, None, datetime(2026, 11, 10, 12, tzinfo=UTC), WEEK) is None
    finding = check_clock(NOW, None, datetime(2026, 11, 10, 11, tzinfo=UTC), WEEK)
    assert "more than two periods earlier" in finding.sentence
