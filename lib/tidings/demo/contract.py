"""The demo tables' columns, as the data contract has them."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from tidings.demo import words
from tidings.demo.rows import AGENT_ROW, ASSIGNMENT, CONVERSATION, MESSAGE, SESSION, USER_ROW
from tidings.demo.staff import agent_names
from tidings.demo.tables import Table, identifier, instant, repeated, short_identifier, word

TABLE_NAMES = ("messages", "conversations", "users", "assignments", "agents", "agent_sessions")

_CONVERSATION_ID = identifier("c-", "conversation")
_USER_ID = identifier("u-", "user")
_AGENT_ID = short_identifier("agent-", "agent")
_CHANNEL = word("channel", words.CHANNELS)

_MESSAGES = {
    "message_id": identifier("m-", "message"),
    "conversation_id": _CONVERSATION_ID,
    "user_id": _USER_ID,
    "sent_at": instant("sent_at"),
    "direction": word("sender", words.DIRECTIONS),
    "sender": word("sender", words.SENDERS),
    "assignment_id": identifier("s-", "assignment"),
    "intent": word("intent", words.INTENTS),
    "language": word("language", words.LANGUAGES),
    "channel": _CHANNEL,
}
_CONVERSATIONS = {
    "conversation_id": _CONVERSATION_ID,
    "user_id": _USER_ID,
    "started_at": instant("started_at"),
    "ended_at": instant("ended_at"),
    "channel": _CHANNEL,
    "entry_point": word("entry_point", words.ENTRY_POINTS),
    "start_flow": word("start_flow", words.START_FLOWS),
}
_USERS = {"user_id": _USER_ID, "first_seen_at": instant("first_seen_at")}
_ASSIGNMENTS = {
    "assignment_id": identifier("s-", "assignment"),
    "conversation_id": _CONVERSATION_ID,
    "user_id": _USER_ID,
    "transferred_from": identifier("s-", "transferred_from"),
    "queue": word("queue", words.QUEUES),
    "agent_id": _AGENT_ID,
    "agent_role": word("role", words.ROLES),
    "assigned_at": instant("assigned_at"),
    "answered_at": instant("answered_at"),
    "closed_at": instant("closed_at"),
    "closing_reason": word("reason", words.CLOSING_REASONS),
}
_AGENT_SESSIONS = {
    "session_id": identifier("l-", "session"),
    "agent_id": _AGENT_ID,
    "connected_at": instant("connected_at"),
    "disconnected_at": instant("disconnected_at"),
}


def contract_tables(shared: bool, most_agents: int) -> dict[str, Table]:
    """The six tables by name.

    Parameters
    ----------
    shared : bool
        Whether tenants share the tables, which then begin with a ``tenant_id``.
    most_agents : int
        Agents of the tenant that has the most.
    """

    def table(name: str, rows: np.dtype, columns: dict[str, Callable[[np.ndarray], pa.Array]]) -> Table:
        owner = {"tenant_id": repeated(identifier("tenant-", "tenant", groups=1))} if shared else {}
        return Table(name, rows, owner | columns)

    agents = {
        "agent_id": _AGENT_ID,
        "name": word("name", agent_names(most_agents)),
        "role": word("role", words.ROLES),
    }
    tables = (
        table("messages", MESSAGE, _MESSAGES),
        table("conversations", CONVERSATION, _CONVERSATIONS),
        table("users", USER_ROW, _USERS),
        table("assignments", ASSIGNMENT, _ASSIGNMENTS),
        table("agents", AGENT_ROW, agents),
        table("agent_sessions", SESSION, _AGENT_SESSIONS),
    )
    return {table.name: table for table in tables}
