"""Queries of agents' effort.

Times are stretches: clipped to the period, and split at local midnights, as `intervals.by_day` has them.
"""

from datetime import UTC, datetime

import ibis
import ibis.expr.types as ir

from tidings.metrics.days import local_day, utc
from tidings.metrics.edition import Edition
from tidings.metrics.expression import expression
from tidings.metrics.intervals import by_day, merged
from tidings.metrics.scope import Scope
from tidings.sources.contract import TABLES


@expression()
def agent_names(edition: Scope) -> ir.Table:
    """``agent_id`` and ``name`` of every agent that the source knows."""
    return edition.history("agents").select("agent_id", "name")


@expression()
def answered_by_day(edition: Scope) -> ir.Table:
    """Distinct ``conversations`` that each agent answered in.

    ``day`` (naive local midnight), ``agent_id``, ``conversations``: a row for each day and agent, and one
    without a day for each agent in the whole period.
    """
    assignments = edition.rows("assignments")
    answered = assignments.filter(assignments.answered_at.notnull())
    day = local_day(answered.assigned_at, edition.period)
    seen = answered.select("agent_id", "conversation_id", day=day).distinct()
    each_day = seen.group_by(["day", "agent_id"]).aggregate(conversations=seen.count())
    in_all = seen.group_by("agent_id").aggregate(conversations=seen.conversation_id.nunique())
    return each_day.union(
        in_all.select(day=ibis.null("timestamp"), agent_id="agent_id", conversations="conversations")
    )


@expression()
def never_closed(edition: Scope) -> ir.Table:
    """``assignments`` that were answered before the period's end and have no close: one row."""
    assignments = edition.rows_near("assignments")
    is_open = (
        assignments.answered_at.notnull()
        & assignments.closed_at.isnull()
        & (assignments.answered_at < utc(edition.period.end))
    )
    return assignments.aggregate(assignments=assignments.count(where=is_open))


@expression()
def handle_time(edition: Scope) -> ir.Table:
    """Each agent's time from answer to close, until the end of each day, as `intervals.by_day` gives it."""
    assignments = edition.rows_near("assignments")
    held = assignments.filter(assignments.answered_at.notnull() & assignments.closed_at.notnull())
    stretches = held.select("agent_id", begins=held.answered_at, ends=held.closed_at)
    return by_day(stretches, "agent_id", edition.period)


@expression()
def running_logins(edition: Scope) -> ir.Table:
    """The ``agent_id`` of each login that began before the period's end and has no end."""
    logins = edition.rows_near("agent_sessions")
    running = logins.filter(logins.disconnected_at.isnull() & (logins.connected_at < utc(edition.period.end)))
    return running.select("agent_id").distinct()


@expression()
def last_instant(edition: Scope) -> ir.Table:
    """The last ``instant`` of each column of instants that the source has, naive UTC."""
    instants = [
        edition.history(table.name).aggregate(instant=ibis._[column.name].max())
        for table in TABLES.values()
        for column in table.columns
        if column.kind == "instant" and edition.has(table.name)
    ]
    return ibis.union(*instants, distinct=False)


@expression()
def connection_time(edition: Scope) -> ir.Table:
    """Each agent's time logged in, until the end of each day, as `intervals.by_day` gives it."""
    logins = edition.rows_near("agent_sessions")
    ends = logins.disconnected_at.fill_null(utc(edition.instant(end_of_running_logins)))
    stretches = logins.select("agent_id", begins=logins.connected_at, ends=ends)
    inside = (stretches.begins < utc(edition.period.end)) & (stretches.ends > utc(edition.period.start))
    inside &= stretches.begins < stretches.ends  # what ends before it begins did not last
    return by_day(merged(stretches.filter(inside), "agent_id"), "agent_id", edition.period)


def end_of_running_logins(edition: Edition) -> datetime:
    """Until when a login without an end counts: the period's end, or the end of the data before it.

    The end of the data is looked up where there is such a login alone: it reads every table.
    """
    if running_logins.frame(edition).empty:
        return edition.period.end
    end_of_data = last_instant.frame(edition)["instant"].max()
    return min(edition.period.end, end_of_data.tz_localize(UTC).to_pydatetime())
