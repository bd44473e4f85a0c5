"""Contact Center: what reached the team, how fast it was answered, and who did the work.

An assignment is one stay of a conversation with the contact center. It is handled where an agent
answered; missed where it ended without an answer and was not handed on; other where it was handed on
before anyone answered, or was still waiting when the data was read.

Agents' numbers measure effort. An agent who has nothing of a kind in the period has no row in that table;
the daily table has the same agents as the total.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from tidings.language.sentences import brief, isolate, join, say, say_count
from tidings.metrics.edition import Edition
from tidings.metrics.evidence import Evidence, counts, places, rows
from tidings.metrics.expressions.agents import (
    answered_by_day,
    connection_time,
    handle_time,
    never_closed,
    running_logins,
)
from tidings.metrics.expressions.assignments import (
    assignments_by_day,
    assignments_by_reason,
    distinct_assigned,
)
from tidings.metrics.expressions.messages import conversations_by_day, messages_by_day
from tidings.metrics.intervals import HOUR, MINUTE, long
from tidings.metrics.metric import metric
from tidings.metrics.tables import by_day, every_day, in_all, ranked, shares, with_names

_NEEDS = ("assignments",)
_SESSIONS = ("agent_sessions",)
_MOST_NAMED = 6  # agents in a note


@metric(
    "contact_center.total_conversations",
    "Total Conversations",
    reads=(assignments_by_day,),
    unit="conversations",
    tables=_NEEDS,
    by_day=lambda edition, days: days["assignments"],
    evidence=Evidence(rows.assignments, counts.how_many),
)
def total_conversations(edition: Edition, days: pd.DataFrame) -> int:
    """Each time in the period that a conversation came to the team: initiated, transferred or unanswered.

    A cumulative count, of agents in any role, and not one of users: each transfer is one more.
    """
    return int(days["assignments"].sum())


@metric(
    "contact_center.unique_conversations",
    "Unique Conversations",
    reads=(distinct_assigned,),
    unit="conversations",
    counts="distinct",
    tables=_NEEDS,
    by_day=lambda edition, distinct: by_day(distinct, edition, "conversations"),
    evidence=Evidence(rows.assignments, counts.different("conversation_id")),
)
def unique_conversations(edition: Edition, distinct: pd.DataFrame) -> int:
    """Distinct conversations that came to the team in the period."""
    return int(in_all(distinct)["conversations"].sum())


@metric(
    "contact_center.missed_conversations",
    "Missed Conversations",
    reads=(assignments_by_day,),
    unit="conversations",
    better="down",
    tables=_NEEDS,
    by_day=lambda edition, days: days["missed"],
    evidence=Evidence(rows.assignments, counts.how_many, places.missed),
)
def missed_conversations(edition: Edition, days: pd.DataFrame) -> int:
    """Conversations of the period that ended without an answer and were not handed on."""
    return int(days["missed"].sum())


@metric(
    "contact_center.missed_share",
    "Missed Share",
    reads=(assignments_by_day,),
    unit="share",
    counts="average",
    better="down",
    tables=_NEEDS,
    by_day=lambda edition, days: days["missed"] / days["assignments"].where(days["assignments"] > 0),
    evidence=Evidence(rows.assignments, counts.missed_part),
)
def missed_share(edition: Edition, days: pd.DataFrame) -> float | None:
    """Missed conversations, as a share of the period's Total Conversations."""
    total = int(days["assignments"].sum())
    return int(days["missed"].sum()) / total if total else None


@metric(
    "contact_center.total_messages",
    "Total Messages",
    reads=(messages_by_day,),
    unit="messages",
    tables=("assignments", "messages"),
    by_day=lambda edition, days: days["attended"],
    evidence=Evidence(rows.attended_messages, counts.how_many),
)
def total_messages(edition: Edition, days: pd.DataFrame) -> int:
    """Messages of the period that were exchanged within the contact center."""
    return int(days["attended"].sum())


@metric(
    "contact_center.unique_users",
    "Unique Users",
    reads=(distinct_assigned,),
    unit="users",
    counts="distinct",
    tables=_NEEDS,
    by_day=lambda edition, distinct: by_day(distinct, edition, "users"),
    evidence=Evidence(rows.assignments, counts.different("user_id")),
)
def unique_users(edition: Edition, distinct: pd.DataFrame) -> int:
    """Distinct users who came to the team in the period."""
    return int(in_all(distinct)["users"].sum())


@metric(
    "contact_center.automated_resolutions",
    "Automated Resolutions",
    reads=(conversations_by_day,),
    unit="conversations",
    counts="distinct",
    better="up",
    tables=("assignments", "messages"),
    services=("contact-center", "chatbot"),
    by_day=lambda edition, counted: by_day(counted, edition, "unassigned"),
    evidence=Evidence(rows.messages_never_assigned, counts.different("conversation_id")),
)
def automated_resolutions(edition: Edition, counted: pd.DataFrame) -> int:
    """Conversations with a message in the period that never came to the team.

    The bot or a technical trigger resolved them: no part of them reached the contact center, before,
    in or after the period.
    """
    return int(in_all(counted)["unassigned"].sum())


def _automated_by_day(edition: Edition, counted: pd.DataFrame) -> pd.Series:
    conversations = by_day(counted, edition, "conversations")
    return by_day(counted, edition, "unassigned") / conversations.where(conversations > 0)


@metric(
    "contact_center.automated_share",
    "Automated Share",
    reads=(conversations_by_day,),
    unit="share",
    counts="average",
    better="up",
    tables=("assignments", "messages"),
    services=("contact-center", "chatbot"),
    by_day=_automated_by_day,
    evidence=Evidence(rows.messages_with_assignments, counts.automated_part),
)
def automated_share(edition: Edition, counted: pd.DataFrame) -> float | None:
    """Automated resolutions, as a share of the distinct conversations with a message in the period."""
    period = in_all(counted)
    total = int(period["conversations"].sum())
    return int(period["unassigned"].sum()) / total if total else None


@metric(
    "contact_center.handled_vs_missed",
    "Handled vs. Missed",
    reads=(assignments_by_day,),
    unit="conversations",
    columns=("day", "handled", "missed", "other"),
    tables=_NEEDS,
    evidence=Evidence(rows.assignments, counts.outcomes, places.by_day("assigned_at")),
)
def handled_vs_missed(edition: Edition, days: pd.DataFrame) -> pd.DataFrame:
    """The day's conversations by outcome: answered by an agent; ended without an answer; other.

    Other conversations were handed on before anyone answered, or were still waiting when the data was read.
    """
    return days[["day", "handled", "missed", "other"]]


@metric(
    "contact_center.closing_reasons",
    "Closing Reasons",
    reads=(assignments_by_reason,),
    unit="conversations",
    columns=("closing_reason", "conversations", "share"),
    tables=_NEEDS,
    evidence=Evidence(rows.closed_assignments, counts.with_share("assignment_id"), places.by_reason),
)
def closing_reasons(edition: Edition, counted: pd.DataFrame) -> pd.DataFrame:
    """The period's closed conversations by the reason that the platform gives."""
    with_shares = counted.assign(share=shares(counted["conversations"]))
    return ranked(with_shares, ["closing_reason"], "conversations")


def _left_out(column: str) -> Callable[[Edition], tuple[str, ...]]:
    def notes(edition: Edition) -> tuple[str, ...]:
        count = int(assignments_by_day.frame(edition)[column].sum())
        if not count:
            return ()
        return (
            say_count(
                "{count} conversation is left out of the average, because its times run backwards.",
                "{count} conversations are left out of the average, because their times run backwards.",
                count,
                edition.tenant.locale,
            ),
        )

    return notes


@metric(
    "contact_center.conversation_time",
    "Average Conversation Time",
    reads=(assignments_by_day,),
    unit="minutes",
    counts="average",
    columns=("day", "average_minutes", "median_minutes"),
    tables=_NEEDS,
    notes=_left_out("handle_time_left_out"),
    evidence=Evidence(
        rows.timed_talks,
        counts.average_and_median_minutes("answered_at", "closed_at"),
        places.by_day("assigned_at"),
    ),
)
def conversation_time(edition: Edition, days: pd.DataFrame) -> pd.DataFrame:
    """From an agent's answer to the close, on average over the day's answered and closed conversations."""
    return _averages(days, "handle_time")


@metric(
    "contact_center.average_conversation_minutes",
    "Average Conversation Time",
    reads=(assignments_by_day,),
    unit="minutes",
    counts="average",
    tables=_NEEDS,
    by_day=lambda edition, days: _averages(days, "handle_time")["average_minutes"],
    notes=_left_out("handle_time_left_out"),
    evidence=Evidence(rows.timed_talks, counts.average_minutes("answered_at", "closed_at")),
)
def average_conversation_minutes(edition: Edition, days: pd.DataFrame) -> float | None:
    """From an agent's answer to the close, on average over the period's answered and closed conversations."""
    return _average(days, "handle_time")


@metric(
    "contact_center.wait_time",
    "Average Wait Time",
    reads=(assignments_by_day,),
    unit="minutes",
    counts="average",
    columns=("day", "average_minutes", "median_minutes"),
    better="down",
    tables=_NEEDS,
    notes=_left_out("wait_time_left_out"),
    evidence=Evidence(
        rows.timed_waits,
        counts.average_and_median_minutes("assigned_at", "answered_at"),
        places.by_day("assigned_at"),
    ),
)
def wait_time(edition: Edition, days: pd.DataFrame) -> pd.DataFrame:
    """From coming to the team to an agent's answer, on average over the day's answered conversations."""
    return _averages(days, "wait_time")


@metric(
    "contact_center.average_wait_minutes",
    "Average Wait Time",
    reads=(assignments_by_day,),
    unit="minutes",
    counts="average",
    better="down",
    tables=_NEEDS,
    by_day=lambda edition, days: _averages(days, "wait_time")["average_minutes"],
    notes=_left_out("wait_time_left_out"),
    evidence=Evidence(rows.timed_waits, counts.average_minutes("assigned_at", "answered_at")),
)
def average_wait_minutes(edition: Edition, days: pd.DataFrame) -> float | None:
    """From coming to the team to an agent's answer, on average over the period's answered conversations."""
    return _average(days, "wait_time")


@metric(
    "contact_center.agent_conversations",
    "Conversations per Agent",
    reads=(answered_by_day,),
    unit="conversations",
    columns=("agent", "conversations"),
    tables=_NEEDS,
    compared=False,
    evidence=Evidence(rows.answered_assignments, counts.different("conversation_id"), places.by_agent),
)
def agent_conversations(edition: Edition, counted: pd.DataFrame) -> pd.DataFrame:
    """Distinct conversations of the period that the agent answered at least once."""
    named = with_names(in_all(counted), edition)
    return ranked(named, ["agent"], "conversations")[["agent", "conversations"]]


@metric(
    "contact_center.agent_conversations_daily",
    "Evolution of Number of Conversations",
    reads=(answered_by_day,),
    unit="conversations",
    columns=("day", "agent", "conversations"),
    tables=_NEEDS,
    compared=False,
    evidence=Evidence(
        rows.answered_assignments, counts.different("conversation_id"), places.by_day_and_agent
    ),
)
def agent_conversations_daily(edition: Edition, counted: pd.DataFrame) -> pd.DataFrame:
    """Distinct conversations of the day that the agent answered at least once."""
    named = with_names(counted[counted["day"].notna()], edition)
    return every_day(named, edition.period, "conversations")


def _never_closed(edition: Edition) -> tuple[str, ...]:
    count = int(never_closed.frame(edition)["assignments"][0])
    if not count:
        return ()
    return (
        say_count(
            "{count} conversation was answered and never closed: its minutes are not known.",
            "{count} conversations were answered and never closed: their minutes are not known.",
            count,
            edition.tenant.locale,
        ),
    )


@metric(
    "contact_center.agent_minutes",
    "Total Conversation Minutes",
    reads=(handle_time,),
    unit="minutes",
    columns=("agent", "minutes"),
    tables=_NEEDS,
    compared=False,
    notes=_never_closed,
    evidence=Evidence(rows.talks, counts.talk_minutes, places.stretches_by_agent("answered_at", "closed_at")),
)
def agent_minutes(edition: Edition, until: pd.DataFrame) -> pd.DataFrame:
    """Each agent's talk time, from answer to close, as far as it lies in the period.

    Conversations held at the same time add up, so the sum may exceed the time that the agent was there.
    """
    return _total(_each_day(until, edition, "minutes", MINUTE), "minutes")


@metric(
    "contact_center.agent_minutes_daily",
    "Conversation Minutes Evolution",
    reads=(handle_time,),
    unit="minutes",
    columns=("day", "agent", "minutes"),
    tables=_NEEDS,
    compared=False,
    evidence=Evidence(
        rows.talks, counts.talk_minutes, places.stretches_by_day_and_agent("answered_at", "closed_at")
    ),
)
def agent_minutes_daily(edition: Edition, until: pd.DataFrame) -> pd.DataFrame:
    """Each agent's talk time, from answer to close, as far as it lies in the day."""
    return _each_day(until, edition, "minutes", MINUTE)


def _never_ended(edition: Edition) -> tuple[str, ...]:
    running = running_logins.frame(edition)
    if running.empty:
        return ()
    locale, agents = edition.tenant.locale, sorted(with_names(running, edition)["agent"])
    named = join([isolate(brief(agent), locale) for agent in agents[:_MOST_NAMED]], locale)
    if (others := len(agents) - _MOST_NAMED) > 0:
        return (
            say_count(
                "Still logged in at the end, and counted until then: {agents}, and {count} more.",
                "Still logged in at the end, and counted until then: {agents}, and {count} more.",
                others,
                locale,
                agents=named,
            ),
        )
    return (say("Still logged in at the end, and counted until then: {agents}.", locale, agents=named),)


@metric(
    "contact_center.agent_hours",
    "Total Connection Hours",
    reads=(connection_time,),
    unit="hours",
    columns=("agent", "hours"),
    tables=_SESSIONS,
    compared=False,
    notes=_never_ended,
    evidence=Evidence(
        rows.logins, counts.connected_hours, places.stretches_by_agent("connected_at", "counts_until")
    ),
)
def agent_hours(edition: Edition, until: pd.DataFrame) -> pd.DataFrame:
    """Each agent's time logged in, as far as it lies in the period; logins that overlap count once.

    A login with no end counts to the period's end or to the last instant in the data, whichever is first.
    """
    return _total(_each_day(until, edition, "hours", HOUR), "hours")


@metric(
    "contact_center.agent_hours_daily",
    "Connection Hours Evolution",
    reads=(connection_time,),
    unit="hours",
    columns=("day", "agent", "hours"),
    tables=_SESSIONS,
    compared=False,
    evidence=Evidence(
        rows.logins, counts.connected_hours, places.stretches_by_day_and_agent("connected_at", "counts_until")
    ),
)
def agent_hours_daily(edition: Edition, until: pd.DataFrame) -> pd.DataFrame:
    """Each agent's time logged in, as far as it lies in the day; logins that overlap count once."""
    return _each_day(until, edition, "hours", HOUR)


@metric(
    "contact_center.reconciliation",
    "Why the agents don't add up to the total",
    reads=(agent_conversations, assignments_by_day, total_conversations),
    unit="conversations",
    columns=("step", "conversations"),
    tables=_NEEDS,
    compared=False,
    evidence=Evidence(rows.assignments, counts.how_many, places.by_step),
)
def reconciliation(edition: Edition, per_agent: pd.DataFrame, days: pd.DataFrame, total: int) -> pd.DataFrame:
    """How all agents' conversations lead to Total Conversations.

    Agents' numbers measure effort: a conversation counts once for each agent who answered in it. The
    total counts each time that one came to the team: each transfer is one more, and so is each that nobody
    answered.
    """
    answered = int(per_agent["conversations"].sum())
    handled, missed, other = (int(days[outcome].sum()) for outcome in ("handled", "missed", "other"))
    steps = {
        "sum of conversations per agent": answered,
        "further assignments to an agent who already had the conversation": handled - answered,
        "missed": missed,
        "other": other,
        "total conversations": total,
    }
    return pd.DataFrame({"step": list(steps), "conversations": list(steps.values())})


def _averages(days: pd.DataFrame, name: str) -> pd.DataFrame:
    total, count = days[f"{name}_sum"].to_numpy(), days[f"{name}_count"].to_numpy()
    return pd.DataFrame(
        {
            "day": days["day"],
            "average_minutes": total / np.where(count > 0, count, np.nan) / MINUTE,
            "median_minutes": days[f"{name}_median"].to_numpy("float64") / MINUTE,
        }
    )


def _average(days: pd.DataFrame, name: str) -> float | None:
    count = int(days[f"{name}_count"].sum())
    return int(days[f"{name}_sum"].sum()) / count / MINUTE if count else None


def _each_day(until: pd.DataFrame, edition: Edition, value: str, unit: int) -> pd.DataFrame:
    """Columns day, agent, value; a row for each pair, by day, then agent."""
    named = with_names(until, edition).sort_values("agent")
    return long(named, "agent", edition.period, value, unit)


def _total(daily: pd.DataFrame, value: str) -> pd.DataFrame:
    return ranked(daily.groupby("agent")[value].sum().reset_index(), ["agent"], value)
