"""The report's numbers: one function for each row of its specification, whose docstring is the definition."""

from tidings.metrics import activity, agents, chatbot, contact_center
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
    chatbot.intents,
    chatbot.unrecognised_share,
    chatbot.languages,
    chatbot.start_flows,
    contact_center.total_conversations,
    contact_center.unique_conversations,
    contact_center.missed_conversations,
    contact_center.total_messages,
    contact_center.unique_users,
    contact_center.automated_resolutions,
    contact_center.handled_vs_missed,
    contact_center.closing_reasons,
    contact_center.conversation_time,
    contact_center.average_conversation_minutes,
    contact_center.wait_time,
    contact_center.average_wait_minutes,
    agents.conversations,
    agents.conversations_daily,
    agents.minutes,
    agents.minutes_daily,
    agents.hours,
    agents.hours_daily,
    agents.reconciliation,
)

__all__ = ["METRICS", "Metric", "Result", "activity", "agents", "chatbot", "contact_center"]
