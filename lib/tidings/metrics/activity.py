"""Activity: how many people wrote, how much, and when it was busiest."""

import ibis
import ibis.expr.types as ir
import pandas as pd

from tidings.days import local_day, local_text, spread, within
from tidings.edition import Edition
from tidings.metrics.metric import metric


@metric("activity.new_users", "New Users", unit="users", better="up")
def new_users(edition: Edition) -> int:
    """Users whose first ever interaction falls in the period.

    The first interaction is ``users.first_seen_at``; where the source has no users table, it is the
    user's first incoming message in the whole history.
    """
    first_seen = edition.rows("users") if edition.has("users") else _first_written(edition)
    return _number(edition, first_seen.count())


@metric("activity.active_users", "Active Users", unit="users", better="up")
def active_users(edition: Edition) -> int:
    """Distinct users who sent at least one message in the period."""
    incoming = edition.rows("messages").filter(ibis._.direction == "incoming")
    return _number(edition, incoming.user_id.nunique())


@metric("activity.total_messages", "Total Messages", unit="messages", better="up")
def total_messages(edition: Edition) -> int:
    """All messages of the period, those that users sent and those they were sent."""
    return int(_traffic(edition)["messages"].sum())


@metric("activity.peak_volume", "Peak Volume (RPM)", unit="messages per minute")
def peak_volume(edition: Edition) -> int:
    """The most messages, incoming and outgoing, in one clock minute of the period."""
    return int(_traffic(edition)["max_messages_per_minute"].max())


@metric("activity.peak_time", "Peak Time", unit="instant")
def peak_time(edition: Edition) -> str | None:
    """The start of the minute with the most messages, in the tenant's time zone; the earliest of several."""
    traffic = _traffic(edition)
    busiest = traffic[traffic["max_messages_per_minute"] == traffic["max_messages_per_minute"].max()]
    minute = busiest["busiest_minute"].min()
    return None if pd.isna(minute) else local_text(minute, edition.period)


@metric(
    "activity.incoming_messages",
    "Incoming Messages",
    unit="messages",
    columns=("day", "incoming_messages"),
    better="up",
)
def incoming_messages(edition: Edition) -> pd.DataFrame:
    """Messages that users sent, per day."""
    return _traffic(edition)[["day", "incoming_messages"]]


@metric("activity.total_conversations", "Conversations", unit="conversations", better="up")
def total_conversations(edition: Edition) -> int:
    """Distinct conversation threads with at least one message in the period."""
    return _number(edition, edition.rows("messages").conversation_id.nunique())


@metric(
    "activity.conversations",
    "Conversations",
    unit="conversations",
    columns=("day", "conversations"),
    better="up",
)
def conversations(edition: Edition) -> pd.DataFrame:
    """Distinct conversation threads with at least one message that day.

    A thread that goes on over several days counts on each of them, so the days may add up to more
    than the period's own distinct count.
    """
    messages = edition.rows("messages")
    by_day = messages.group_by(day=local_day(messages.sent_at, edition.period))
    counted = edition.once(
        "conversations by day",
        lambda: edition.fetch(by_day.aggregate(conversations=messages.conversation_id.nunique())),
    )
    return _whole(spread(counted, edition.period, absent={"conversations": 0}))


@metric(
    "activity.messages_per_conversation",
    "Average Messages per Conversation",
    unit="messages",
    columns=("day", "messages_per_conversation"),
)
def messages_per_conversation(edition: Edition) -> pd.DataFrame:
    """Messages of the day, incoming and outgoing, per conversation of the day; a gap on a day without any."""
    traffic = _traffic(edition)
    threads = conversations.compute(edition)["conversations"]
    average = traffic["messages"] / threads.where(threads > 0)
    return traffic[["day"]].assign(messages_per_conversation=average)


@metric(
    "activity.max_messages_per_minute",
    "Max Messages per Minute",
    unit="messages per minute",
    columns=("day", "max_messages_per_minute"),
)
def max_messages_per_minute(edition: Edition) -> pd.DataFrame:
    """The most messages, incoming and outgoing, in one clock minute of the day."""
    return _traffic(edition)[["day", "max_messages_per_minute"]]


def _traffic(edition: Edition) -> pd.DataFrame:
    """The period's messages by day, counted in one pass: a row per day.

    Columns: day, messages, incoming_messages, max_messages_per_minute, busiest_minute (naive UTC).
    """
    return edition.once("traffic by day", lambda: _count_traffic(edition))


def _count_traffic(edition: Edition) -> pd.DataFrame:
    minutes = _by_minute(edition.rows("messages"))
    minutes = minutes.mutate(day=local_day(minutes.minute, edition.period))
    rank = ibis.row_number().over(group_by="day", order_by=[minutes.messages.desc(), minutes.minute])
    ranked = minutes.mutate(rank=rank)
    by_day = ranked.group_by("day").aggregate(
        messages=ranked.messages.sum(),
        incoming_messages=ranked.incoming.sum(),
        max_messages_per_minute=ranked.messages.max(),
        busiest_minute=ranked.minute.min(where=ranked["rank"] == 0),
    )
    counts = {"messages": 0, "incoming_messages": 0, "max_messages_per_minute": 0}
    days = spread(edition.fetch(by_day), edition.period, absent=counts | {"busiest_minute": pd.NaT})
    return _whole(days, *counts)


def _by_minute(messages: ir.Table) -> ir.Table:
    """Messages by clock minute. Every zone's offset is of whole minutes, so UTC's minutes are the clock's."""
    return messages.group_by(minute=messages.sent_at.truncate("m")).aggregate(
        messages=messages.count(), incoming=messages.count(where=messages.direction == "incoming")
    )


def _first_written(edition: Edition) -> ir.Table:
    incoming = edition.history("messages").filter(ibis._.direction == "incoming")
    first = incoming.group_by("user_id").aggregate(first_seen_at=incoming.sent_at.min())
    return first.filter(within(first.first_seen_at, edition.period))


def _number(edition: Edition, count: ir.IntegerScalar) -> int:
    return int(edition.fetch(count.name("count").as_table())["count"][0])


def _whole(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    counts = columns or [column for column in frame.columns if column != "day"]
    return frame.astype(dict.fromkeys(counts, "int64"))
