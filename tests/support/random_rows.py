"""Random rows of every table, around the week in which Amsterdam's clocks go back."""

import random
from datetime import datetime, timedelta

import pandas as pd
from support.tables import assignment, at, message, session

from tidings.metrics import METRICS
from tidings.metrics.edition import Edition

CLOCK_CHANGE = "2026-W43"  # in Amsterdam, the clocks go back on its Sunday, 25 October


def somewhen(chance: random.Random) -> datetime:
    """An instant of the three weeks around the clock change, on the hour once in a while."""
    seconds = chance.randrange(3 * 7 * 86_400)
    whole = chance.random() < 0.2
    micros = 0 if whole else chance.randrange(1_000_000)
    return at("2026-10-10 00:00:00") + timedelta(
        seconds=seconds // 3600 * 3600 if whole else seconds, microseconds=micros
    )


def later(instant: datetime, chance: random.Random, absent: float) -> datetime | None:
    """An instant after another one, or none; once in a while some seconds before it."""
    if chance.random() < absent:
        return None
    early = chance.random() < 0.1
    return instant + timedelta(seconds=-chance.uniform(0, 10) if early else chance.expovariate(1 / 20_000))


def random_messages(chance: random.Random) -> list[dict]:
    intents = ["Balance", "balance", "Ärger", "none", "unknown", "Zahlung", "Über uns", None]
    return [
        message(
            somewhen(chance),
            user=f"u{chance.randrange(30)}",
            thread=f"c{chance.randrange(80)}",
            direction=chance.choice(["incoming", "outgoing"]),
            sender=chance.choice(["user", "bot", "agent"]),
            assignment_id=chance.choice([None, "s1", "s2"]),
            intent=chance.choice(intents),
            language=chance.choice(["nl", "en", "EN", "eng", "pt-BR", "pt_br", "?", None]),
        )
        for _ in range(600)
    ]


def random_stay(number: int, chance: random.Random) -> dict:
    assigned = somewhen(chance)
    answered = later(assigned, chance, 0.3)
    closed = later(answered or assigned, chance, 0.2)
    return assignment(
        f"s{number}",
        assigned,
        answered,
        closed,
        conversation_id=f"c{chance.randrange(60)}",
        user_id=f"u{chance.randrange(30)}",
        transferred_from=chance.choice([None, None, f"s{chance.randrange(150)}"]),
        agent_id=f"a{chance.randrange(5)}" if answered else None,
        closing_reason=chance.choice(["solved", "Été", None]) if closed else None,
    )


def random_tables(seed: int) -> dict[str, list[dict]]:
    chance = random.Random(seed)
    starts = [somewhen(chance) for _ in range(80)]
    logins = [somewhen(chance) for _ in range(60)]
    return {
        "messages": random_messages(chance),
        "assignments": [random_stay(number, chance) for number in range(150)],
        "users": [{"user_id": f"u{n}", "first_seen_at": somewhen(chance)} for n in range(30)],
        "conversations": [
            {
                "conversation_id": f"c{number}",
                "user_id": f"u{chance.randrange(30)}",
                "started_at": start,
                "ended_at": later(start, chance, 0.3),
                "entry_point": chance.choice(["web", "Ad", None]),
                "start_flow": chance.choice(["Welcome", "menu", None]),
            }
            for number, start in enumerate(starts)
        ],
        "agents": [{"agent_id": f"a{n}", "name": chance.choice(["Ana", "Zoë", " ", None])} for n in range(4)],
        "agent_sessions": [
            session(f"a{chance.randrange(5)}", start, later(start, chance, 0.05)) for start in logins
        ],
    }


def assert_same_numbers(one: Edition, other: Edition) -> None:
    """See that every number of two editions is the same, with its previous value, its days and its notes."""
    for compute in METRICS:
        here, there = compute(one), compute(other)
        assert here.available, compute.metric.name
        assert there.available, compute.metric.name
        _assert_same(here.value, there.value, compute.metric.name)
        _assert_same(here.previous, there.previous, compute.metric.name)
        assert here.notes == there.notes
        assert here.by_day == there.by_day, compute.metric.name


def _assert_same(here, there, name: str) -> None:
    if isinstance(here, pd.DataFrame):
        pd.testing.assert_frame_equal(here, there, check_dtype=False, obj=name)
    else:
        assert here == there, name
