"""Where rows count: by plain Python, row by row."""

from bisect import bisect
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime

from tidings.metrics.edition import Edition
from tidings.metrics.evidence import Cell, Place, Row
from tidings.metrics.expressions.messages import language_tags
from tidings.metrics.tables import agent_shown

Places = Iterator[tuple[Place, Row]]


def local_date(instant: datetime, edition: Edition) -> date:
    """The local day of an instant of the period."""
    period = edition.period
    return period.days[bisect(period.day_starts, instant.replace(tzinfo=UTC)) - 1]


def by_day(instant: str) -> Callable[[Iterable[Row], Edition], Places]:
    """By the local day of an instant."""
    return lambda rows, edition: (((local_date(row[instant], edition),), row) for row in rows)


def by_reason(rows: Iterable[Row], edition: Edition) -> Places:
    """By closing reason."""
    return (((row["closing_reason"],), row) for row in rows)


def missed(rows: Iterable[Row], edition: Edition) -> Places:
    """The missed ones among assignments."""
    return (((), row) for row in rows if outcome(row) == "missed")


def by_intent(rows: Iterable[Row], edition: Edition) -> Places:
    """By intent, if its name means one."""
    return (((row["intent"],), row) for row in rows if is_recognised(row["intent"], edition))


def by_language(rows: Iterable[Row], edition: Edition) -> Places:
    """By the language of most of the user's messages; of several, the one used last."""
    tags, of_user = edition.cached(language_tags), defaultdict(list)
    for row in rows:
        of_user[row["user_id"]].append(row)
    for own in of_user.values():
        used = defaultdict(list)
        for row in own:
            if row["language"] is not None:
                used[tags.get(row["language"], row["language"])].append(row["sent_at"])
        ranks = sorted(
            sorted(used), key=lambda language: (len(used[language]), max(used[language])), reverse=True
        )
        yield from (((ranks[0] if ranks else None,), row) for row in own)


def by_start(rows: Iterable[Row], edition: Edition) -> Places:
    """By a conversation's entry point, its first flow and the first intent recognised in it."""
    of_conversation = defaultdict(list)
    for row in rows:
        of_conversation[row["conversation_id"]].append(row)
    for own in of_conversation.values():
        recognised = [
            row for row in own if row["intent"] is not None and is_recognised(row["intent"], edition)
        ]
        first = min(recognised, key=lambda row: (row["sent_at"], row["intent"]), default=None)
        intent = first["intent"] if first else None
        yield from (((row["entry_point"], row["start_flow"], intent), row) for row in own)


def by_agent(rows: Iterable[Row], edition: Edition) -> Places:
    """By the name that an agent is shown by."""
    return (((agent_shown(row["agent_id"], edition),), row) for row in rows)


def by_day_and_agent(rows: Iterable[Row], edition: Edition) -> Places:
    """By the local day of the assignment, and the name that the agent is shown by."""
    for row in rows:
        yield (local_date(row["assigned_at"], edition), agent_shown(row["agent_id"], edition)), row


def stretches_by_agent(begins: str, ends: str) -> Callable[[Iterable[Row], Edition], Places]:
    """By the agent whose time it is, between two instants, as far as it lies in the period."""

    def places(rows: Iterable[Row], edition: Edition) -> Places:
        period = Cell([], [], edition)
        return (
            (place, row) for place, row in by_agent(rows, edition) if period.inside(row[begins], row[ends])
        )

    return places


def stretches_by_day_and_agent(begins: str, ends: str) -> Callable[[Iterable[Row], Edition], Places]:
    """By each local day in which a part of it lies, and the agent whose time it is, between two instants."""

    def places(rows: Iterable[Row], edition: Edition) -> Places:
        days = [Cell([], [], edition, day) for day in edition.period.days]
        for row in rows:
            agent = agent_shown(row["agent_id"], edition)
            yield from (((cell.day, agent), row) for cell in days if cell.inside(row[begins], row[ends]))

    return places


def by_step(rows: Iterable[Row], edition: Edition) -> Places:
    """By the step of the walk from the agents' conversations to the total, and in the total once more."""
    seen = set()
    for row in rows:
        step = outcome(row)
        if step == "handled":
            again = (row["agent_id"], row["conversation_id"]) in seen
            seen.add((row["agent_id"], row["conversation_id"]))
            step = (
                "further assignments to an agent who already had the conversation"
                if again
                else "sum of conversations per agent"
            )
        yield (step,), row
        yield ("total conversations",), row


def outcome(row: Row) -> str:
    """What became of an assignment: ``handled``, ``missed`` or ``other``."""
    if row["answered_at"] is not None:
        return "handled"
    return "missed" if row["closed_at"] is not None and row["handed_on_to"] is None else "other"


def is_recognised(intent: str, edition: Edition) -> bool:
    """Whether a name means an intent, and not that nothing was recognised."""
    return intent.lower() not in [name.lower() for name in edition.tenant.fallback_intents]
