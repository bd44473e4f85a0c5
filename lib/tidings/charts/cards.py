"""The shape `cards`: headline numbers, each with its change from the period before."""

from itertools import chain
from typing import Any

from tidings.charts.base import NOT_AVAILABLE, register
from tidings.charts.kinds import SCALAR, check_result
from tidings.language import numbers
from tidings.metrics.metric import Result
from tidings.parts.part import Card, Cards, Change, Part

_UNITS = {"messages per minute": "/min"}
_NOT_IN_PERCENT = ("instant", "share")  # a change of these in percent misleads, or means nothing


@register(SCALAR)
def cards(*results: Result | tuple[Result, ...]) -> Part:
    """Show headline numbers, one card each.

    Parameters
    ----------
    *results : Result or tuple of Result
        Scalars, in the order in which they are shown. Of a tuple, the first is the card's number; the others
        stand small below it.
    """
    groups = [group if isinstance(group, tuple) else (group,) for group in results]
    for result in chain.from_iterable(groups):
        check_result(result, SCALAR, "charts.cards", "show a table as a chart; a card holds one number")
    return Cards(tuple(_card(first, beside) for first, *beside in groups))


def _card(result: Result, beside: list[Result]) -> Card:
    metric = result.metric
    if not result.available:
        return Card(metric.name, metric.label, metric.definition, NOT_AVAILABLE, available=False)
    missing, has_previous = numbers.is_missing(result.value), not numbers.is_missing(result.previous)
    return Card(
        metric=metric.name,
        label=metric.label,
        definition=metric.definition,
        value=_written(result, result.value),
        unit="" if missing else _UNITS.get(metric.unit, ""),
        change=_change(result),
        before=f"{_written(result, result.previous)} before" if has_previous else None,
        note=" · ".join(_notes(result, beside, missing)) or None,
        by_day=result.by_day,
    )


def _notes(result: Result, beside: list[Result], missing: bool) -> list[str]:
    absent = ["no messages" if result.metric.unit == "instant" else "nothing to measure"] if missing else []
    known = [other for other in beside if other.available and not numbers.is_missing(other.value)]
    return [
        *absent,
        *(f"{_written(other, other.value)} {other.metric.label.lower()}" for other in known),
        *result.notes,
    ]


def _change(result: Result) -> Change | None:
    if result.metric.unit in _NOT_IN_PERCENT:
        return None
    locale = result.edition.tenant.locale
    change = numbers.change(result.value, result.previous, result.metric.better, locale, result.metric.unit)
    return Change(**change) if change else None


def _written(result: Result, value: Any) -> str:
    locale = result.edition.tenant.locale
    if result.metric.unit == "instant":
        return numbers.moment(value, locale, with_month=_has_a_day_twice(result))
    return numbers.quantity(value, result.metric.unit, locale)


def _has_a_day_twice(result: Result) -> bool:
    """Whether the period, or the one before, has two days of one number, as two months have."""
    period = result.edition.period
    return max(len(period.days), len(period.previous().days)) > 31
