"""The rows behind numbers: the contract's own columns, and what else a row is judged by."""

import ibis
import ibis.expr.types as ir

from tidings.metrics.days import utc
from tidings.metrics.edition import Edition
from tidings.metrics.expressions.agents import last_instant, running_logins
from tidings.sources.checks import runs_backwards


def messages(edition: Edition) -> ir.Table:
    """The period's messages."""
    return edition.rows("messages")


def incoming_messages(edition: Edition) -> ir.Table:
    """The period's messages that users sent."""
    return edition.rows("messages").filter(ibis._.direction == "incoming")


def messages_with_intent(edition: Edition) -> ir.Table:
    """The period's messages that users sent and that have an intent, whatever its name means."""
    return incoming_messages(edition).filter(ibis._.intent.notnull())


def attended_messages(edition: Edition) -> ir.Table:
    """The period's messages that were exchanged under an assignment."""
    return edition.rows("messages").filter(ibis._.assignment_id.notnull())


def messages_never_assigned(edition: Edition) -> ir.Table:
    """The period's messages in conversations that no assignment, whenever, refers to."""
    assigned = edition.history("assignments").select("conversation_id").distinct()
    return edition.rows("messages").anti_join(assigned, "conversation_id")


def messages_with_assignments(edition: Edition) -> ir.Table:
    """The period's messages; ``assigned`` is an assignment of the conversation, whenever it was."""
    ever = edition.history("assignments").filter(ibis._.conversation_id.notnull())
    ever = ever.group_by(stayed=ever.conversation_id).aggregate(assigned=ever.assignment_id.min())
    own = edition.rows("messages")
    return own.left_join(ever, own.conversation_id == ever.stayed).select(*own.columns, "assigned")


def first_seen(edition: Edition) -> ir.Table:
    """The users first seen in the period; without a table of users, their messages of the period."""
    if edition.has("users"):
        return edition.rows("users")
    history = edition.history("messages").filter(ibis._.direction == "incoming")
    before = history.filter(history.sent_at < utc(edition.period.start)).select("user_id").distinct()
    return incoming_messages(edition).anti_join(before, "user_id")


def conversations_with_messages(edition: Edition) -> ir.Table:
    """The conversations that started in the period, each with its messages that have an intent.

    A row for each of these messages, and one without ``message_id``, ``sent_at`` and ``intent`` where a
    conversation has none.
    """
    said = messages_with_intent(edition).select("conversation_id", "message_id", "sent_at", "intent")
    started = edition.rows("conversations")
    return started.left_join(said, "conversation_id").select(
        *started.columns, "message_id", "sent_at", "intent"
    )


def assignments(edition: Edition) -> ir.Table:
    """The period's assignments; ``handed_on_to`` is the one that a stay was handed on to, whenever."""
    later = edition.history("assignments").filter(ibis._.transferred_from.notnull())
    later = later.group_by(stay=later.transferred_from).aggregate(handed_on_to=later.assignment_id.min())
    own = edition.rows("assignments")
    return own.left_join(later, own.assignment_id == later.stay).select(*own.columns, "handed_on_to")


def closed_assignments(edition: Edition) -> ir.Table:
    """The period's assignments that were closed."""
    return edition.rows("assignments").filter(ibis._.closed_at.notnull())


def answered_assignments(edition: Edition) -> ir.Table:
    """The period's assignments that an agent answered."""
    return edition.rows("assignments").filter(ibis._.answered_at.notnull())


def timed_waits(edition: Edition) -> ir.Table:
    """The period's assignments that an agent answered, and not before they came."""
    return answered_assignments(edition).filter(~runs_backwards(ibis._.assigned_at, ibis._.answered_at))


def timed_talks(edition: Edition) -> ir.Table:
    """The period's assignments that were answered and closed, and not the other way round."""
    handled = closed_assignments(edition).filter(ibis._.answered_at.notnull())
    return handled.filter(~runs_backwards(ibis._.answered_at, ibis._.closed_at))


def talks(edition: Edition) -> ir.Table:
    """Assignments, whenever they came, of which a part between answer and close lies in the period."""
    stays = edition.rows_near("assignments")
    return stays.filter(
        (stays.answered_at < utc(edition.period.end)) & (stays.closed_at > utc(edition.period.start))
    )


def logins(edition: Edition) -> ir.Table:
    """Logins of which a part lies in the period; ``counts_until`` is their end, or that of the data."""
    rows = edition.rows_near("agent_sessions")
    end = utc(edition.period.end)
    if len(running_logins.frame(edition)):
        end = min(end, last_instant.frame(edition)["instant"].max().to_pydatetime())
    rows = rows.mutate(counts_until=rows.disconnected_at.fill_null(ibis.literal(end)))
    return rows.filter(
        (rows.connected_at < utc(edition.period.end)) & (rows.counts_until > utc(edition.period.start))
    )
