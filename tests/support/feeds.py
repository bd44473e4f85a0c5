"""Feeds: the tables of a made-up tenant over some weeks, clean, cut off where the source is read."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from support.tables import tenant, write_tables

from tidings.metrics.activity import active_users, total_conversations, total_messages
from tidings.metrics.edition import Edition
from tidings.metrics.observations import OBSERVATIONS, observe
from tidings.periods.period import Period, parse_period
from tidings.review.gate import Evidence, Verdict, judge
from tidings.sources.source import open_source
from tidings.tenants.tenant import Tenant

Tables = dict[str, list[dict]]

FIRST = datetime(2026, 3, 30)  # a Monday
_MINUTE = timedelta(minutes=1)


def make_feed(
    seed: int,
    *,
    weeks: int,
    a_day: float = 20.0,
    weekend: float = 0.4,
    growth: float = 0.0,
    noise: float = 0.1,
    opens: int = 7,
    closes: int = 22,
    whole_minutes: bool = False,
    bubbles: bool = False,
    factor: Callable[[datetime], float] = lambda day: 1.0,
) -> Tables:
    """All six tables: conversations of a few messages, of which every fourth is assigned to an agent.

    Parameters
    ----------
    a_day : float
        Conversations on a working day, on average.
    weekend, growth, noise : float
        What of it a day of the weekend has; by what it grows each week; the spread from day to day.
    opens, closes : int
        Between which hours (UTC) people write.
    whole_minutes : bool
        Whether the source keeps instants by the minute.
    bubbles : bool
        Whether the bot says everything in two messages of one instant.
    factor : callable
        What a day has in place of its usual number.
    """
    chance = random.Random(seed)
    tables: Tables = {
        name: [] for name in ("messages", "conversations", "users", "assignments", "agents", "agent_sessions")
    }
    agents = [f"agent-{number}" for number in range(4)]
    tables["agents"] = [{"agent_id": agent, "name": agent.title()} for agent in agents]
    seen: dict[str, datetime] = {}
    for number in range(7 * weeks):
        day = FIRST + timedelta(days=number)
        usual = a_day * (weekend if day.weekday() > 4 else 1) * (1 + growth) ** (number / 7)
        mean = usual * chance.lognormvariate(0, noise) * factor(day)
        for _ in range(_poisson(mean, chance)):
            begin = day + timedelta(hours=opens) + (closes - opens) * chance.betavariate(2, 2) * 60 * _MINUTE
            _add_conversation(tables, seen, begin, agents, chance, whole_minutes, bubbles)
        for agent in agents if mean else ():
            begin = day + timedelta(hours=9, seconds=chance.randrange(1200))
            session = {"session_id": f"l{number}-{agent}", "agent_id": agent, "connected_at": begin}
            tables["agent_sessions"].append(session | {"disconnected_at": begin + timedelta(hours=7)})
    tables["users"] = [{"user_id": user, "first_seen_at": when} for user, when in seen.items()]
    return tables


def cut(tables: Tables, read_at: datetime) -> Tables:
    """The tables as they are when the source is read: nothing of them is later."""
    starts = {"messages": "sent_at", "conversations": "started_at", "users": "first_seen_at"}
    starts |= {"assignments": "assigned_at", "agent_sessions": "connected_at"}
    return {
        name: [
            {
                key: None if isinstance(value, datetime) and value > read_at else value
                for key, value in row.items()
            }
            for row in rows
            if name not in starts or row[starts[name]] <= read_at
        ]
        for name, rows in tables.items()
    }


def record_feed(folder: Path, tables: Tables, who: Tenant, when: Period) -> dict:
    """What an edition of the tables records, as far as the gate reads it."""
    for old in folder.glob("*.parquet"):
        old.unlink()
    write_tables(folder, **tables)
    return record_tables(folder, who, when)


def record_tables(folder: Path, who: Tenant, when: Period) -> dict:
    """Likewise of tables that are in a folder already."""
    edition = Edition(who, when, open_source(who, folder))
    results = [metric(edition) for metric in (active_users, total_conversations, total_messages)]
    values = {f"{result.metric.name}.previous": result.previous for result in results}
    values["activity.active_users"] = results[0].value
    about = {"tenant": who.id, "period": when.key}
    return values | {"report.edition": about, OBSERVATIONS: observe(edition)}


def judge_feed(folder: Path, tables: Tables, period: str, read_at: datetime, **keys) -> Verdict:
    """The verdict on an edition of the tables as they are; the clock has to say when they are read."""
    who = tenant(folder, **keys)
    when = parse_period(period, who, read_at.replace(tzinfo=UTC))
    recorded = record_feed(folder, tables, who, when)
    return judge(Evidence(who, when, recorded, (), read_at.replace(tzinfo=UTC)))


def _add_conversation(
    tables: Tables,
    seen: dict[str, datetime],
    begin: datetime,
    agents: list[str],
    chance: random.Random,
    whole_minutes: bool,
    bubbles: bool,
) -> None:
    number = len(tables["conversations"])
    thread, user = f"c{number}", f"u{int(chance.paretovariate(0.5)) % 5000}"
    if whole_minutes:
        begin = begin.replace(second=0, microsecond=0)
    at, count = begin, chance.randrange(2, 9)
    seen[user] = min(seen.get(user, begin), begin)
    stay, agent = (f"a{number}", chance.choice(agents)) if chance.random() < 0.25 else (None, None)
    is_answered = chance.random() < 0.9
    for step in range(count):
        is_incoming = step % 2 == 0
        by_agent = stay and is_answered and step > 1
        message = {
            "message_id": f"m{number}-{step}",
            "conversation_id": thread,
            "user_id": user,
            "sent_at": at,
            "direction": "incoming" if is_incoming else "outgoing",
            "sender": "user" if is_incoming else "agent" if by_agent else "bot",
            "assignment_id": stay if step > 0 else None,
            "intent": chance.choice(["balance", "card", "none", None]) if is_incoming else None,
            "language": "en",
            "channel": "web",
        }
        tables["messages"].append(message)
        if bubbles and message["sender"] == "bot":
            tables["messages"].append(message | {"message_id": f"m{number}-{step}b"})
        pause = timedelta(seconds=chance.randrange(4, 240), microseconds=chance.randrange(1_000_000))
        at += timedelta(minutes=1 + pause.seconds // 60) if whole_minutes else pause
    ended = {"conversation_id": thread, "user_id": user, "started_at": begin, "ended_at": at}
    tables["conversations"].append(ended | {"channel": "web", "entry_point": "home", "start_flow": "hello"})
    if stay:
        assigned = begin + _MINUTE
        row = {"assignment_id": stay, "conversation_id": thread, "user_id": user, "queue": "sales"}
        row |= {"agent_id": agent if is_answered else None, "assigned_at": assigned}
        row |= {"answered_at": assigned + _MINUTE if is_answered else None}
        tables["assignments"].append(
            row | {"closed_at": max(at, assigned + 2 * _MINUTE), "closing_reason": "done"}
        )


def _poisson(mean: float, chance: random.Random) -> int:
    """How many of many chances come true (by Knuth; of a large mean the normal approximation)."""
    if mean > 30:
        return max(0, round(chance.gauss(mean, mean**0.5)))
    limit, count, product = 2.718281828459045**-mean, 0, chance.random()
    while product > limit:
        count, product = count + 1, product * chance.random()
    return count
