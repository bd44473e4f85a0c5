"""The report's numbers: one function for each row of its specification, whose docstring is the definition."""

from tidings.metrics import activity
from tidings.metrics.metric import Metric, Result

# Every metric, in the order of the report.
METRICS = (
    activity.new_users,
    activity.active_users,
    activity.total_messages,
    activity.peak_volume,
    activity.peak_time,
    activity.incoming_messages,
    activity.conversations,
    activity.total_conversations,
    activity.messages_per_conversation,
    activity.max_messages_per_minute,
)

__all__ = ["METRICS", "Metric", "Result", "activity"]
