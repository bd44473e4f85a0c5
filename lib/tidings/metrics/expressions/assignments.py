"""Queries of assignments, whoever answered them."""

import ibis
import ibis.expr.types as ir

from tidings.metrics.days import local_day
from tidings.metrics.expression import expression
from tidings.metrics.intervals import duration
from tidings.metrics.scope import Scope
from tidings.sources.checks import runs_backwards


@expression(
    both_periods=True,
    absent={
        **dict.fromkeys(("assignments", "handled", "missed", "other"), 0),
        **dict.fromkeys(("handle_time_count", "handle_time_sum", "wait_time_count", "wait_time_sum"), 0),
        **dict.fromkeys(("handle_time_left_out", "wait_time_left_out"), 0),
        **dict.fromkeys(("handle_time_median", "wait_time_median"), float("nan")),
    },
)
def assignments_by_day(edition: Scope) -> ir.Table:
    """The period's assignments by day, counted and measured in one pass.

    ``day``, ``assignments``, ``handled``, ``missed``, ``other``; for ``handle_time`` (answer to close) and
    ``wait_time`` (assignment to answer) the number of lengths, their sum and median in microseconds:
    ``handle_time_count`` and so on. Those that end before they begin are ``left_out``.
    """
    assignments = edition.rows_of_both("assignments")
    assignments = assignments.mutate(
        day=local_day(assignments.assigned_at, edition.both_periods),
        is_missed=_is_missed(assignments, edition.history("assignments")),
        handle_time=duration(assignments.answered_at, assignments.closed_at),
        wait_time=duration(assignments.assigned_at, assignments.answered_at),
    )
    assignments = _with_places(_with_places(assignments, "handle_time"), "wait_time")
    counted = assignments.group_by(["is_now", "day"]).aggregate(
        assignments=assignments.count(),
        handled=assignments.answered_at.count(),
        missed=assignments.count(where=assignments.is_missed),
        **_measures(assignments, "handle_time"),
        **_measures(assignments, "wait_time"),
        handle_time_left_out=assignments.count(
            where=runs_backwards(assignments.answered_at, assignments.closed_at)
        ),
        wait_time_left_out=assignments.count(
            where=runs_backwards(assignments.assigned_at, assignments.answered_at)
        ),
    )
    return counted.mutate(other=counted.assignments - counted.handled - counted.missed)


@expression(both_periods=True)
def distinct_assigned(edition: Scope) -> ir.Table:
    """Distinct ``conversations`` and ``users`` of assignments: a row by ``day``, and one without for all."""
    assignments = edition.rows_of_both("assignments")
    assignments = assignments.mutate(day=local_day(assignments.assigned_at, edition.both_periods))
    distinct = {
        "conversations": assignments.conversation_id.nunique(),
        "users": assignments.user_id.nunique(),
    }
    each_day = assignments.group_by(["is_now", "day"]).aggregate(**distinct)
    in_all = assignments.group_by("is_now").aggregate(day=ibis.null("timestamp"), **distinct)
    return each_day.union(in_all)


@expression(both_periods=True)
def assignments_by_reason(edition: Scope) -> ir.Table:
    """The period's closed assignments, as ``conversations``, by ``closing_reason``."""
    assignments = edition.rows_of_both("assignments")
    closed = assignments.filter(assignments.closed_at.notnull())
    return closed.group_by(["is_now", "closing_reason"]).aggregate(conversations=closed.count())


def _is_missed(assignments: ir.Table, history: ir.Table) -> ir.BooleanColumn:
    """Ended, never answered, and not the one from which another, whenever, was handed on."""
    handed_on = history.filter(history.transferred_from.notnull()).transferred_from
    return (
        assignments.answered_at.isnull()
        & assignments.closed_at.notnull()
        & ~assignments.assignment_id.isin(handed_on)
    )


def _with_places(assignments: ir.Table, name: str) -> ir.Table:
    """With each row's place among those of its day by a length, from 0, and the last of these places."""
    value = assignments[name]
    is_absent = value.isnull().ifelse(1, 0)
    of_day = {"group_by": ["is_now", "day"]}
    return assignments.mutate(
        **{
            f"{name}_place": ibis.row_number().over(**of_day, order_by=[is_absent, value]),
            f"{name}_last": value.count().over(**of_day) - 1,
        }
    )


def _measures(assignments: ir.Table, name: str) -> dict[str, ir.Scalar]:
    value, place, last = (assignments[each] for each in (name, f"{name}_place", f"{name}_last"))
    # Not every engine has a median: it is the one in the middle, or what lies between the two that are.
    is_middle = (place * 2 - last).abs() <= 1
    return {
        f"{name}_count": value.count(),
        f"{name}_sum": value.sum().fill_null(0),
        f"{name}_median": value.mean(where=is_middle),
    }
