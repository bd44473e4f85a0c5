"""Numbers of rows, counted and measured by plain Python; of what tables hold, a value for each column."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, timedelta
from statistics import mean, median
from typing import Any

from tidings.metrics.evidence import Cell
from tidings.metrics.evidence.places import is_recognised, outcome

_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)


def how_many(cell: Cell) -> int:
    """How many rows there are."""
    return len(cell.rows)


def different(column: str) -> Callable[[Cell], int]:
    """How many different values a column has."""
    return lambda cell: len({row[column] for row in cell.rows})


def with_share(column: str) -> Callable[[Cell], tuple[int, float]]:
    """How many different values a column has, and which part of those of all rows they are."""

    def count(cell: Cell) -> tuple[int, float]:
        own = different(column)(cell)
        return own, own / (len({row[column] for row in cell.all_rows}) or 1)

    return count


def unrecognised_part(cell: Cell) -> float | None:
    """Which part of the messages have an intent that is none."""
    unrecognised = [row for row in cell.rows if not is_recognised(row["intent"], cell.edition)]
    return len(unrecognised) / len(cell.rows) if cell.rows else None


def missed_part(cell: Cell) -> float | None:
    """Which part of the assignments were missed."""
    missed = [row for row in cell.rows if outcome(row) == "missed"]
    return len(missed) / len(cell.rows) if cell.rows else None


def automated_part(cell: Cell) -> float | None:
    """Which part of the conversations never had an assignment."""
    conversations = {row["conversation_id"]: row["assigned"] for row in cell.rows}
    automated = [name for name, assigned in conversations.items() if assigned is None]
    return len(automated) / len(conversations) if conversations else None


def messages_a_conversation(cell: Cell) -> float | None:
    """How many messages there are for each conversation."""
    return len(cell.rows) / different("conversation_id")(cell) if cell.rows else None


def most_in_a_minute(cell: Cell) -> int:
    """How many messages the busiest clock minute has."""
    return max(_minutes(cell).values(), default=0)


def busiest_minute(cell: Cell) -> str | None:
    """The local start of the first of the busiest clock minutes."""
    minutes = _minutes(cell)
    busiest = [minute for minute, messages in minutes.items() if messages == max(minutes.values())]
    return (
        min(busiest).replace(tzinfo=UTC).astimezone(cell.edition.period.zone).isoformat() if busiest else None
    )


def outcomes(cell: Cell) -> tuple[int, ...]:
    """How many assignments were handled, missed, and neither."""
    found = Counter(map(outcome, cell.rows))
    return found["handled"], found["missed"], found["other"]


def average_minutes(begins: str, ends: str) -> Callable[[Cell], float | None]:
    """The average time from one instant to another."""
    return lambda cell: average_and_median_minutes(begins, ends)(cell)[0]


def average_and_median_minutes(begins: str, ends: str) -> Callable[[Cell], tuple[Any, ...]]:
    """The average and the median time from one instant to another, none of which is below 0."""

    def count(cell: Cell) -> tuple[Any, ...]:
        minutes = [max(row[ends] - row[begins], timedelta()) / _MINUTE for row in cell.rows]
        return (mean(minutes), median(minutes)) if minutes else (None, None)

    return count


def talk_minutes(cell: Cell) -> float:
    """The sum of the times from answer to close, as far as they lie in the day or the period."""
    talks = (cell.inside(row["answered_at"], row["closed_at"]) for row in cell.rows)
    return sum(talks, timedelta()) / _MINUTE


def connected_hours(cell: Cell) -> float:
    """The time of the day or the period at which at least one login of an agent lasted."""
    total = timedelta()
    reached: dict[str, Any] = {}
    for row in sorted(cell.rows, key=lambda row: row["connected_at"]):
        before = reached.get(row["agent_id"], row["connected_at"])
        total += cell.inside(max(row["connected_at"], before), row["counts_until"])
        reached[row["agent_id"]] = max(before, row["counts_until"])
    return total / _HOUR


def _minutes(cell: Cell) -> Counter:
    return Counter(row["sent_at"].replace(second=0, microsecond=0) for row in cell.rows)
