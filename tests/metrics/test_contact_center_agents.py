"""Agent performance: names, effort clipped to the period and split by day, and the reconciliation."""

import tempfile
from collections import defaultdict
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.tables import assignment, edition_of, message, rows_of, session

from tidings.metrics import contact_center

WEEK = "2026-W46"  # Mon 9 – Sun 15 November 2026


def _agent(agent_id: str, name: str | None = None) -> dict:
    return {"agent_id": agent_id, "name": name}


def _edition(folder, *stays, period=WEEK, **more):
    keys = {key: more.pop(key) for key in ("time_zone",) if key in more}
    return edition_of(folder, period, {"assignments": list(stays)} | more, **keys)


def test_two_agents_of_one_name_stay_two_and_an_unknown_one_has_its_id(tmp_path):
    stays = [
        assignment(
            str(n),
            "2026-11-09 10:00",
            "2026-11-09 10:01",
            "2026-11-09 10:02",
            agent_id=agent,
            conversation_id=f"c{n}",
        )
        for n, agent in enumerate(["a1", "a1", "a2", "ghost", "a3"])
    ]
    named = [_agent("a1", "Ana"), _agent("a2", "Ana"), _agent("a3"), _agent("a4", "Idle")]
    edition = _edition(tmp_path, *stays, agents=named)
    assert rows_of(contact_center.agent_conversations(edition).value) == [
        ("Ana (a1)", 2),
        ("Ana (a2)", 1),
        ("a3", 1),
        ("ghost", 1),
    ]


def test_a_conversation_that_comes_back_counts_once_for_the_agent_and_reconciles(tmp_path):
    edition = _edition(
        tmp_path,
        assignment("1", "2026-11-09 10:00", "2026-11-09 10:01", "2026-11-09 10:05", agent_id="a"),
        assignment(
            "2",
            "2026-11-09 10:05",
            "2026-11-09 10:06",
            "2026-11-09 10:09",
            agent_id="b",
            transferred_from="1",
        ),
        assignment(
            "3",
            "2026-11-10 10:09",
            "2026-11-10 10:10",
            "2026-11-10 10:20",
            agent_id="a",
            transferred_from="2",
        ),
        assignment("4", "2026-11-10 11:00", None, "2026-11-10 11:05", conversation_id="c2"),
        assignment("5", "2026-11-10 12:00", conversation_id="c3"),
    )
    assert rows_of(contact_center.agent_conversations(edition).value) == [("a", 1), ("b", 1)]
    daily = [row for row in rows_of(contact_center.agent_conversations_daily(edition).value) if row[2]]
    assert daily == [("2026-11-09", "a", 1), ("2026-11-09", "b", 1), ("2026-11-10", "a", 1)]
    assert len(contact_center.agent_conversations_daily(edition).value) == 7 * 2
    assert [row[1] for row in rows_of(contact_center.reconciliation(edition).value)] == [2, 1, 1, 1, 5]


def test_a_conversation_that_comes_back_on_the_same_day_counts_once_on_that_day(tmp_path):
    edition = _edition(
        tmp_path,
        assignment("1", "2026-11-10 10:00", "2026-11-10 10:01", "2026-11-10 10:05", agent_id="a"),
        assignment("2", "2026-11-10 15:00", "2026-11-10 15:01", "2026-11-10 15:05", agent_id="a"),
        assignment("3", "2026-11-10 16:00", "2026-11-10 16:01", agent_id="a", conversation_id="c2"),
        assignment("4", "2026-11-11 10:00", "2026-11-11 10:01", agent_id="a"),
    )
    daily = [row for row in rows_of(contact_center.agent_conversations_daily(edition).value) if row[2]]
    assert daily == [("2026-11-10", "a", 2), ("2026-11-11", "a", 1)]
    assert rows_of(contact_center.agent_conversations(edition).value) == [("a", 2)]


def test_talk_is_clipped_to_the_period_and_split_at_local_midnight(tmp_path):
    edition = _edition(
        tmp_path,
        assignment("1", "2026-11-09 03:00", "2026-11-09 04:30", "2026-11-09 05:10", agent_id="a"),
        assignment("2", "2026-11-10 03:00", "2026-11-10 04:30", "2026-11-10 05:10", agent_id="a"),
        time_zone="America/Bogota",
    )
    assert rows_of(contact_center.agent_minutes(edition).value) == [("a", 50.0)]
    assert [row[2] for row in rows_of(contact_center.agent_minutes_daily(edition).value)] == [
        40,
        10,
        0,
        0,
        0,
        0,
        0,
    ]


def test_talk_at_the_same_time_adds_up_and_what_never_closed_is_in_a_note(tmp_path):
    edition = _edition(
        tmp_path,
        assignment("1", "2026-11-09 10:00", "2026-11-09 10:00", "2026-11-09 10:30", agent_id="a"),
        assignment("2", "2026-11-09 10:00", "2026-11-09 10:00", "2026-11-09 10:30", agent_id="a"),
        assignment("3", "2026-11-09 10:00", "2026-11-09 10:00", None, agent_id="a"),
    )
    assert rows_of(contact_center.agent_minutes(edition).value) == [("a", 60.0)]
    assert contact_center.agent_minutes(edition).notes == (
        "1 conversation was answered and never closed: its minutes are not known.",
    )


def test_a_login_over_two_midnights_and_a_clock_change(tmp_path):
    # Amsterdam put its clocks back on Sunday 25 October 2026: that day has 25 hours.
    edition = _edition(
        tmp_path,
        agent_sessions=[session("a", "2026-10-24 21:00", "2026-10-25 23:30")],
        period="2026-10-24..2026-10-26",
        time_zone="Europe/Amsterdam",
    )
    assert rows_of(contact_center.agent_hours_daily(edition).value) == [
        ("2026-10-24", "a", 1.0),
        ("2026-10-25", "a", 25.0),
        ("2026-10-26", "a", 0.5),
    ]


def test_logins_that_overlap_count_once(tmp_path):
    logins = [
        session("a", "2026-11-09 08:00", "2026-11-09 12:00"),
        session("a", "2026-11-09 09:00", "2026-11-09 10:00"),
        session("a", "2026-11-09 11:00", "2026-11-09 13:00"),
        session("a", "2026-11-09 13:00", "2026-11-09 14:00"),
        session("b", "2026-11-09 08:00", "2026-11-09 09:00"),
    ]
    edition = _edition(tmp_path, agent_sessions=logins)
    assert rows_of(contact_center.agent_hours(edition).value) == [("a", 6.0), ("b", 1.0)]


@pytest.mark.parametrize(("last", "hours"), [("2026-11-11 00:00", 24.0), ("2026-12-01 00:00", 6 * 24.0)])
def test_an_open_login_counts_to_the_end_of_the_data_or_the_period(tmp_path, last, hours):
    edition = _edition(tmp_path, agent_sessions=[session("a", "2026-11-10 00:00")], messages=[message(last)])
    assert rows_of(contact_center.agent_hours(edition).value) == [("a", hours)]
    assert contact_center.agent_hours(edition).notes == (
        "Still logged in at the end, and counted until then: a.",
    )


def test_an_agent_without_conversations_and_one_without_logins(tmp_path):
    edition = _edition(
        tmp_path,
        assignment("1", "2026-11-09 10:00", "2026-11-09 10:01", "2026-11-09 10:02", agent_id="talks"),
        agent_sessions=[session("waits", "2026-11-09 08:00", "2026-11-09 09:00")],
    )
    assert rows_of(contact_center.agent_conversations(edition).value) == [("talks", 1)]
    assert rows_of(contact_center.agent_hours(edition).value) == [("waits", 1.0)]


def test_no_logins_table_is_not_zero_hours(tmp_path):
    result = contact_center.agent_hours(_edition(tmp_path, assignment("1", "2026-11-09 10:00")))
    assert not result.available


def test_of_very_many_who_are_still_logged_in_some_are_named(tmp_path):
    logins = [session(f"a{number}", "2026-11-10 08:00") for number in range(9)]
    edition = edition_of(tmp_path, WEEK, {"agent_sessions": logins, "assignments": []})
    assert contact_center.agent_hours(edition).notes == (
        "Still logged in at the end, and counted until then: a0, a1, a2, a3, a4 and a5, and 3 more.",
    )


_SECOND = st.integers(-3 * 86400, 10 * 86400)
_LENGTH = st.none() | st.integers(0, 3 * 86400)
_STAY = st.tuples(_SECOND, _LENGTH, _LENGTH, st.sampled_from("ab") | st.none(), st.sampled_from("xyz"))
_LOGIN = st.tuples(_SECOND, _LENGTH, st.sampled_from("ab"))
# Monday 19 – Sunday 25 October 2026 in Amsterdam; the Sunday has 25 hours.
_MONDAY = datetime(2026, 10, 18, 22)


@settings(max_examples=10, deadline=None)
@given(st.lists(_STAY, max_size=12), st.lists(_LOGIN, min_size=1, max_size=8), st.data())
def test_every_figure_equals_that_of_a_plain_loop(stays, logins, data):
    rows = [_stay_row(n, stay, data) for n, stay in enumerate(stays)]
    sessions = [_login_row(login) for login in logins]
    with tempfile.TemporaryDirectory() as folder:
        edition = edition_of(
            Path(folder),
            "2026-W43",
            {"assignments": rows, "agent_sessions": sessions},
            time_zone="Europe/Amsterdam",
        )
        assert _by_library(edition) == _by_loop(rows, sessions, edition.period)


def _stay_row(number, stay, data) -> dict:
    begun, wait, talk, agent, thread = stay
    assigned = _MONDAY + timedelta(seconds=begun)
    answered = None if wait is None else assigned + timedelta(seconds=wait)
    closed = None if talk is None else (answered or assigned) + timedelta(seconds=talk)
    earlier = data.draw(st.none() | st.sampled_from([str(n) for n in range(number)])) if number else None
    return assignment(str(number), None, None, None) | {
        "assigned_at": assigned,
        "answered_at": answered,
        "closed_at": closed,
        "agent_id": agent if answered else None,
        "conversation_id": thread,
        "transferred_from": earlier,
    }


def _login_row(login) -> dict:
    begun, length, agent = login
    connected = _MONDAY + timedelta(seconds=begun)
    ended = None if length is None else connected + timedelta(seconds=length)
    return session(agent, None) | {"connected_at": connected, "disconnected_at": ended}


def _rounded(rows) -> list[tuple]:
    return [tuple(round(value, 9) if isinstance(value, float) else value for value in row) for row in rows]


def _by_library(edition) -> dict:
    return {
        "total": contact_center.total_conversations(edition).value,
        "unique": contact_center.unique_conversations(edition).value,
        "outcomes": rows_of(contact_center.handled_vs_missed(edition).value),
        "missed share": contact_center.missed_share(edition).value,
        "wait": _rounded(rows_of(contact_center.wait_time(edition).value)),
        "talk": _rounded(rows_of(contact_center.conversation_time(edition).value)),
        "agents": rows_of(contact_center.agent_conversations(edition).value),
        "minutes": _rounded(rows_of(contact_center.agent_minutes_daily(edition).value)),
        "hours": _rounded(rows_of(contact_center.agent_hours_daily(edition).value)),
        "steps": [row[1] for row in rows_of(contact_center.reconciliation(edition).value)],
    }


def _by_loop(rows, sessions, period) -> dict:
    days = [day.isoformat() for day in period.days]
    bounds = [instant.replace(tzinfo=None) for instant in period.day_starts]
    mine = [row for row in rows if bounds[0] <= row["assigned_at"] < bounds[-1]]
    on_day = [[row for row in mine if low <= row["assigned_at"] < high] for low, high in pairwise(bounds)]
    handed_on = {row["transferred_from"] for row in rows}
    answered = defaultdict(list)
    for row in mine:
        if row["answered_at"]:
            answered[row["agent_id"] or "not given"].append(row["conversation_id"])
    per_agent = {agent: len(set(threads)) for agent, threads in answered.items()}
    outcomes = [
        tuple(
            sum(_outcome(row, handed_on) == kind for row in there) for kind in ("handled", "missed", "other")
        )
        for there in on_day
    ]
    further = sum(map(len, answered.values())) - sum(per_agent.values())
    missed, other = sum(day[1] for day in outcomes), sum(day[2] for day in outcomes)
    last = max(
        instant for row in rows + sessions for instant in row.values() if isinstance(instant, datetime)
    )
    talk = [
        (row["agent_id"] or "not given", row["answered_at"], row["closed_at"])
        for row in rows
        if row["answered_at"] and row["closed_at"]
    ]
    logins = [
        (row["agent_id"], row["connected_at"], row["disconnected_at"] or min(bounds[-1], last))
        for row in sessions
    ]
    return {
        "total": len(mine),
        "unique": len({row["conversation_id"] for row in mine}),
        "outcomes": [(day, *counts) for day, counts in zip(days, outcomes, strict=True)],
        "missed share": missed / len(mine) if mine else None,
        "wait": [
            (day, *_mean_and_median(there, "assigned_at", "answered_at"))
            for day, there in zip(days, on_day, strict=True)
        ],
        "talk": [
            (day, *_mean_and_median(there, "answered_at", "closed_at"))
            for day, there in zip(days, on_day, strict=True)
        ],
        "agents": sorted(per_agent.items(), key=lambda pair: (-pair[1], pair[0])),
        "minutes": _by_second(talk, days, bounds, 60, is_union=False),
        "hours": _by_second(logins, days, bounds, 3600, is_union=True),
        "steps": [sum(per_agent.values()), further, missed, other, len(mine)],
    }


def _outcome(row, handed_on) -> str:
    if row["answered_at"]:
        return "handled"
    return "missed" if row["closed_at"] and row["assignment_id"] not in handed_on else "other"


def _mean_and_median(rows, begin, end) -> tuple:
    lengths = sorted((row[end] - row[begin]).total_seconds() / 60 for row in rows if row[begin] and row[end])
    if not lengths:
        return None, None
    middle = len(lengths) // 2
    median = lengths[middle] if len(lengths) % 2 else (lengths[middle - 1] + lengths[middle]) / 2
    return round(sum(lengths) / len(lengths), 9), round(median, 9)


def _by_second(stretches, days, bounds, unit, *, is_union) -> list[tuple]:
    """Time by day and agent: between one mark and the next, as many stretches as cover it."""
    rows = []
    for agent in {agent for agent, begin, end in stretches if max(begin, bounds[0]) < min(end, bounds[-1])}:
        own = [(begin, end) for name, begin, end in stretches if name == agent]
        marks = sorted({*bounds, *(instant for pair in own for instant in pair)})
        for day, low, high in zip(days, bounds, bounds[1:], strict=False):
            total = 0.0
            for left, right in pairwise(marks):
                depth = sum(begin <= left and right <= end for begin, end in own)
                if low <= left and right <= high:
                    total += (right - left).total_seconds() * (min(depth, 1) if is_union else depth)
            rows.append((day, agent, round(total / unit, 9)))
    return sorted(rows)
