"""Queries of messages and conversations."""

import ibis
import ibis.expr.types as ir
import pandas as pd

from tidings.language.languages import read_languages
from tidings.metrics.days import local_day
from tidings.metrics.edition import Edition
from tidings.metrics.expression import expression
from tidings.metrics.scope import Scope


@expression(
    both_periods=True,
    absent={
        **dict.fromkeys(("messages", "incoming", "attended", "most_a_minute", "minutes_as_busy"), 0),
        "busiest_minute": pd.NaT,
    },
)
def messages_by_day(edition: Scope) -> ir.Table:
    """The period's messages by day.

    ``day``; ``messages``, and ``incoming`` and ``attended`` (exchanged within the contact center) among
    them; ``most_a_minute``; ``busiest_minute`` (naive UTC), the first of the ``minutes_as_busy``.
    """
    messages = edition.rows_of_both("messages")
    # Every zone's offset is of whole minutes, so UTC's minutes are the clock's.
    minutes = messages.group_by("is_now", minute=messages.sent_at.truncate("m")).aggregate(
        messages=messages.count(),
        incoming=messages.count(where=messages.direction == "incoming"),
        attended=messages.assignment_id.count(),
    )
    minutes = minutes.mutate(day=local_day(minutes.minute, edition.both_periods))
    minutes = minutes.mutate(most=minutes.messages.max().over(group_by="day"))
    is_busiest = minutes.messages == minutes.most
    return minutes.group_by(["is_now", "day"]).aggregate(
        messages=minutes.messages.sum(),
        incoming=minutes.incoming.sum(),
        attended=minutes.attended.sum(),
        most_a_minute=minutes.messages.max(),
        minutes_as_busy=minutes.count(where=is_busiest),
        busiest_minute=minutes.minute.min(where=is_busiest),
    )


@expression(both_periods=True)
def conversations_by_day(edition: Scope) -> ir.Table:
    """The distinct conversation threads of the period's messages.

    ``day`` (naive local midnight), ``conversations``, ``unassigned``: a row for each day with messages, and
    one without a day for the whole period. ``unassigned`` are those that never had an assignment; none,
    where the source has no assignments.
    """
    messages = edition.rows_of_both("messages")
    day = local_day(messages.sent_at, edition.both_periods)
    seen = messages.select("is_now", "conversation_id", day=day).distinct()
    seen = seen.mutate(is_unassigned=_is_unassigned(seen, edition))
    each_day = seen.group_by(["is_now", "day"]).aggregate(
        conversations=seen.count(), unassigned=seen.count(where=seen.is_unassigned)
    )
    in_all = seen.group_by("is_now").aggregate(
        day=ibis.null("timestamp"),
        conversations=seen.conversation_id.nunique(),
        unassigned=seen.conversation_id.nunique(where=seen.is_unassigned),
    )
    return each_day.union(in_all)


@expression(both_periods=True, absent={"users": 0})
def users_first_seen(edition: Scope) -> ir.Table:
    """``users`` whose first ever interaction falls in the period, by its ``day``."""
    if edition.has("users"):
        new = edition.rows_of_both("users")
    else:
        incoming = edition.history("messages").filter(ibis._.direction == "incoming")
        first = incoming.group_by("user_id").aggregate(first_seen_at=incoming.sent_at.min())
        new = edition.in_both(first, "first_seen_at")
    day = local_day(new.first_seen_at, edition.both_periods)
    return new.group_by("is_now", day=day).aggregate(users=new.count())


@expression(both_periods=True)
def users_who_wrote(edition: Scope) -> ir.Table:
    """Distinct ``users`` of the period's incoming messages: a row by ``day``, and one without for all."""
    incoming = edition.rows_of_both("messages").filter(ibis._.direction == "incoming")
    day = local_day(incoming.sent_at, edition.both_periods)
    seen = incoming.select("is_now", "user_id", day=day).distinct()
    each_day = seen.group_by(["is_now", "day"]).aggregate(users=seen.count())
    in_all = seen.group_by("is_now").aggregate(day=ibis.null("timestamp"), users=seen.user_id.nunique())
    return each_day.union(in_all)


@expression(both_periods=True)
def messages_by_intent(edition: Scope) -> ir.Table:
    """Incoming ``messages`` that have an ``intent``, by ``day`` and by it, whatever its name means."""
    messages = edition.rows_of_both("messages")
    detected = messages.filter((messages.direction == "incoming") & messages.intent.notnull())
    day = local_day(detected.sent_at, edition.both_periods)
    return detected.group_by("is_now", "intent", day=day).aggregate(messages=detected.count())


@expression()
def words_for_languages(edition: Scope) -> ir.Table:
    """Each ``language`` of the two periods' incoming messages, as the platform writes it."""
    incoming = edition.rows_of_both("messages").filter(ibis._.direction == "incoming")
    return incoming.filter(incoming.language.notnull()).select("language").distinct()


def language_tags(edition: Edition) -> dict[str, str]:
    """The tags of those languages that the platform writes otherwise, by its words for them.

    They are the same for both periods, whose languages are held against each other.
    """
    words = words_for_languages.frame(edition.later)["language"]
    tags = read_languages(words, edition.tenant.locale)
    return {word: tag for word, tag in tags.items() if word != tag}


@expression(both_periods=True)
def users_by_language(edition: Scope) -> ir.Table:
    """``users`` by the ``language`` of most of their incoming messages, the one used last where two tie.

    The platform's words for languages are asked for first: two may mean one language.
    """
    incoming = edition.rows_of_both("messages").filter(ibis._.direction == "incoming")
    if tags := edition.know(language_tags):
        incoming = incoming.mutate(language=incoming.language.substitute(tags))
    used = incoming.group_by(["is_now", "user_id", "language"]).aggregate(
        messages=incoming.count(), last_used=incoming.sent_at.max()
    )
    is_missing = used.language.isnull().ifelse(1, 0)
    order = [is_missing, used.messages.desc(), used.last_used.desc(), used.language]
    first = used.mutate(place=ibis.row_number().over(group_by=["is_now", "user_id"], order_by=order))
    first = first.filter(first.place == 0)
    return first.group_by(["is_now", "language"]).aggregate(users=first.count())


@expression()
def conversations_by_start(edition: Scope) -> ir.Table:
    """``conversations`` that started in the period, by ``entry_point``, ``start_flow``, ``first_intent``."""
    started = edition.rows("conversations").select("conversation_id", "entry_point", "start_flow")
    begun = started.left_join(_first_intents(edition), "conversation_id")
    return begun.group_by(["entry_point", "start_flow", "first_intent"]).aggregate(
        conversations=begun.count()
    )


def _is_unassigned(threads: ir.Table, edition: Scope) -> ir.BooleanValue:
    """Whether no row of the whole history assigns a thread; null where the source has no assignments."""
    if not edition.has("assignments"):
        return ibis.null("boolean")
    assignments = edition.history("assignments")
    assigned = assignments.filter(assignments.conversation_id.notnull()).conversation_id
    return threads.conversation_id.notin(assigned)


def _fallback_intents(edition: Edition) -> list[str]:
    return [name.lower() for name in edition.tenant.fallback_intents]


def _first_intents(edition: Scope) -> ir.Table:
    """The first intent recognised among each conversation's incoming messages of the period."""
    incoming = edition.rows("messages").filter(ibis._.direction == "incoming")
    fallbacks = edition.know(_fallback_intents)
    recognised = incoming.filter(incoming.intent.notnull() & incoming.intent.lower().notin(fallbacks))
    order = [recognised.sent_at, recognised.intent]
    first = recognised.mutate(place=ibis.row_number().over(group_by="conversation_id", order_by=order))
    return first.filter(first.place == 0).select("conversation_id", first_intent=first.intent)
