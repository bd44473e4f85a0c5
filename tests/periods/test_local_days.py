from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tidings.periods.local_days import day_start, offset_changes


def starts(zone: str, *days: str) -> list[str]:
    """The UTC starts of local days."""
    wanted = [date.fromisoformat(day) for day in days]
    offsets = offset_changes(ZoneInfo(zone), min(wanted), max(wanted))
    return [f"{day_start(day, offsets):%m-%d %H:%M}" for day in wanted]


def changes(zone: str, first: str, last: str) -> list[tuple[str, float]]:
    """The changes of offset after the first pair: the UTC instant, and the new offset in hours."""
    found = offset_changes(ZoneInfo(zone), date.fromisoformat(first), date.fromisoformat(last))
    return [(f"{since:%m-%d %H:%M}", offset / timedelta(hours=1)) for since, offset in found[1:]]


def test_days_of_a_zone_without_clock_changes_start_at_one_hour():
    assert starts("America/Bogota", "2026-11-09", "2026-11-10") == ["11-09 05:00", "11-10 05:00"]
    assert changes("America/Bogota", "2026-11-09", "2026-11-15") == []


def test_a_change_in_the_night_makes_a_day_of_23_and_one_of_25_hours():
    assert starts("Europe/Madrid", "2026-03-29", "2026-03-30") == ["03-28 23:00", "03-29 22:00"]
    assert starts("Europe/Madrid", "2026-10-25", "2026-10-26") == ["10-24 22:00", "10-25 23:00"]
    assert changes("Europe/Madrid", "2026-10-24", "2026-10-26") == [("10-25 01:00", 1)]


@pytest.mark.parametrize(
    ("zone", "days", "expected"),
    [
        ("America/Sao_Paulo", ["2017-10-15", "2017-10-16"], ["10-15 03:00", "10-16 02:00"]),
        ("Asia/Beirut", ["2025-03-30", "2025-03-31"], ["03-29 22:00", "03-30 21:00"]),
        # Toronto's clocks went from 23:30 to 00:30 in 1919: midnight lies within the gap.
        ("America/Toronto", ["1919-03-31", "1919-04-01"], ["03-31 04:30", "04-01 04:00"]),
    ],
)
def test_where_midnight_is_left_out_the_day_starts_as_the_clocks_go_forward(zone, days, expected):
    assert starts(zone, *days) == expected


def test_where_midnight_comes_twice_on_one_date_the_day_starts_the_first_time():
    # Havana: 01:00 becomes 00:00.
    assert starts("America/Havana", "2025-11-02", "2025-11-03") == ["11-02 04:00", "11-03 05:00"]


def test_where_clocks_go_back_at_midnight_the_evening_is_an_hour_longer():
    # Sao Paulo: 24:00 becomes 23:00.
    assert starts("America/Sao_Paulo", "2018-02-17", "2018-02-18") == ["02-17 02:00", "02-18 03:00"]


def test_where_clocks_go_back_over_midnight_the_day_starts_the_second_time():
    # St. John's: 00:01 becomes 23:01. The change is taken to be at the first midnight, 02:30 UTC.
    assert starts("America/St_Johns", "2010-11-07", "2010-11-08") == ["11-07 03:30", "11-08 03:30"]
    assert changes("America/St_Johns", "2010-11-06", "2010-11-08") == [("11-07 02:30", -3.5)]


def test_a_day_that_was_left_out_starts_and_ends_at_once():
    assert starts("Pacific/Apia", "2011-12-29", "2011-12-30", "2011-12-31") == [
        "12-29 10:00",
        "12-30 10:00",
        "12-30 10:00",
    ]


def test_offsets_of_seconds_are_kept():
    # Monrovia was 44 minutes 30 seconds behind until 7 January 1972.
    assert starts("Africa/Monrovia", "1972-01-06") == ["01-06 00:44"]
    assert changes("Africa/Monrovia", "1972-01-06", "1972-01-08") == [("01-07 00:44", 0)]
    found = offset_changes(ZoneInfo("Africa/Monrovia"), date(1972, 1, 6), date(1972, 1, 8))
    assert found[1] == (datetime(1972, 1, 7, 0, 44, 30, tzinfo=UTC), timedelta(0))
