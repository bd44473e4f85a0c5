"""Activity: how many people wrote, how much, and when it was busiest."""

import pandas as pd

from tidings.language.sentences import say_count
from tidings.metrics.days import day_index, local_text
from tidings.metrics.edition import Edition
from tidings.metrics.evidence import Evidence, counts, places, rows
from tidings.metrics.expressions.messages import (
    conversations_by_day,
    messages_by_day,
    users_first_seen,
    users_who_wrote,
)
from tidings.metrics.metric import metric
from tidings.metrics.tables import by_day, in_all


@metric(
    "activity.new_users",
    "New Users",
    reads=(users_first_seen,),
    unit="users",
    better="up",
    by_day=lambda edition, new: new["users"],
    evidence=Evidence(rows.first_seen, counts.different("user_id")),
)
def new_users(edition: Edition, new: pd.DataFrame) -> int:
    """Users whose first ever interaction falls in the period.

    The first interaction is ``users.first_seen_at``; where the source has no users table, it is the
    user's first incoming message in the whole history.
    """
    return int(new["users"].sum())


@metric(
    "activity.active_users",
    "Active Users",
    reads=(users_who_wrote,),
    unit="users",
    counts="distinct",
    better="up",
    by_day=lambda edition, active: by_day(active, edition, "users"),
    evidence=Evidence(rows.incoming_messages, counts.different("user_id")),
)
def active_users(edition: Edition, active: pd.DataFrame) -> int:
    """Distinct users who sent at least one message in the period."""
    return int(in_all(active)["users"].sum())


@metric(
    "activity.total_messages",
    "Total Messages",
    reads=(messages_by_day,),
    unit="messages",
    better="up",
    by_day=lambda edition, days: days["messages"],
    evidence=Evidence(rows.messages, counts.how_many),
)
def total_messages(edition: Edition, days: pd.DataFrame) -> int:
    """All messages of the period, those that users sent and those they were sent."""
    return int(days["messages"].sum())


@metric(
    "activity.peak_volume",
    "Peak Volume (RPM)",
    reads=(messages_by_day,),
    unit="messages per minute",
    counts="peak",
    by_day=lambda edition, days: days["most_a_minute"],
    evidence=Evidence(rows.messages, counts.most_in_a_minute),
)
def peak_volume(edition: Edition, days: pd.DataFrame) -> int:
    """The most messages, incoming and outgoing, in one clock minute of the period."""
    return int(days["most_a_minute"].max())


def _as_busy(edition: Edition) -> tuple[str, ...]:
    """Say that other minutes were as busy as the one that is named."""
    days = messages_by_day.frame(edition)
    most = days["most_a_minute"].max()
    minutes = int(days.loc[days["most_a_minute"] == most, "minutes_as_busy"].sum())
    if not most or minutes < 2:
        return ()
    return (
        say_count(
            "{count} other minute was as busy.",
            "{count} other minutes were as busy.",
            minutes - 1,
            edition.tenant.locale,
        ),
    )


@metric(
    "activity.peak_time",
    "Peak Time",
    reads=(messages_by_day,),
    unit="instant",
    counts="peak",
    notes=_as_busy,
    evidence=Evidence(rows.messages, counts.busiest_minute),
)
def peak_time(edition: Edition, days: pd.DataFrame) -> str | None:
    """The start of the minute with the most messages, in the tenant's time zone; the earliest of several."""
    minute = days.loc[days["most_a_minute"] == days["most_a_minute"].max(), "busiest_minute"].min()
    return None if pd.isna(minute) else local_text(minute, edition.period)


@metric(
    "activity.incoming_messages",
    "Incoming Messages",
    reads=(messages_by_day,),
    unit="messages",
    columns=("day", "incoming_messages"),
    better="up",
    evidence=Evidence(rows.incoming_messages, counts.how_many, places.by_day("sent_at")),
)
def incoming_messages(edition: Edition, days: pd.DataFrame) -> pd.DataFrame:
    """Messages that users sent, per day."""
    return pd.DataFrame({"day": days["day"], "incoming_messages": days["incoming"]})


@metric(
    "activity.conversations",
    "Conversations",
    reads=(conversations_by_day,),
    unit="conversations",
    counts="distinct",
    columns=("day", "conversations"),
    better="up",
    evidence=Evidence(rows.messages, counts.different("conversation_id"), places.by_day("sent_at")),
)
def conversations(edition: Edition, counted: pd.DataFrame) -> pd.DataFrame:
    """Distinct conversation threads with at least one message that day.

    A thread that goes on over several days counts on each of them, so the days may add up to more
    than the period's own distinct count.
    """
    daily = by_day(counted, edition, "conversations")
    return pd.DataFrame({"day": day_index(edition.period), "conversations": daily})


@metric(
    "activity.total_conversations",
    "Conversations",
    reads=(conversations_by_day,),
    unit="conversations",
    counts="distinct",
    better="up",
    by_day=lambda edition, counted: by_day(counted, edition, "conversations"),
    evidence=Evidence(rows.messages, counts.different("conversation_id")),
)
def total_conversations(edition: Edition, counted: pd.DataFrame) -> int:
    """Distinct conversation threads with at least one message in the period."""
    return int(in_all(counted)["conversations"].sum())


@metric(
    "activity.messages_per_conversation",
    "Average Messages per Conversation",
    reads=(messages_by_day, conversations),
    unit="messages",
    counts="average",
    columns=("day", "messages_per_conversation"),
    evidence=Evidence(rows.messages, counts.messages_a_conversation, places.by_day("sent_at")),
)
def messages_per_conversation(
    edition: Edition, days: pd.DataFrame, conversations_daily: pd.DataFrame
) -> pd.DataFrame:
    """Messages of the day, incoming and outgoing, per conversation of the day; a gap on a day without any."""
    counted = conversations_daily["conversations"]
    average = days["messages"] / counted.where(counted > 0)
    return pd.DataFrame({"day": days["day"], "messages_per_conversation": average})


@metric(
    "activity.average_messages_per_conversation",
    "Average Messages per Conversation",
    reads=(total_messages, total_conversations, messages_per_conversation),
    unit="messages per conversation",
    counts="average",
    by_day=lambda edition, messages, threads, daily: daily["messages_per_conversation"],
    evidence=Evidence(rows.messages, counts.messages_a_conversation),
)
def average_messages_per_conversation(
    edition: Edition, messages: int, threads: int, daily: pd.DataFrame
) -> float | None:
    """All messages of the period per conversation of the period: a ratio of the two, and no mean of days."""
    return messages / threads if threads else None


@metric(
    "activity.max_messages_per_minute",
    "Max Messages per Minute",
    reads=(messages_by_day,),
    unit="messages per minute",
    counts="peak",
    columns=("day", "max_messages_per_minute"),
    evidence=Evidence(rows.messages, counts.most_in_a_minute, places.by_day("sent_at")),
)
def max_messages_per_minute(edition: Edition, days: pd.DataFrame) -> pd.DataFrame:
    """The most messages, incoming and outgoing, in one clock minute of the day."""
    return pd.DataFrame({"day": days["day"], "max_messages_per_minute": days["most_a_minute"]})
