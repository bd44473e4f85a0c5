"""Agent performance: the effort of each agent, and why it does not add up to the assignments.

An agent who has nothing of a kind in the period has no row in that table; the daily table has the
same agents as the total.
"""

import ibis
import ibis.expr.types as ir
import pandas as pd

from tidings.metrics import contact_center
from tidings.metrics.days import local_day, utc
from tidings.metrics.edition import Edition
from tidings.metrics.intervals import HOUR, MINUTE, by_day, long, merged
from tidings.metrics.metric import metric
from tidings.metrics.tables import every_day, ranked, with_names
from tidings.sources.contract import TABLES

_ASSIGNMENTS = ("assignments",)
_SESSIONS = ("agent_sessions",)


@metric(
    "contact_center.agent_conversations",
    "Conversations per Agent",
    unit="conversations",
    columns=("agent", "conversations"),
    tables=_ASSIGNMENTS,
    compared=False,
)
def conversations(edition: Edition) -> pd.DataFrame:
    """Distinct conversations in which the agent answered at least one of the period's assignments."""
    counted = _answered(edition)
    in_all = counted[counted["day"].isna()]
    return ranked(with_names(in_all, edition), ["agent"], "conversations")[["agent", "conversations"]]


@metric(
    "contact_center.agent_conversations_daily",
    "Evolution of Number of Conversations",
    unit="conversations",
    columns=("day", "agent", "conversations"),
    tables=_ASSIGNMENTS,
    compared=False,
)
def conversations_daily(edition: Edition) -> pd.DataFrame:
    """Distinct conversations in which the agent answered at least one of the day's assignments."""
    counted = _answered(edition)
    named = with_names(counted[counted["day"].notna()], edition)
    return every_day(named, named["agent"].unique(), edition.period, "conversations")


def _never_closed(edition: Edition) -> tuple[str, ...]:
    stays = edition.relevant("assignments")
    is_open = (
        stays.answered_at.notnull() & stays.closed_at.isnull() & (stays.answered_at < utc(edition.period.end))
    )
    count = int(edition.fetch(stays.aggregate(count=stays.count(where=is_open)))["count"][0])
    if not count:
        return ()
    return (f"Answered and never closed, so without minutes: {count:,} assignments.",)


@metric(
    "contact_center.agent_minutes",
    "Total Conversation Minutes",
    unit="minutes",
    columns=("agent", "minutes"),
    tables=_ASSIGNMENTS,
    compared=False,
    notes=_never_closed,
)
def minutes(edition: Edition) -> pd.DataFrame:
    """Each agent's talk time, from answer to close, as far as it lies in the period.

    Conversations held at the same time add up, so the sum may exceed the time that the agent was there.
    """
    return _total(_talk(edition), "minutes")


@metric(
    "contact_center.agent_minutes_daily",
    "Conversation Minutes Evolution",
    unit="minutes",
    columns=("day", "agent", "minutes"),
    tables=_ASSIGNMENTS,
    compared=False,
)
def minutes_daily(edition: Edition) -> pd.DataFrame:
    """Each agent's talk time, from answer to close, as far as it lies in the day."""
    return _talk(edition)


def _never_ended(edition: Edition) -> tuple[str, ...]:
    running = _running(edition)
    if running.empty:
        return ()
    who = ", ".join(sorted(with_names(running, edition)["agent"]))
    return (f"Logins without an end count to the end of the period or of the data: {who}.",)


@metric(
    "contact_center.agent_hours",
    "Total Connection Hours",
    unit="hours",
    columns=("agent", "hours"),
    tables=_SESSIONS,
    compared=False,
    notes=_never_ended,
)
def hours(edition: Edition) -> pd.DataFrame:
    """Each agent's time logged in, as far as it lies in the period; logins that overlap count once.

    A login with no end counts to the period's end or to the last instant in the data, whichever is first.
    """
    return _total(_connection(edition), "hours")


@metric(
    "contact_center.agent_hours_daily",
    "Connection Hours Evolution",
    unit="hours",
    columns=("day", "agent", "hours"),
    tables=_SESSIONS,
    compared=False,
)
def hours_daily(edition: Edition) -> pd.DataFrame:
    """Each agent's time logged in, as far as it lies in the day; logins that overlap count once."""
    return _connection(edition)


@metric(
    "contact_center.reconciliation",
    "Why the agents don't add up to the total",
    unit="conversations",
    columns=("step", "conversations"),
    tables=_ASSIGNMENTS,
    compared=False,
)
def reconciliation(edition: Edition) -> pd.DataFrame:
    """The walk from the sum of the agents' conversations to Total Conversations.

    Agents' numbers measure effort: a conversation counts once for each agent who answered in it. The
    total counts assignments: each transfer is one more, and so is each that nobody answered.
    """
    outcomes = contact_center.handled_vs_missed(edition).value[["handled", "missed", "other"]].sum()
    per_agent = int(conversations(edition).value["conversations"].sum())
    steps = {
        "sum of conversations per agent": per_agent,
        "further assignments to an agent who already had the conversation": int(outcomes["handled"])
        - per_agent,
        "missed": int(outcomes["missed"]),
        "other": int(outcomes["other"]),
        "total conversations": contact_center.total_conversations(edition).value,
    }
    return pd.DataFrame({"step": list(steps), "conversations": list(steps.values())})


def _answered(edition: Edition) -> pd.DataFrame:
    """Distinct conversations that each agent answered in: by day, and in rows without a day in the period."""
    return edition.once("answered by day and agent", lambda: edition.fetch(_count_answered(edition)))


def _count_answered(edition: Edition) -> ir.Table:
    stays = edition.rows("assignments")
    answered = stays.filter(stays.answered_at.notnull())
    day = local_day(answered.assigned_at, edition.period)
    seen = answered.select("agent_id", "conversation_id", day=day).distinct()
    by_day = seen.group_by(["day", "agent_id"]).aggregate(conversations=seen.count())
    in_all = seen.group_by("agent_id").aggregate(conversations=seen.conversation_id.nunique())
    return by_day.union(
        in_all.select(day=ibis.null("timestamp"), agent_id="agent_id", conversations="conversations")
    )


def _talk(edition: Edition) -> pd.DataFrame:
    return edition.once(
        "talk by day and agent", lambda: _measured(_talk_stretches(edition), edition, "minutes", MINUTE)
    )


def _talk_stretches(edition: Edition) -> ir.Table:
    stays = edition.relevant("assignments")
    held = stays.filter(stays.answered_at.notnull() & stays.closed_at.notnull())
    return held.select("agent_id", begins=held.answered_at, ends=held.closed_at)


def _connection(edition: Edition) -> pd.DataFrame:
    return edition.once(
        "connection by day and agent",
        lambda: _measured(merged(_logins(edition), "agent_id"), edition, "hours", HOUR),
    )


def _logins(edition: Edition) -> ir.Table:
    logins = edition.relevant("agent_sessions")
    ends = logins.disconnected_at
    if len(_running(edition)):
        ends = ends.fill_null(ibis.literal(min(utc(edition.period.end), _last_instant(edition))))
    stretches = logins.select("agent_id", begins=logins.connected_at, ends=ends)
    inside = (stretches.begins < utc(edition.period.end)) & (stretches.ends > utc(edition.period.start))
    return stretches.filter(inside)


def _running(edition: Edition) -> pd.DataFrame:
    """The agents of logins that began before the period's end and have no end."""
    logins = edition.relevant("agent_sessions")
    running = logins.filter(logins.disconnected_at.isnull() & (logins.connected_at < utc(edition.period.end)))
    return edition.once("running logins", lambda: edition.fetch(running.select("agent_id").distinct()))


def _last_instant(edition: Edition) -> pd.Timestamp:
    """The last instant of any row of the source, naive UTC."""
    instants = [
        edition.history(table.name).aggregate(instant=ibis._[column.name].max())
        for table in TABLES.values()
        for column in table.columns
        if column.kind == "instant" and edition.has(table.name)
    ]
    return edition.fetch(ibis.union(*instants, distinct=False))["instant"].max()


def _measured(stretches: ir.Table, edition: Edition, value: str, unit: int) -> pd.DataFrame:
    """Columns day, agent, value; a row for each pair, by day, then agent."""
    measured = edition.fetch(by_day(stretches, "agent_id", edition.period))
    named = with_names(long(measured, "agent_id", edition.period, value, unit), edition)
    return every_day(named, named["agent"].unique(), edition.period, value)


def _total(daily: pd.DataFrame, value: str) -> pd.DataFrame:
    return ranked(daily.groupby("agent", as_index=False)[value].sum(), ["agent"], value)
