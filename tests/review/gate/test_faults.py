"""Faults planted in a clean feed, each in another guise: what the gate must do about it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from support.feeds import FIRST, Tables, cut, judge_feed, make_feed
from support.quick import slow_but

from tidings.errors import ContractError
from tidings.periods.clock import VARIABLE

PERIOD = "2026-W22"
MONDAY, END = FIRST + timedelta(days=7 * 8), FIRST + timedelta(days=7 * 9)
READ_AT = END + timedelta(hours=6)
STARTS = {"messages": "sent_at", "conversations": "started_at", "assignments": "assigned_at"}
_DAY, _SEVEN_MINUTES = timedelta(days=1), timedelta(minutes=7)


@pytest.fixture(scope="module")
def feed() -> Tables:
    """Nine weeks, the last of which is reported on, read the morning after."""
    return cut(make_feed(1, weeks=10, a_day=30, noise=0.05), READ_AT)


@pytest.fixture
def judge(tmp_path, monkeypatch):
    def judge(tables: Tables, **keys):
        monkeypatch.setenv(VARIABLE, f"{READ_AT.isoformat()}Z")
        return judge_feed(tmp_path, tables, PERIOD, READ_AT, **keys)

    return judge


def keep(tables: Tables, wanted: Callable[[str, dict], bool]) -> Tables:
    """The rows that are wanted, of every table."""
    return {name: [row for row in rows if wanted(name, row)] for name, rows in tables.items()}


def change(tables: Tables, table: str, column: str, new: Callable[[dict], object], every: int = 1) -> Tables:
    """The tables with a column of the period's rows, or of every so many of them, changed."""
    start = STARTS.get(table, "connected_at")
    changed, number = [], 0
    for row in tables[table]:
        if row[start] >= MONDAY and row.get(column) is not None:
            number += 1
            row = row | {column: new(row)} if number % every == 0 else row
        changed.append(row)
    return tables | {table: changed}


def instant(table: str, row: dict) -> datetime:
    """When a row happened; long ago where it did not."""
    return row[STARTS[table]] if table in STARTS else row.get("connected_at", FIRST)


def thread_number(row: dict) -> int:
    return int(row["conversation_id"][1:])


def end_at(end: datetime) -> Callable[[Tables], Tables]:
    return lambda tables: cut(tables, end)


def leave_out_day(day: int, *names: str) -> Callable[[Tables], Tables]:
    begin = MONDAY + day * _DAY
    return lambda tables: keep(
        tables,
        lambda name, row: name not in names or not begin <= instant(name, row) < begin + _DAY,
    )


def keep_threads(wanted: Callable[[int], bool], *names: str) -> Callable[[Tables], Tables]:
    """Of the period only some conversations, in some tables."""
    return lambda tables: keep(
        tables,
        lambda name, row: name not in names or instant(name, row) < MONDAY or wanted(thread_number(row)),
    )


def load_again(
    *names: str, days: int, times: int = 1, shift: timedelta = timedelta(0), whole: bool = False
) -> Callable[[Tables], Tables]:
    """Rows of the period's first days once more, under other ids, maybe somewhat later or by the second."""

    def copy(row: dict, number: int) -> dict:
        copied = {key: value + shift if isinstance(value, datetime) else value for key, value in row.items()}
        if whole:
            copied = {
                k: v.replace(microsecond=0) if isinstance(v, datetime) else v for k, v in copied.items()
            }
        own = ("message_id", "conversation_id", "assignment_id")
        return copied | {key: f"{copied[key]}-{number}" for key in own if copied.get(key)}

    def load(tables: Tables) -> Tables:
        again = {
            name: [
                copy(row, number)
                for row in tables[name]
                if MONDAY <= instant(name, row) < MONDAY + days * _DAY
                for number in range(1, times + 1)
            ]
            for name in names
        }
        return tables | {name: tables[name] + rows for name, rows in again.items()}

    return load


def in_whole_minutes(tables: Tables) -> Tables:
    return {
        name: [
            {k: v.replace(second=0, microsecond=0) if isinstance(v, datetime) else v for k, v in row.items()}
            for row in rows
        ]
        for name, rows in tables.items()
    }


EVENTS = ("messages", "conversations", "assignments")
FAULTS = {
    "the source ends three days early": ("hold", "freshness", end_at(END - 3 * _DAY)),
    "the source ends on the last morning": ("hold", "freshness", end_at(END - timedelta(hours=16))),
    "the source ended before the period": ("hold", "freshness", end_at(MONDAY)),
    "the source begins within the period": (
        "note",
        "started",
        lambda tables: (
            keep(tables, lambda name, row: name not in EVENTS or instant(name, row) > MONDAY + 2 * _DAY)
            | {"users": [], "agent_sessions": [], "agents": []}
        ),
    ),
    "the source begins within the period before": (
        "note",
        "started",
        lambda tables: {
            name: [row for row in tables[name] if instant(name, row) > MONDAY - 4 * _DAY] for name in EVENTS
        },
    ),
    "a day has no messages": ("hold", "empty day", leave_out_day(2, "messages")),
    "a day is missing everywhere": ("hold", "empty day", leave_out_day(3, *EVENTS, "agent_sessions")),
    "half of the conversations are missing": ("review", "volume", keep_threads(lambda n: n % 2, *EVENTS)),
    "one day has three times as much": (
        "review",
        "volume",
        load_again(*EVENTS, days=1, times=2, shift=_SEVEN_MINUTES),
    ),
    "three in four conversations are missing": (
        "hold",
        "volume",
        keep_threads(lambda n: n % 4 == 0, *EVENTS),
    ),
    "all days have twice as much": (
        "hold",
        "volume",
        load_again(*EVENTS, days=7, shift=timedelta(minutes=7)),
    ),
    "messages of every fifth conversation are missing": (
        "hold",
        "half loaded",
        keep_threads(lambda n: n % 5 > 0, "messages"),
    ),
    "messages lost the assignments that they belong to": (
        "hold",
        "half loaded",
        lambda tables: change(
            tables,
            "messages",
            "assignment_id",
            lambda row: None if thread_number(row) % 2 else row["assignment_id"],
        ),
    ),
    "a day's messages are loaded twice": ("hold", "duplicated rows", load_again("messages", days=1)),
    "all tables of a day are loaded twice, by the second": (
        "hold",
        "duplicated rows",
        load_again(*EVENTS, days=1, whole=True),
    ),
    "a day's messages of whole minutes are there twice": (
        "hold",
        "duplicated rows",
        lambda tables: load_again("messages", days=1)(in_whole_minutes(tables)),
    ),
    "assignments are there twice": ("hold", "duplicated rows", load_again("assignments", days=7)),
    "ids of assignments were written as floats": (
        "hold",
        "references",
        lambda tables: change(
            change(tables, "messages", "assignment_id", lambda row: row["assignment_id"][1:] + ".0"),
            "assignments",
            "assignment_id",
            lambda row: row["assignment_id"][1:],
        ),
    ),
    "ids of conversations have zeros before them": (
        "hold",
        "references",
        lambda tables: change(
            change(tables, "messages", "conversation_id", lambda row: row["conversation_id"][1:].zfill(9)),
            "conversations",
            "conversation_id",
            lambda row: row["conversation_id"][1:],
        ),
    ),
    "ids of users have a blank behind them": (
        "hold",
        "references",
        lambda tables: change(tables, "messages", "user_id", lambda row: row["user_id"] + " ", every=20),
    ),
    "ids of users are in capitals": (
        "hold",
        "references",
        lambda tables: change(tables, "messages", "user_id", lambda row: row["user_id"].upper(), every=20),
    ),
    "missing assignments are called nan": (
        "hold",
        "references",
        lambda tables: change(
            tables,
            "messages",
            "assignment_id",
            lambda row: "nan" if row["sender"] == "bot" else row["assignment_id"],
        ),
    ),
    "an agent's id is spelled otherwise": (
        "hold",
        "references",
        lambda tables: change(
            tables, "assignments", "agent_id", lambda row: row["agent_id"].upper(), every=9
        ),
    ),
    "a user is in no row": (
        "review",
        "references",
        lambda tables: change(tables, "messages", "user_id", lambda row: "u-gone", every=400),
    ),
    "an agent is in no row": (
        "review",
        "references",
        lambda tables: change(tables, "assignments", "agent_id", lambda row: "new", every=9),
    ),
    "a conversation ends before it begins": (
        "review",
        "order",
        lambda tables: change(
            tables,
            "conversations",
            "ended_at",
            lambda row: row["started_at"] - timedelta(minutes=1),
            every=110,
        ),
    ),
    "agents answer before they are asked": (
        "hold",
        "order",
        lambda tables: change(
            tables, "assignments", "answered_at", lambda row: row["assigned_at"] - timedelta(hours=1), every=4
        ),
    ),
    "the table of users is empty": ("hold", "empty table", lambda tables: tables | {"users": []}),
    "the table of messages is empty": ("hold", "empty table", lambda tables: tables | {"messages": []}),
    "the table of agents is empty": ("hold", "empty table", lambda tables: tables | {"agents": []}),
    "all messages are of one minute": (
        "review",
        "one value",
        lambda tables: change(
            tables, "messages", "sent_at", lambda row: MONDAY + row["sent_at"].second * _DAY / 86400
        ),
    ),
    "all messages are of one user": (
        "review",
        "one value",
        lambda tables: change(tables, "messages", "user_id", lambda row: "u1"),
    ),
    "all incoming messages are the bot's": (
        "review",
        "one value",
        lambda tables: change(tables, "messages", "sender", lambda row: "bot"),
    ),
}


# One of each check, and both severities where a check has two: all of them are tried as slow ones.
_TYPICAL = (
    "the source ends on the last morning",
    "the source begins within the period",
    "a day has no messages",
    "one day has three times as much",
    "three in four conversations are missing",
    "messages of every fifth conversation are missing",
    "a day's messages are loaded twice",
    "ids of assignments were written as floats",
    "a user is in no row",
    "agents answer before they are asked",
    "the table of users is empty",
    "all messages are of one user",
)


@pytest.mark.parametrize("fault", slow_but(_TYPICAL, FAULTS))
def test_a_fault_is_found_by_its_check_and_has_the_severity_of_its_kind(fault, feed, judge):
    severity, check, plant = FAULTS[fault]
    found = [finding for finding in judge(plant(feed)).findings if finding.check == check]
    assert [finding.severity.word for finding in found[:1]] == [severity]


REFUSED = {
    "assignments are closed in 2099": lambda tables: change(
        tables, "assignments", "closed_at", lambda row: datetime(2099, 1, 1)
    ),
    "a login ends two hours after the reading": lambda tables: change(
        tables, "agent_sessions", "disconnected_at", lambda row: READ_AT + timedelta(hours=2), every=9
    ),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_an_instant_that_has_not_come_is_refused_before_any_check(fault, feed, judge):
    with pytest.raises(ContractError, match="is later than now"):
        judge(REFUSED[fault](feed))


def test_a_clean_feed_has_no_findings(feed, judge):
    assert judge(feed).findings == ()


CLEAN = {
    "clocks that differ by three seconds": lambda tables: change(
        tables, "assignments", "answered_at", lambda row: row["assigned_at"] - timedelta(seconds=3), every=3
    ),
    "an end that is half an hour ahead": lambda tables: change(
        tables, "agent_sessions", "disconnected_at", lambda row: READ_AT + timedelta(minutes=30), every=9
    ),
    "three messages that are there twice": lambda tables: (
        tables
        | {
            "messages": tables["messages"]
            + [row | {"message_id": f"{row['message_id']}-2"} for row in tables["messages"][-3:]]
        }
    ),
}


@pytest.mark.parametrize("guise", CLEAN)
def test_what_only_looks_like_a_fault_is_let_through(guise, feed, judge):
    assert judge(CLEAN[guise](feed)).findings == ()


def test_a_limit_can_be_loosened_and_that_is_noted(feed, judge):
    tables = leave_out_day(2, "messages")(feed)
    assert judge(tables).state == "hold"
    verdict = judge(tables, gate={"empty_day": "off", "half_loaded": "50%", "volume_review": "off"})
    assert [finding.check for finding in verdict.findings] == ["loosened"] * 3


def test_a_holiday_is_not_expected_to_have_any_rows(feed, judge):
    tables = leave_out_day(3, *EVENTS, "agent_sessions")(feed)
    day = (MONDAY + 3 * _DAY).date().isoformat()
    assert judge(tables, holidays=[day]).state == "clean"


def test_a_source_that_is_known_to_be_complete_may_be_silent(feed, judge):
    tables = end_at(END - timedelta(hours=16))(feed)
    checks = [
        {found.check for found in judge(tables, complete_until=f"2026-05-{day}").findings} for day in (30, 31)
    ]
    assert ["freshness" in found for found in checks] == [True, False]


def test_no_verdict_needs_earlier_periods(feed, judge):
    tables = keep(feed, lambda name, row: name not in EVENTS or instant(name, row) >= MONDAY - 7 * _DAY)
    assert judge({name: tables[name] for name in EVENTS}).state in ("clean", "note")
