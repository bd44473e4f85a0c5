"""Chatbot: what people ask the assistant, in which languages, and how conversations begin."""

import ibis
import ibis.expr.types as ir
import pandas as pd

from tidings.language import numbers
from tidings.metrics.edition import Edition
from tidings.metrics.metric import metric
from tidings.metrics.tables import ranked, shares

_START = ["entry_point", "start_flow", "first_intent"]


def _unrecognised(edition: Edition) -> tuple[str, ...]:
    share = unrecognised_share(edition).value
    if share is None:
        return ()
    return (f"{numbers.percent(share, edition.tenant.locale)} of messages matched no intent.",)


@metric(
    "chatbot.intents",
    "Most Frequent Intents",
    unit="messages",
    columns=("intent", "messages", "share"),
    compared=False,
    notes=_unrecognised,
)
def intents(edition: Edition) -> pd.DataFrame:
    """Incoming messages of the period by the intent detected in them, as a share of all recognised messages.

    Names that mean that nothing was recognised are left out; they are the unrecognised share.
    """
    counted = _intents(edition)
    recognised = counted[~_is_fallback(counted["intent"], edition)]
    recognised = recognised.assign(share=shares(recognised["messages"]))
    return ranked(recognised, ["intent"], "messages")


@metric("chatbot.unrecognised_share", "Unrecognised", unit="share", better="down")
def unrecognised_share(edition: Edition) -> float | None:
    """Incoming messages in which the chatbot recognised nothing, as a share of all that have an intent."""
    counted = _intents(edition)
    total = int(counted["messages"].sum())
    unrecognised = int(counted.loc[_is_fallback(counted["intent"], edition), "messages"].sum())
    return unrecognised / total if total else None


@metric(
    "chatbot.languages",
    "Language Distribution",
    unit="users",
    columns=("language", "users", "share"),
    compared=False,
)
def languages(edition: Edition) -> pd.DataFrame:
    """Active users by the language of most of their incoming messages in the period.

    Where two languages tie, it is the one used last. Users in whose messages no language was detected
    are "not given".
    """
    incoming = _incoming(edition)
    used = incoming.group_by(["user_id", "language"]).aggregate(
        messages=incoming.count(), last_used=incoming.sent_at.max()
    )
    is_missing = used.language.isnull().ifelse(1, 0)
    order = [is_missing, used.messages.desc(), used.last_used.desc(), used.language]
    first = used.mutate(place=ibis.row_number().over(group_by="user_id", order_by=order))
    first = first.filter(first.place == 0)
    counted = edition.fetch(first.group_by("language").aggregate(users=first.count()))
    return ranked(counted.assign(share=shares(counted["users"])), ["language"], "users")


@metric(
    "chatbot.start_flows",
    "Conversation Start Flows",
    unit="conversations",
    columns=(*_START, "conversations"),
    tables=("messages", "conversations"),
    compared=False,
)
def start_flows(edition: Edition) -> pd.DataFrame:
    """Conversations that started in the period, by entry point, then first flow, then first intent.

    The first intent is the first one recognised among the conversation's incoming messages of the period.
    """
    started = edition.rows("conversations").select("conversation_id", "entry_point", "start_flow")
    begun = started.left_join(_first_intents(edition), "conversation_id")
    counted = edition.fetch(begun.group_by(_START).aggregate(conversations=begun.count()))
    return ranked(counted, _START, "conversations")[[*_START, "conversations"]]


def _incoming(edition: Edition) -> ir.Table:
    messages = edition.rows("messages")
    return messages.filter(messages.direction == "incoming")


def _intents(edition: Edition) -> pd.DataFrame:
    """Incoming messages that have an intent, by intent."""
    return edition.compared("intents", _count_intents)


def _count_intents(edition: Edition) -> pd.DataFrame:
    messages = edition.rows_of_both("messages")
    detected = messages.filter((messages.direction == "incoming") & messages.intent.notnull())
    return edition.fetch(detected.group_by(["is_now", "intent"]).aggregate(messages=detected.count()))


def _is_fallback(intent: pd.Series, edition: Edition) -> pd.Series:
    return intent.str.lower().isin([name.lower() for name in edition.tenant.fallback_intents])


def _first_intents(edition: Edition) -> ir.Table:
    incoming = _incoming(edition)
    fallbacks = [name.lower() for name in edition.tenant.fallback_intents]
    recognised = incoming.filter(incoming.intent.notnull() & incoming.intent.lower().notin(fallbacks))
    order = [recognised.sent_at, recognised.intent]
    first = recognised.mutate(place=ibis.row_number().over(group_by="conversation_id", order_by=order))
    return first.filter(first.place == 0).select("conversation_id", first_intent=first.intent)
