"""Chatbot: what people ask the assistant, in which languages, and how conversations begin."""

import pandas as pd

from tidings.language.numbers import percent
from tidings.language.sentences import say
from tidings.metrics.days import day_index
from tidings.metrics.edition import Edition
from tidings.metrics.evidence import Evidence, counts, places, rows
from tidings.metrics.expressions.messages import (
    conversations_by_start,
    messages_by_intent,
    users_by_language,
)
from tidings.metrics.metric import metric
from tidings.metrics.tables import ranked, shares

_START = ["entry_point", "start_flow", "first_intent"]


def _unrecognised(edition: Edition) -> tuple[str, ...]:
    share, locale = unrecognised_share(edition).value, edition.tenant.locale
    if not share:
        return ()
    return (say("{share} of messages matched no intent.", locale, share=percent(share, locale)),)


def _unrecognised_by_day(edition: Edition, counted: pd.DataFrame) -> pd.Series:
    none = counted[_is_fallback(counted["intent"], edition)]
    unrecognised, detected = (
        rows.groupby("day")["messages"].sum().reindex(day_index(edition.period), fill_value=0)
        for rows in (none, counted)
    )
    return unrecognised / detected.where(detected > 0)


@metric(
    "chatbot.intents",
    "Most Frequent Intents",
    reads=(messages_by_intent,),
    unit="messages",
    columns=("intent", "messages", "share"),
    notes=_unrecognised,
    evidence=Evidence(rows.messages_with_intent, counts.with_share("message_id"), places.by_intent),
)
def intents(edition: Edition, counted: pd.DataFrame) -> pd.DataFrame:
    """Incoming messages of the period by the intent detected in them, as a share of all recognised messages.

    Names that mean that nothing was recognised are left out; they are the unrecognised share.
    """
    recognised = counted[~_is_fallback(counted["intent"], edition)]
    recognised = recognised.groupby("intent")["messages"].sum().reset_index()
    recognised = recognised.assign(share=shares(recognised["messages"]))
    return ranked(recognised, ["intent"], "messages")


@metric(
    "chatbot.unrecognised_share",
    "Unrecognised",
    reads=(messages_by_intent,),
    unit="share",
    counts="average",
    better="down",
    by_day=_unrecognised_by_day,
    evidence=Evidence(rows.messages_with_intent, counts.unrecognised_part),
)
def unrecognised_share(edition: Edition, counted: pd.DataFrame) -> float | None:
    """Incoming messages in which the chatbot recognised nothing, as a share of all that have an intent."""
    total = int(counted["messages"].sum())
    unrecognised = int(counted.loc[_is_fallback(counted["intent"], edition), "messages"].sum())
    return unrecognised / total if total else None


@metric(
    "chatbot.languages",
    "Language Distribution",
    reads=(users_by_language,),
    unit="users",
    counts="distinct",
    columns=("language", "users", "share"),
    evidence=Evidence(rows.incoming_messages, counts.with_share("user_id"), places.by_language),
)
def languages(edition: Edition, counted: pd.DataFrame) -> pd.DataFrame:
    """Active users by the language of most of their incoming messages in the period.

    Where two languages tie, it is the one used last. Users in whose messages no language was detected
    are "not given". Languages are BCP 47 tags, however the platform spells them: "EN", "eng" and
    "English" are "en"; what is no language stays as it is.
    """
    return ranked(counted.assign(share=shares(counted["users"])), ["language"], "users")


@metric(
    "chatbot.start_flows",
    "Conversation Start Flows",
    reads=(conversations_by_start,),
    unit="conversations",
    columns=(*_START, "conversations"),
    tables=("messages", "conversations"),
    compared=False,
    evidence=Evidence(rows.conversations_with_messages, counts.different("conversation_id"), places.by_start),
)
def start_flows(edition: Edition, counted: pd.DataFrame) -> pd.DataFrame:
    """Conversations that started in the period, by entry point, then first flow, then first intent.

    The first intent is the first one recognised among the conversation's incoming messages of the period.
    """
    return ranked(counted, _START, "conversations")[[*_START, "conversations"]]


def _is_fallback(intent: pd.Series, edition: Edition) -> pd.Series:
    return intent.str.lower().isin([name.lower() for name in edition.tenant.fallback_intents])
