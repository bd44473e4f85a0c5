"""Contact Center: what reached the team, how fast it was answered, and who did the work.

An assignment is one stay of a conversation with the contact center. It is handled where an agent
answered; missed where it ended without an answer and was not handed on; other where it was handed on
before anyone answered, or was still waiting when the data was read.
"""

import ibis.expr.types as ir
import pandas as pd

from tidings.metrics.days import local_day, spread
from tidings.metrics.edition import Edition
from tidings.metrics.intervals import MINUTE, length
from tidings.metrics.metric import metric
from tidings.metrics.passes import threads, traffic
from tidings.metrics.tables import ranked, shares

_NEEDS = ("assignments",)


@metric(
    "contact_center.total_conversations",
    "Total Conversations",
    unit="conversations",
    tables=_NEEDS,
)
def total_conversations(edition: Edition) -> int:
    """Assignments of the period: every conversation initiated, transferred or unanswered, in any role.

    A cumulative count, and not one of users: each transfer is a new assignment.
    """
    return int(_days(edition)["assignments"].sum())


@metric(
    "contact_center.unique_conversations",
    "Unique Conversations",
    unit="conversations",
    tables=_NEEDS,
)
def unique_conversations(edition: Edition) -> int:
    """Distinct conversations among the period's assignments."""
    return int(_distinct(edition)["conversations"].sum())


@metric(
    "contact_center.missed_conversations",
    "Missed Conversations",
    unit="conversations",
    better="down",
    tables=_NEEDS,
)
def missed_conversations(edition: Edition) -> int:
    """Assignments of the period that ended without an answer and were not handed on."""
    return int(_days(edition)["missed"].sum())


@metric(
    "contact_center.total_messages",
    "Total Messages",
    unit="messages",
    tables=("assignments", "messages"),
)
def total_messages(edition: Edition) -> int:
    """Messages of the period that were exchanged within the contact center."""
    return int(traffic(edition)["attended"].sum())


@metric("contact_center.unique_users", "Unique Users", unit="users", tables=_NEEDS)
def unique_users(edition: Edition) -> int:
    """Distinct users of the period's assignments."""
    return int(_distinct(edition)["users"].sum())


@metric(
    "contact_center.automated_resolutions",
    "Automated Resolutions",
    unit="conversations",
    better="up",
    tables=("assignments", "messages"),
    services=("contact-center", "chatbot"),
)
def automated_resolutions(edition: Edition) -> int:
    """Conversations with a message in the period that never had an assignment.

    The bot or a technical trigger resolved them: no part of them reached the contact center, before,
    in or after the period.
    """
    return int(threads(edition)["unassigned"].sum())


@metric(
    "contact_center.handled_vs_missed",
    "Handled vs. Missed",
    unit="conversations",
    columns=("day", "handled", "missed", "other"),
    tables=_NEEDS,
)
def handled_vs_missed(edition: Edition) -> pd.DataFrame:
    """The day's assignments by outcome: answered by an agent; ended without an answer; other.

    Other assignments were handed on before anyone answered, or were still waiting when the data was read.
    """
    return _days(edition)[["day", "handled", "missed", "other"]]


@metric(
    "contact_center.closing_reasons",
    "Closing Reasons",
    unit="conversations",
    columns=("closing_reason", "conversations", "share"),
    tables=_NEEDS,
    compared=False,
)
def closing_reasons(edition: Edition) -> pd.DataFrame:
    """The period's closed assignments by the reason that the platform gives."""
    stays = edition.rows("assignments")
    closed = stays.filter(stays.closed_at.notnull())
    counted = edition.fetch(closed.group_by("closing_reason").aggregate(conversations=closed.count()))
    counted["share"] = shares(counted["conversations"])
    return ranked(counted, ["closing_reason"], "conversations")


@metric(
    "contact_center.conversation_time",
    "Average Conversation Time",
    unit="minutes",
    columns=("day", "average_minutes", "median_minutes"),
    tables=_NEEDS,
)
def conversation_time(edition: Edition) -> pd.DataFrame:
    """From an agent's answer to the close, on average over the day's answered and closed assignments."""
    return _averages(edition, "talk")


@metric(
    "contact_center.average_conversation_minutes",
    "Average Conversation Time",
    unit="minutes",
    tables=_NEEDS,
)
def average_conversation_minutes(edition: Edition) -> float | None:
    """From an agent's answer to the close, on average over the period's answered and closed assignments."""
    return _average(edition, "talk")


@metric(
    "contact_center.wait_time",
    "Average Wait Time",
    unit="minutes",
    columns=("day", "average_minutes", "median_minutes"),
    better="down",
    tables=_NEEDS,
)
def wait_time(edition: Edition) -> pd.DataFrame:
    """From the assignment to an agent's answer, on average over the day's answered assignments."""
    return _averages(edition, "wait")


@metric(
    "contact_center.average_wait_minutes", "Average Wait Time", unit="minutes", better="down", tables=_NEEDS
)
def average_wait_minutes(edition: Edition) -> float | None:
    """From the assignment to an agent's answer, on average over the period's answered assignments."""
    return _average(edition, "wait")


def _distinct(edition: Edition) -> pd.DataFrame:
    """The distinct conversations and users of the period's assignments: one row, none without assignments."""
    return edition.compared("distinct in the contact center", _count_distinct)


def _count_distinct(edition: Edition) -> pd.DataFrame:
    stays = edition.rows_of_both("assignments")
    counts = {"conversations": stays.conversation_id.nunique(), "users": stays.user_id.nunique()}
    return edition.fetch(stays.group_by("is_now").aggregate(**counts))


def _days(edition: Edition) -> pd.DataFrame:
    """The period's assignments by day, counted and measured in one pass: a row per day.

    Columns: day, assignments, handled, missed, other; for ``talk`` (answer to close) and ``wait``
    (assignment to answer) the number of lengths, their sum and median in microseconds.
    """
    return edition.once("every day's assignments", lambda: _spread_days(edition))


def _spread_days(edition: Edition) -> pd.DataFrame:
    counts = dict.fromkeys(
        ("assignments", "handled", "missed", "talk_count", "talk_sum", "wait_count", "wait_sum"), 0
    )
    medians = dict.fromkeys(("talk_median", "wait_median"), float("nan"))
    measured = edition.compared("assignments by day", _measure_days)
    days = spread(measured, edition.period, absent=counts | medians).astype(dict.fromkeys(counts, "int64"))
    return days.assign(other=days["assignments"] - days["handled"] - days["missed"])


def _measure_days(edition: Edition) -> pd.DataFrame:
    stays = edition.rows_of_both("assignments")
    stays = stays.mutate(
        day=local_day(stays.assigned_at, edition.span),
        is_missed=_is_missed(stays, edition.history("assignments")),
        talk=length(stays.answered_at, stays.closed_at),
        wait=length(stays.assigned_at, stays.answered_at),
    )
    return edition.fetch(
        stays.group_by(["is_now", "day"]).aggregate(
            assignments=stays.count(),
            handled=stays.answered_at.count(),
            missed=stays.count(where=stays.is_missed),
            **_measures(stays, "talk"),
            **_measures(stays, "wait"),
        )
    )


def _measures(stays: ir.Table, name: str) -> dict[str, ir.Scalar]:
    value = stays[name]
    return {
        f"{name}_count": value.count(),
        f"{name}_sum": value.sum().fill_null(0),
        f"{name}_median": value.median(),
    }


def _is_missed(stays: ir.Table, history: ir.Table) -> ir.BooleanColumn:
    """Ended, never answered, and not the stay from which another one, whenever, was handed on."""
    handed_on = history.filter(history.transferred_from.notnull()).transferred_from
    return stays.answered_at.isnull() & stays.closed_at.notnull() & ~stays.assignment_id.isin(handed_on)


def _averages(edition: Edition, name: str) -> pd.DataFrame:
    days = _days(edition)
    count = days[f"{name}_count"]
    return pd.DataFrame(
        {
            "day": days["day"],
            "average_minutes": days[f"{name}_sum"] / count.where(count > 0) / MINUTE,
            "median_minutes": days[f"{name}_median"].astype("float64") / MINUTE,
        }
    )


def _average(edition: Edition, name: str) -> float | None:
    days = _days(edition)
    count = int(days[f"{name}_count"].sum())
    return int(days[f"{name}_sum"].sum()) / count / MINUTE if count else None
