from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np

from tidings.demo import DemoSettings
from tidings.demo.rhythm import campaign_starts, local_instant, make_calendar, usual_starts
from tidings.demo.rows import HOUR, MINUTE, SECOND


def calendar(**changes):
    settings = DemoSettings(**({"end": date(2026, 11, 16), "weeks": 3} | changes))
    return make_calendar(settings, np.random.default_rng(1))


def test_local_times_become_instants():
    nine = local_instant(date(2026, 11, 13), 9 * 60, ZoneInfo("America/Bogota"))
    assert nine == datetime(2026, 11, 13, 14, tzinfo=UTC).timestamp() * SECOND


def test_a_time_past_midnight_lies_on_the_next_day():
    zone = ZoneInfo("America/Bogota")
    assert local_instant(date(2026, 11, 13), 25 * 60, zone) == local_instant(date(2026, 11, 14), 60, zone)


def test_a_day_with_a_clock_change_is_one_day():
    days = calendar(time_zone="Europe/Madrid", end=date(2026, 11, 2), weeks=2)
    lengths = np.diff(days.midnights)
    assert len(days.dates) == 14
    assert lengths[days.dates.index(date(2026, 10, 25))] == 25 * HOUR
    assert np.count_nonzero(lengths == 24 * HOUR) == 13


def test_weekends_are_quiet_and_the_last_friday_is_the_busiest_day():
    days = calendar()
    weekday = np.array([day.weekday() for day in days.dates])
    quiet = days.weights[weekday >= 5].mean() / days.weights[weekday < 4].mean()
    assert 0.4 < quiet < 0.5
    assert days.dates[np.argmax(days.weights)] == date(2026, 11, 13)


def test_conversations_begin_in_office_hours_with_a_lunch_dip():
    days = calendar()
    starts = usual_starts(days, 2, 50_000, np.random.default_rng(1))
    hours = np.bincount((starts - days.midnights[2]) // HOUR, minlength=24)
    assert hours.sum() == 50_000
    assert hours[10] > 1.2 * hours[12]
    assert hours[15] > 1.2 * hours[12]
    assert hours[19] > hours[22] > hours[3]


def test_the_campaign_s_busiest_minute_is_three_past_two():
    days = calendar()
    starts = campaign_starts(days, 120, 280, np.random.default_rng(1))
    at = local_instant(date(2026, 11, 13), 14 * 60 + 3, ZoneInfo("America/Bogota"))
    minutes = np.bincount((starts - at) // MINUTE)
    assert np.argmax(minutes) == 0
    assert minutes[0] > 3 * minutes[2:].max()
    assert starts.max() < days.midnights[days.campaign_day + 1]
