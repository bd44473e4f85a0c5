"""Clean tenants of many kinds, over twelve weeks each: none of them is ever held."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from support.feeds import FIRST, Tables, cut, judge_feed, make_feed

from tidings.periods.clock import VARIABLE

WEEKS_BEFORE, WEEKS = 8, 12
HOLIDAY = date(2026, 6, 29)


def feed(seed: int, **keys) -> Callable[[], Tables]:
    return lambda: make_feed(seed, weeks=WEEKS_BEFORE + WEEKS + 1, **keys)


def messages_and_assignments(seed: int) -> Callable[[], Tables]:
    return lambda: {name: feed(seed)()[name] for name in ("messages", "assignments")}


def from_day(day: int) -> Callable[[datetime], float]:
    return lambda when: float((when - FIRST).days >= day)


TENANTS = {
    "an office": (feed(1), {}),
    "an office that is closed at the weekend": (feed(2, weekend=0.0), {}),
    "an office with little to do at the weekend": (feed(3, weekend=0.1, a_day=30), {}),
    "one that grows": (feed(4, growth=0.04, a_day=10), {}),
    "one with a day of four times as much": (
        feed(5, factor=lambda when: 4.0 if (when - FIRST).days == 75 else 1.0),
        {},
    ),
    "one whose instants are whole minutes": (feed(6, whole_minutes=True), {}),
    "one whose bot says two things at once": (feed(7, bubbles=True), {}),
    "one with two tables": (messages_and_assignments(8), {}),
    "one with a conversation a week": (feed(9, a_day=0.15, weekend=1.0), {}),
    "one with three conversations a week": (feed(10, a_day=0.5, weekend=0.5), {}),
    "one with three conversations a day": (feed(11, a_day=3), {}),
    "one in India": (feed(12, opens=2, closes=16), {"time_zone": "Asia/Kolkata"}),
    "one in Colombia": (feed(13, opens=12, closes=26), {"time_zone": "America/Bogota"}),
    "one with a holiday": (
        feed(14, factor=lambda when: float(when.date() != HOLIDAY)),
        {"holidays": [HOLIDAY.isoformat()]},
    ),
    "one with two poor weeks": (
        feed(15, factor=lambda when: 0.7 if 80 <= (when - FIRST).days < 95 else 1.0),
        {},
    ),
    "one with the service activity alone": (feed(16, a_day=8), {"services": ["activity"]}),
    "one that joined lately": (feed(17, factor=from_day(7 * WEEKS_BEFORE + 2)), {}),
    "one whose days differ": (feed(18, noise=0.4), {}),
    "one that is large and never closes": (feed(19, a_day=60, opens=0, closes=24), {}),
    "a small one whose days differ": (feed(20, a_day=4, noise=0.5, weekend=0.2), {}),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", TENANTS)
def test_no_edition_of_a_clean_tenant_is_held_or_refused(name, tmp_path, monkeypatch):
    make, keys = TENANTS[name]
    tables = make()
    for week in range(WEEKS_BEFORE, WEEKS_BEFORE + WEEKS):
        monday = FIRST + timedelta(days=7 * (week + 1))
        read_at = monday + timedelta(hours=6)
        monkeypatch.setenv(VARIABLE, f"{read_at.isoformat()}Z")
        year, number, _ = (monday - timedelta(days=1)).isocalendar()
        verdict = judge_feed(tmp_path, cut(tables, read_at), f"{year}-W{number:02}", read_at, **keys)
        assert verdict.reasons() == (), f"{year}-W{number:02}"
