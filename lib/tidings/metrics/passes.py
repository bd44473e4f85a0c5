"""Passes over the period's messages that several metrics share: each is made once in an edition's life."""

import ibis
import ibis.expr.types as ir
import pandas as pd

from tidings.metrics.days import local_day, spread
from tidings.metrics.edition import Edition


def traffic(edition: Edition) -> pd.DataFrame:
    """The period's messages by day.

    Returns
    -------
    pandas.DataFrame
        A row for each day: ``day``; ``messages``, and ``incoming`` and ``attended`` (exchanged within the
        contact center) among them; ``most_a_minute``; ``busiest_minute`` (naive UTC).
    """
    return edition.once("traffic by day", lambda: _spread_traffic(edition))


def threads(edition: Edition) -> pd.DataFrame:
    """The distinct conversation threads of the period's messages.

    Returns
    -------
    pandas.DataFrame
        ``day`` (naive local midnight), ``conversations``, ``unassigned``: a row for each day with messages,
        and one without a day for the whole period. The threads that never had an assignment are counted
        for the whole period, where the source has assignments.
    """
    return edition.compared("threads", _count_threads)


def _spread_traffic(edition: Edition) -> pd.DataFrame:
    counts = dict.fromkeys(("messages", "incoming", "attended", "most_a_minute"), 0)
    counted = edition.compared("traffic", _count_traffic)
    days = spread(counted, edition.period, absent=counts | {"busiest_minute": pd.NaT})
    return days.astype(dict.fromkeys(counts, "int64"))


def _count_traffic(edition: Edition) -> pd.DataFrame:
    minutes = _by_minute(edition.rows_of_both("messages"))
    minutes = minutes.mutate(day=local_day(minutes.minute, edition.span))
    rank = ibis.row_number().over(group_by="day", order_by=[minutes.messages.desc(), minutes.minute])
    ranked = minutes.mutate(rank=rank)
    by_day = ranked.group_by(["is_now", "day"]).aggregate(
        messages=ranked.messages.sum(),
        incoming=ranked.incoming.sum(),
        attended=ranked.attended.sum(),
        most_a_minute=ranked.messages.max(),
        busiest_minute=ranked.minute.min(where=ranked["rank"] == 0),
    )
    return edition.fetch(by_day)


def _by_minute(messages: ir.Table) -> ir.Table:
    """Messages by clock minute. Every zone's offset is of whole minutes, so UTC's minutes are the clock's."""
    return messages.group_by("is_now", minute=messages.sent_at.truncate("m")).aggregate(
        messages=messages.count(),
        incoming=messages.count(where=messages.direction == "incoming"),
        attended=messages.assignment_id.count(),
    )


def _count_threads(edition: Edition) -> pd.DataFrame:
    messages = edition.rows_of_both("messages")
    day = local_day(messages.sent_at, edition.span)
    seen = messages.select("is_now", "conversation_id", day=day).distinct()
    by_day = seen.group_by(["is_now", "day"]).aggregate(
        conversations=seen.count(), unassigned=ibis.null("int64")
    )
    threads = seen.select("is_now", "conversation_id").distinct()
    threads = threads.mutate(is_unassigned=_is_unassigned(threads, edition))
    in_all = threads.group_by("is_now").aggregate(
        day=ibis.null("timestamp"),
        conversations=threads.count(),
        unassigned=threads.count(where=threads.is_unassigned),
    )
    return edition.fetch(by_day.union(in_all))


def _is_unassigned(threads: ir.Table, edition: Edition) -> ir.BooleanValue:
    """Whether no row of the whole history assigns a thread; null where the source has no assignments."""
    if not edition.has("assignments"):
        return ibis.null("boolean")
    stays = edition.history("assignments")
    return threads.conversation_id.notin(stays.filter(stays.conversation_id.notnull()).conversation_id)
