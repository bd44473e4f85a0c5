"""The shape `cards`: headline numbers, each with its change from the period before."""

from collections.abc import Iterator
from typing import Any

from babel import Locale

from tidings.charts.base import register
from tidings.charts.kinds import SCALAR, check_result
from tidings.language import numbers
from tidings.language.sentences import say, say_count
from tidings.metrics.comparison import days_of_both, word_change
from tidings.metrics.goals import find_goal, is_met, write_limit
from tidings.metrics.metric import Metric, Result
from tidings.metrics.results import metrics_of
from tidings.parts.part import Card, Cards, Change, Mark, Part


@register(SCALAR)
def cards(*results: Result | tuple[Result, ...] | Card) -> Part:
    """Show headline numbers, one card each.

    Parameters
    ----------
    *results : Result, tuple of Result, or Card
        Scalars, in the order in which they are shown. Of a tuple, the first is the card's number; the others
        stand small below it. A card is shown as it is. A number of a service that the tenant lacks is not.
    """
    made = (each if isinstance(each, Card) else _read_card(each) for each in results)
    shown = tuple(filter(None, made))
    return Cards(shown, empty=all(map(_says_nothing, shown)))


def _read_card(given: Result | tuple[Result, ...]) -> Card | None:
    group = given if isinstance(given, tuple) else (given,)
    for result in group:
        check_result(result, SCALAR, "charts.cards", "show a table as a chart; a card holds one number")
    first, *beside = group
    return _card(first, beside) if set(first.metric.services) <= set(first.edition.tenant.services) else None


def _says_nothing(card: Card) -> bool:
    """Whether a card has no number, or 0, in whatever language: "–", "0", "0 %"."""
    return not card.available or "".join(filter(str.isalnum, card.value)) in ("", "0")


def _card(result: Result, beside: list[Result]) -> Card:
    metric, label, locale = result.metric, headline(result), result.edition.tenant.locale
    if not result.available:
        absent = say("not available from this source", locale)
        return Card(metric.name, label, result.definition, absent, available=False)
    missing, change = numbers.is_missing(result.value), word_change(result)
    return Card(
        metric=metric.name,
        label=label,
        definition=result.definition,
        value=_written(result, result.value),
        unit="" if missing or metric.unit != "messages per minute" else say("/min", locale),
        change=Change(**change) if change else None,
        before=None if numbers.is_missing(result.previous) else _before(result),
        note=" · ".join(_notes(result, beside, missing)) or None,
        by_day=result.by_day,
        goals=tuple(_marks(result, beside)),
    )


def headline(result: Result) -> str:
    """The name of a headline number, with its section where the tenant has another of the same name."""
    metric, tenant = result.metric, result.edition.tenant
    shared = [
        each.metric
        for each in metrics_of(tenant.services)
        if each.metric.label == metric.label and not each.metric.is_table
    ]
    if len(shared) < 2 or metric not in shared:
        return result.label
    return say(
        "{name} ({section})", tenant.locale, name=result.label, section=_section(metric, tenant.locale)
    )


def _section(metric: Metric, locale: Locale) -> str:
    sections = {
        "activity": say("Activity", locale),
        "chatbot": say("Chatbot", locale),
        "contact_center": say("Contact Center", locale),
    }
    return sections[metric.name.partition(".")[0]]


def _before(result: Result) -> str:
    """What a number was before; a count of different ones with its days, where they are not as many."""
    value, locale = _written(result, result.previous), result.edition.tenant.locale
    now, before = days_of_both(result.edition)
    if result.metric.counts == "distinct" and now != before:
        return say_count(
            "{value} in {count} day before", "{value} in {count} days before", before, locale, value=value
        )
    return say("{value} before", locale, value=value)


def _marks(first: Result, beside: list[Result]) -> Iterator[Mark]:
    """Whether the numbers of a card keep to their goals."""
    locale = first.edition.tenant.locale
    for result in (first, *beside):
        goal, unit = find_goal(result.edition.tenant, result.metric), result.metric.unit
        met = is_met(goal, result.value, unit, locale) if goal and result.available else None
        if goal is None or met is None:
            continue
        limit = write_limit(goal, unit, locale)
        words = say("goal of {limit} met", locale, limit=limit)
        if not met:
            words = say("goal of {limit} not met", locale, limit=limit)
        if result is not first:
            words = say("{name}: {value}", locale, name=result.label, value=words)
        yield Mark(words, "good" if met else "bad")


def _notes(result: Result, beside: list[Result], missing: bool) -> list[str]:
    locale = result.edition.tenant.locale
    known = [other for other in beside if other.available and not numbers.is_missing(other.value)]
    return [
        *([_absent(result.metric, locale)] if missing else []),
        *(
            say("{name}: {value}", locale, name=other.label, value=_written(other, other.value))
            for other in known
        ),
        *result.notes,
    ]


def _absent(metric: Metric, locale: Locale) -> str:
    return say("no messages", locale) if metric.unit == "instant" else say("nothing to measure", locale)


def _written(result: Result, value: Any) -> str:
    locale = result.edition.tenant.locale
    if result.metric.unit == "instant":
        return numbers.moment(value, locale, with_month=_has_a_day_twice(result))
    return numbers.quantity(value, result.metric.unit, locale)


def _has_a_day_twice(result: Result) -> bool:
    """Whether the period, or the one before, has two days of one number, as two months have."""
    period = result.edition.period
    return max(len(period.days), len(period.compared_with().days)) > 31
