"""Activity: literal rows in, the numbers out; and a second, plainer route to the same numbers."""

import tempfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.tables import edition_of, message, rows_of

from tidings.metrics import activity

WEEK = "2026-W46"  # Mon 9 – Sun 15 November 2026


def test_numbers_of_three_messages(tmp_path):
    rows = [
        message("2026-11-09 10:00:10", user="u1", thread="c1"),
        message("2026-11-09 10:00:50", user="u1", thread="c1", direction="outgoing", sender="bot"),
        message("2026-11-11 23:59:59", user="u2", thread="c2"),
    ]
    edition = edition_of(tmp_path, WEEK, {"messages": rows})
    assert activity.new_users(edition).value == 2
    assert activity.active_users(edition).value == 2
    assert activity.total_messages(edition).value == 3
    assert activity.peak_volume(edition).value == 2
    assert activity.peak_time(edition).value == "2026-11-09T10:00:00+00:00"
    assert [row[1] for row in rows_of(activity.incoming_messages(edition).value)] == [1, 0, 1, 0, 0, 0, 0]
    assert [row[1] for row in rows_of(activity.conversations(edition).value)] == [1, 0, 1, 0, 0, 0, 0]
    assert activity.total_conversations(edition).value == 2
    averages = [row[1] for row in rows_of(activity.messages_per_conversation(edition).value)]
    assert averages == [2.0, None, 1.0, None, None, None, None]
    spikes = [row[1] for row in rows_of(activity.max_messages_per_minute(edition).value)]
    assert spikes == [2, 0, 1, 0, 0, 0, 0]


def test_a_user_who_was_written_to_and_did_not_write_is_not_active(tmp_path):
    messages = [
        message("2026-11-10 10:00", user="writes"),
        message("2026-11-10 10:01", user="writes"),
        message("2026-11-10 10:02", user="is written to", direction="outgoing", sender="bot"),
    ]
    edition = edition_of(tmp_path, "2026-W46", {"messages": messages})
    assert activity.active_users(edition).value == 1
    assert activity.total_messages(edition).value == 3


def test_a_period_without_messages_has_zeros_gaps_and_no_peak_time(tmp_path):
    edition = edition_of(tmp_path, WEEK, {"messages": [message("2026-10-01 10:00")]})
    assert activity.total_messages(edition).value == 0
    assert activity.peak_volume(edition).value == 0
    assert activity.peak_time(edition).value is None
    assert activity.active_users(edition).value == 0
    assert {row[1] for row in rows_of(activity.messages_per_conversation(edition).value)} == {None}


def test_the_period_holds_its_start_and_not_its_end(tmp_path):
    edge = [
        message("2026-11-09 05:00:00"),
        message("2026-11-16 05:00:00"),
        message("2026-11-09 04:59:59.999999"),
        message("2026-11-02 04:59:59.999999"),
    ]
    edition = edition_of(tmp_path, WEEK, {"messages": edge}, time_zone="America/Bogota")
    assert activity.total_messages(edition).value == 1
    assert activity.total_messages(edition).previous == 1


def test_the_earliest_of_several_busiest_minutes_is_the_peak(tmp_path):
    rows = [message(f"2026-11-{day} 10:0{minute}:30") for day, minute in ((12, 1), (10, 5), (10, 3), (14, 1))]
    edition = edition_of(tmp_path, WEEK, {"messages": rows}, time_zone="America/Bogota")
    assert activity.peak_time(edition).value == "2026-11-10T05:03:00-05:00"


def test_a_conversation_of_two_days_counts_on_both_and_once_in_the_period(tmp_path):
    rows = [message("2026-11-09 23:59", thread="c1"), message("2026-11-10 00:01", thread="c1")]
    edition = edition_of(tmp_path, WEEK, {"messages": rows})
    assert [row[1] for row in rows_of(activity.conversations(edition).value)][:2] == [1, 1]
    assert activity.total_conversations(edition).value == 1


def test_new_users_come_from_the_users_table_where_there_is_one(tmp_path):
    users = [
        {"user_id": "u1", "first_seen_at": datetime(2026, 11, 9)},
        {"user_id": "u2", "first_seen_at": datetime(2026, 11, 3)},
        {"user_id": "u3", "first_seen_at": datetime(2020, 1, 1)},
    ]
    rows = [message("2026-11-10 10:00", user=name) for name in ("u2", "u3")]
    rows.append(message("2026-10-01 10:00", user="u3"))
    edition = edition_of(tmp_path, WEEK, {"messages": rows, "users": users})
    assert activity.new_users(edition).value == 1
    assert activity.new_users(edition).previous == 1


def test_without_a_users_table_an_outgoing_message_makes_no_new_user(tmp_path):
    rows = [
        message("2026-11-03 10:00", user="u1", direction="outgoing", sender="bot"),
        message("2026-11-10 10:00", user="u1"),
        message("2020-01-01 10:00", user="u2"),
        message("2026-11-10 10:00", user="u2"),
    ]
    edition = edition_of(tmp_path, WEEK, {"messages": rows})
    assert activity.new_users(edition).value == 1
    assert activity.new_users(edition).previous == 0


@pytest.mark.parametrize(
    ("zone", "day", "hours"), [("Europe/Amsterdam", "2026-03-29", 23), ("Europe/Amsterdam", "2026-10-25", 25)]
)
def test_a_day_with_a_clock_change_is_one_day(tmp_path, zone, day, hours):
    midnight = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)
    rows = [message(midnight + timedelta(hours=hour, minutes=30)) for hour in range(-1, 26)]
    edition = edition_of(tmp_path, f"{day}..{day}", {"messages": rows}, time_zone=zone)
    assert rows_of(activity.incoming_messages(edition).value) == [(day, hours)]


_ZONES = st.sampled_from(["UTC", "America/Bogota", "Europe/Amsterdam", "Asia/Kolkata", "Pacific/Apia"])
_START = datetime(2026, 3, 16, tzinfo=UTC)
_MESSAGES = st.lists(
    st.tuples(
        st.integers(0, 21 * 86400),
        st.sampled_from("abcd"),
        st.sampled_from("wxyz"),
        st.sampled_from(["incoming", "outgoing"]),
    ),
    min_size=1,
    max_size=60,
)


@settings(max_examples=15, deadline=None)
@given(_MESSAGES, _ZONES)
def test_every_number_equals_that_of_a_plain_loop(messages, zone):
    rows = [
        message(
            (_START + timedelta(seconds=s)).replace(tzinfo=None),
            user=user,
            thread=thread,
            direction=direction,
        )
        for s, user, thread, direction in messages
    ]
    with tempfile.TemporaryDirectory() as folder:
        edition = edition_of(Path(folder), "2026-W13", {"messages": rows}, time_zone=zone)
        assert _by_library(edition) == _by_loop(rows, edition.period)


def _by_library(edition) -> dict:
    return {
        "new_users": activity.new_users(edition).value,
        "active_users": activity.active_users(edition).value,
        "total": activity.total_messages(edition).value,
        "peak": activity.peak_volume(edition).value,
        "peak_time": activity.peak_time(edition).value,
        "incoming": rows_of(activity.incoming_messages(edition).value),
        "conversations": rows_of(activity.conversations(edition).value),
        "total_conversations": activity.total_conversations(edition).value,
        "average": rows_of(activity.messages_per_conversation(edition).value),
        "average in all": activity.average_messages_per_conversation(edition).value,
        "active by day": activity.active_users(edition).by_day,
        "new by day": activity.new_users(edition).by_day,
        "notes": activity.peak_time(edition).notes,
        "spikes": rows_of(activity.max_messages_per_minute(edition).value),
    }


def _by_loop(rows, period) -> dict:
    """The same numbers from local wall-clock time, row by row."""
    local = [(row["sent_at"].replace(tzinfo=UTC).astimezone(period.zone), row) for row in rows]
    local = [(when, row) for when, row in local if period.first <= when.date() <= period.last]
    firsts = {}
    for row in sorted((r for r in rows if r["direction"] == "incoming"), key=lambda r: r["sent_at"]):
        firsts.setdefault(row["user_id"], row["sent_at"].replace(tzinfo=UTC).astimezone(period.zone).date())
    days = [day.isoformat() for day in period.days]
    by_day = {day: [row for when, row in local if when.date().isoformat() == day] for day in days}
    minutes = Counter(when.replace(second=0, microsecond=0) for when, _ in local)
    threads = {day: len({row["conversation_id"] for row in there}) for day, there in by_day.items()}
    peak = max(minutes.values(), default=0)
    busiest = min((m for m, n in minutes.items() if n == peak), key=lambda m: m.timestamp(), default=None)
    by_minute = {day: [n for m, n in minutes.items() if m.date().isoformat() == day] for day in days}
    return {
        "new_users": sum(period.first <= day <= period.last for day in firsts.values()),
        "active_users": len({row["user_id"] for _, row in local if row["direction"] == "incoming"}),
        "total": len(local),
        "peak": peak,
        "peak_time": busiest.isoformat() if busiest else None,
        "incoming": [(day, sum(r["direction"] == "incoming" for r in by_day[day])) for day in days],
        "conversations": list(threads.items()),
        "total_conversations": len({row["conversation_id"] for _, row in local}),
        "average": [(day, len(by_day[day]) / threads[day] if threads[day] else None) for day in days],
        "average in all": len(local) / len({row["conversation_id"] for _, row in local}) if local else None,
        "active by day": tuple(
            len({row["user_id"] for row in by_day[day] if row["direction"] == "incoming"}) for day in days
        ),
        "new by day": tuple(Counter(firsts.values())[day] for day in period.days),
        "notes": _as_busy(sum(n == peak for n in minutes.values())),
        "spikes": [(day, max(by_minute[day], default=0)) for day in days],
    }


def _as_busy(minutes: int) -> tuple[str, ...]:
    if minutes < 2:
        return ()
    return (
        ("1 other minute was as busy.",) if minutes == 2 else (f"{minutes - 1} other minutes were as busy.",)
    )
