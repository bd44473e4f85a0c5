"""Rows as they are made: compact records of numbers, before they become the contract's columns.

Instants are microseconds since 1970 in UTC, ``NEVER`` where there is none; words are codes of ``words``;
-1 is a missing number.
"""

import numpy as np

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
NEVER = np.iinfo(np.int64).min
USERS_PER_TENANT = np.int64(10**8)

MESSAGE = np.dtype(
    [
        ("sent_at", "i8"), ("message", "i8"), ("conversation", "i8"), ("user", "i8"), ("assignment", "i8"),
        ("tenant", "i2"), ("sender", "i1"), ("intent", "i1"), ("language", "i1"), ("channel", "i1"),
    ]
)  # fmt: skip
CONVERSATION = np.dtype(
    [
        ("started_at", "i8"), ("ended_at", "i8"), ("conversation", "i8"), ("user", "i8"),
        ("tenant", "i2"), ("channel", "i1"), ("entry_point", "i1"), ("start_flow", "i1"),
    ]
)  # fmt: skip
USER_ROW = np.dtype([("first_seen_at", "i8"), ("user", "i8"), ("tenant", "i2")])
ASSIGNMENT = np.dtype(
    [
        ("assigned_at", "i8"), ("answered_at", "i8"), ("closed_at", "i8"), ("assignment", "i8"),
        ("conversation", "i8"), ("user", "i8"), ("transferred_from", "i8"), ("agent", "i4"),
        ("tenant", "i2"), ("queue", "i1"), ("role", "i1"), ("reason", "i1"),
    ]
)  # fmt: skip
AGENT_ROW = np.dtype([("agent", "i4"), ("tenant", "i2"), ("role", "i1"), ("name", "i4"), ("shift", "i1")])
SESSION = np.dtype(
    [("connected_at", "i8"), ("disconnected_at", "i8"), ("session", "i8"), ("agent", "i4"), ("tenant", "i2")]
)


def positions(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For groups of the given sizes laid end to end: each item's group, and its position in that group."""
    group = np.repeat(np.arange(len(counts)), counts)
    first = np.cumsum(counts) - counts
    return group, np.arange(len(group)) - first[group]


def running_totals(values: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Cumulative sums that start afresh in each group; no group may be empty."""
    totals = np.cumsum(values)
    first = np.cumsum(counts) - counts
    return totals - np.repeat(totals[first] - values[first], counts)
