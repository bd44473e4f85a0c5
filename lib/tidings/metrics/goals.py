"""The goals that a tenant has set for numbers: whether they are met, and how they are said."""

from typing import Any

from babel import Locale

from tidings.errors import ParametersError
from tidings.language.numbers import is_missing, quantity
from tidings.language.sentences import say
from tidings.metrics.metric import Metric
from tidings.metrics.results import metrics_of
from tidings.tenants.goals import Goal
from tidings.tenants.tenant import Tenant
from tidings.tenants.validators import nearest

_UNITS = {"share": ("%",), "minutes": ("min", "")}  # of other numbers: none


def check_goals(tenant: Tenant) -> None:
    """Refuse goals of numbers that the tenant's report does not have, or in another unit than theirs.

    Raises
    ------
    ParametersError
        With the goal, and what to write.
    """
    known = {
        compute.metric.name: compute.metric
        for compute in metrics_of(tenant.services)
        if not compute.metric.is_table and compute.metric.unit != "instant"
    }
    for goal in tenant.goals:
        where = f"{tenant.id}, goals"
        if goal.name not in known:
            close = nearest(goal.name, tuple(known))
            raise ParametersError(
                f"the report has no number {goal.name} that a goal can be set for",
                where=where,
                remedy=f"write {close[0] if close else 'the name of a single number of its services'}, "
                "as docs/metrics.md has it",
            )
        units = _UNITS.get(known[goal.name].unit, ("",))
        if goal.unit not in units:
            raise ParametersError(
                f"the goal of {goal.name} is in another unit than the number",
                where=where,
                remedy=f'write "{goal.sign} {goal.value:g}{units[0]}"',
            )


def find_goal(tenant: Tenant, metric: Metric) -> Goal | None:
    """The goal that a tenant has set for a number; none is set for what was made from it."""
    if metric not in [compute.metric for compute in metrics_of(tenant.services)]:
        return None
    return next((goal for goal in tenant.goals if goal.name == metric.name), None)


def limit_of(goal: Goal) -> float:
    """The limit in the unit of the number: shares are between 0 and 1."""
    return goal.value / 100 if goal.unit == "%" else goal.value


def is_met(goal: Goal, value: Any, unit: str, locale: Locale) -> bool | None:
    """Whether a number keeps to its goal, as both are written: 8.04% are 8%. None for no number."""
    if is_missing(value):
        return None
    limit = limit_of(goal)
    is_within = value <= limit if goal.sign == "<=" else value >= limit
    return is_within or quantity(value, unit, locale) == quantity(limit, unit, locale)


def write_limit(goal: Goal, unit: str, locale: Locale) -> str:
    """The limit in words, in the unit of the number: "at most 8%"."""
    limit = quantity(limit_of(goal), unit, locale)
    if goal.sign == "<=":
        return say("at most {limit}", locale, limit=limit)
    return say("at least {limit}", locale, limit=limit)
