"""The data contract: the six tables that every source gives, declared once.

All instants are UTC; ids are strings. More columns are allowed and ignored.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

TENANT_COLUMN = "tenant_id"
FILE_COLUMN = "tidings_file"  # added by sources that know the file of each row
DAY_COLUMN = "tidings_day"  # added where rows lie in partitions by date: that date
INEXACT_COLUMN = "tidings_inexact"  # names a column whose number, in this row, is no id

SKEW = timedelta(seconds=5)
"""By how much two clocks may differ: an end that is as little before its beginning is as good as at it."""


@dataclass(frozen=True)
class Column:
    """One column: what it holds, and whether it may be null.

    ``values`` names the only values allowed, where there is such a list.
    """

    name: str
    kind: Literal["id", "instant", "text"]
    nullable: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One table: its columns, its grain, and the instant that places a row in time.

    Attributes
    ----------
    key : str
        The id that no two rows share.
    happened_at : str or None
        The instant to which a period, a day or a partition refers; None for a table without one.
    ended_at : str or None
        Where a row is a stretch of time that is measured: its end, null while it lasts.
    ordered : tuple of pairs of str
        Pairs of instants of which the second follows the first: rows of which it is before it by more than
        ``SKEW`` are counted, and not measured.
    judged_later : bool
        Whether rows that happened later change what a row means: a stay is handed on by a later one.
    """

    name: str
    grain: str
    key: str
    happened_at: str | None
    columns: tuple[Column, ...]
    ended_at: str | None = None
    ordered: tuple[tuple[str, str], ...] = ()
    judged_later: bool = False

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def with_columns(self, *names: str) -> "Table":
        """The table with these of its columns alone."""
        return replace(self, columns=tuple(self.column(name) for name in names))


@dataclass(frozen=True)
class Window:
    """The local days whose rows are wanted, first and last included; None: all of them."""

    first: date
    last: date

    def covers(self, day: date) -> bool:
        """Whether a partition of that day may hold rows of the window.

        A day more on either side: a partition's date may be the UTC date or the local one.
        """
        return self.first - timedelta(days=1) <= day <= self.last + timedelta(days=1)

    @property
    def instants(self) -> tuple[datetime, datetime]:
        """The first instant that its days have in any zone, and the one after their last."""
        midnight = time(tzinfo=UTC)
        first = datetime.combine(self.first, midnight) - timedelta(hours=14)
        return first, datetime.combine(self.last, midnight) + timedelta(days=1, hours=12)


def _id(name: str, nullable: bool = False) -> Column:
    return Column(name, "id", nullable)


def _instant(name: str, nullable: bool = False) -> Column:
    return Column(name, "instant", nullable)


def _text(name: str) -> Column:
    return Column(name, "text", nullable=True)


TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "messages",
            "one row per message",
            "message_id",
            "sent_at",
            (
                _id("message_id"),
                _id("conversation_id"),
                _id("user_id"),
                _instant("sent_at"),
                Column("direction", "text", values=("incoming", "outgoing")),
                Column("sender", "text", values=("user", "bot", "agent")),
                _id("assignment_id", nullable=True),
                _text("intent"),
                _text("language"),
                _text("channel"),
            ),
        ),
        Table(
            "conversations",
            "one row per conversation thread",
            "conversation_id",
            "started_at",
            (
                _id("conversation_id"),
                _id("user_id"),
                _instant("started_at"),
                _instant("ended_at", nullable=True),
                _text("channel"),
                _text("entry_point"),
                _text("start_flow"),
            ),
            ordered=(("started_at", "ended_at"),),
        ),
        Table(
            "users",
            "one row per end user",
            "user_id",
            "first_seen_at",
            (_id("user_id"), _instant("first_seen_at")),
        ),
        Table(
            "assignments",
            "one row per stay with the contact center",
            "assignment_id",
            "assigned_at",
            (
                _id("assignment_id"),
                _id("conversation_id"),
                _id("user_id"),
                _id("transferred_from", nullable=True),
                _text("queue"),
                _id("agent_id", nullable=True),
                Column("agent_role", "text", nullable=True, values=("support", "admin", "tech")),
                _instant("assigned_at"),
                _instant("answered_at", nullable=True),
                _instant("closed_at", nullable=True),
                _text("closing_reason"),
            ),
            ended_at="closed_at",
            judged_later=True,
            ordered=(
                ("assigned_at", "answered_at"),
                ("answered_at", "closed_at"),
                ("assigned_at", "closed_at"),
            ),
        ),
        Table(
            "agents",
            "one row per agent",
            "agent_id",
            None,
            (_id("agent_id"), _text("name"), _text("role")),
        ),
        Table(
            "agent_sessions",
            "one row per login of an agent",
            "session_id",
            "connected_at",
            (
                _id("session_id"),
                _id("agent_id"),
                _instant("connected_at"),
                _instant("disconnected_at", nullable=True),
            ),
            ended_at="disconnected_at",
            ordered=(("connected_at", "disconnected_at"),),
        ),
    )
}

BY_SIZE = tuple(reversed(TABLES))
"""Their names, the smallest first, as most sources have them: messages are most rows, often in many files."""

WATERMARK = Table(
    "_watermark",
    "one row per loading, or one alone",
    "complete_until",
    None,
    (_instant("complete_until"),),
)
"""Where a source has it, its newest instant says until when the tables are whole."""
