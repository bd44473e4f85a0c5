"""Activity: how many people wrote, how much, and when it was busiest."""

import ibis
import ibis.expr.types as ir
import pandas as pd

from tidings.metrics.days import local_text, spread
from tidings.metrics.edition import Edition
from tidings.metrics.metric import metric
from tidings.metrics.passes import threads, traffic


@metric("activity.new_users", "New Users", unit="users", better="up")
def new_users(edition: Edition) -> int:
    """Users whose first ever interaction falls in the period.

    The first interaction is ``users.first_seen_at``; where the source has no users table, it is the
    user's first incoming message in the whole history.
    """
    return int(edition.compared("new users", _count_new)["users"].sum())


@metric("activity.active_users", "Active Users", unit="users", better="up")
def active_users(edition: Edition) -> int:
    """Distinct users who sent at least one message in the period."""
    return int(edition.compared("active users", _count_active)["users"].sum())


@metric("activity.total_messages", "Total Messages", unit="messages", better="up")
def total_messages(edition: Edition) -> int:
    """All messages of the period, those that users sent and those they were sent."""
    return int(traffic(edition)["messages"].sum())


@metric("activity.peak_volume", "Peak Volume (RPM)", unit="messages per minute")
def peak_volume(edition: Edition) -> int:
    """The most messages, incoming and outgoing, in one clock minute of the period."""
    return int(traffic(edition)["most_a_minute"].max())


@metric("activity.peak_time", "Peak Time", unit="instant")
def peak_time(edition: Edition) -> str | None:
    """The start of the minute with the most messages, in the tenant's time zone; the earliest of several."""
    days = traffic(edition)
    minute = days.loc[days["most_a_minute"] == days["most_a_minute"].max(), "busiest_minute"].min()
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
    return traffic(edition)[["day", "incoming"]].rename(columns={"incoming": "incoming_messages"})


@metric("activity.total_conversations", "Conversations", unit="conversations", better="up")
def total_conversations(edition: Edition) -> int:
    """Distinct conversation threads with at least one message in the period."""
    counted = threads(edition)
    return int(counted.loc[counted["day"].isna(), "conversations"].sum())


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
    counted = threads(edition)
    by_day = counted[counted["day"].notna()]
    return spread(by_day, edition.period, absent={"conversations": 0}).astype({"conversations": "int64"})


@metric(
    "activity.messages_per_conversation",
    "Average Messages per Conversation",
    unit="messages",
    columns=("day", "messages_per_conversation"),
)
def messages_per_conversation(edition: Edition) -> pd.DataFrame:
    """Messages of the day, incoming and outgoing, per conversation of the day; a gap on a day without any."""
    days = traffic(edition)
    counted = conversations.compute(edition)["conversations"]
    average = days["messages"] / counted.where(counted > 0)
    return days[["day"]].assign(messages_per_conversation=average)


@metric(
    "activity.max_messages_per_minute",
    "Max Messages per Minute",
    unit="messages per minute",
    columns=("day", "max_messages_per_minute"),
)
def max_messages_per_minute(edition: Edition) -> pd.DataFrame:
    """The most messages, incoming and outgoing, in one clock minute of the day."""
    days = traffic(edition)[["day", "most_a_minute"]]
    return days.rename(columns={"most_a_minute": "max_messages_per_minute"})


def _count_new(edition: Edition) -> pd.DataFrame:
    new = edition.rows_of_both("users") if edition.has("users") else _first_written(edition)
    return edition.fetch(new.group_by("is_now").aggregate(users=new.count()))


def _first_written(edition: Edition) -> ir.Table:
    incoming = edition.history("messages").filter(ibis._.direction == "incoming")
    first = incoming.group_by("user_id").aggregate(first_seen_at=incoming.sent_at.min())
    return edition.in_both(first, "first_seen_at")


def _count_active(edition: Edition) -> pd.DataFrame:
    incoming = edition.rows_of_both("messages").filter(ibis._.direction == "incoming")
    return edition.fetch(incoming.group_by("is_now").aggregate(users=incoming.user_id.nunique()))
