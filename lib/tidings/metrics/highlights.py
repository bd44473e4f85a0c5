"""Highlights: at most five sentences on what stands out, made from the recorded numbers alone."""

from collections.abc import Iterator
from itertools import islice
from math import sqrt

import pandas as pd

from tidings.language import numbers
from tidings.metrics import METRICS, Metric, Result
from tidings.metrics.edition import Edition

MOST = 5
_MOST_CHANGES = 3
# Smaller changes are not news, and changes of small numbers are chance more often than not: a change
# counts where it is a tenth or more, of 20 or more, and beyond three standard deviations of a count.
_SHARE, _FEWEST, _DEVIATIONS = 0.10, 20, 3
_CHANGING = ("users", "messages", "conversations", "minutes")
# A day stands out where it has this many times what the middle one of the others has.
_TIMES = 1.4


def sentences(results: list[Result], edition: Edition) -> list[str]:
    """What stands out in an edition, most important first; one sentence that says so where nothing does."""
    by_name = {result.metric.name: result for result in results}
    found = [*islice(_changes(results), _MOST_CHANGES), *_peak(by_name), *_outstanding_day(by_name)]
    return found[:MOST] or [_nothing(results, edition)]


def _changes(results: list[Result]) -> Iterator[str]:
    """The largest changes of the headline numbers, the largest first."""
    changed = [result for result in results if _is_news(result)]
    for result in sorted(changed, key=_change, reverse=True):
        yield _change_in_words(result)


def _is_news(result: Result) -> bool:
    metric, now, before = result.metric, result.value, result.previous
    if metric.is_table or metric.unit not in _CHANGING or now is None or not before:
        return False
    if metric.unit == "minutes":
        return _change(result) >= _SHARE
    apart = abs(now - before) / sqrt(now + before)
    return before >= _FEWEST and _change(result) >= _SHARE and apart >= _DEVIATIONS


def _change(result: Result) -> float:
    return abs(result.value - result.previous) / result.previous


def _change_in_words(result: Result) -> str:
    locale, unit = result.edition.tenant.locale, result.metric.unit
    verb = "rose" if result.value > result.previous else "fell"
    share = numbers.percent(_change(result), locale)
    now, before = (numbers.quantity(value, unit, locale) for value in (result.value, result.previous))
    when = f"in the {result.edition.period.word} before"
    return f"{_name(result.metric)} {verb} {share} to {now}, from {before} {when}."


def _name(metric: Metric) -> str:
    """The metric's label, with its section where another headline number has the same one."""
    is_shared = sum(c.metric.label == metric.label and not c.metric.is_table for c in METRICS) > 1
    return (
        f"{metric.label} ({metric.name.partition('.')[0].replace('_', ' ')})" if is_shared else metric.label
    )


def _peak(results: dict[str, Result]) -> Iterator[str]:
    volume, time = results.get("activity.peak_volume"), results.get("activity.peak_time")
    if volume is None or time is None or time.value is None or volume.value < _FEWEST:
        return
    locale = volume.edition.tenant.locale
    sentence = (
        f"The busiest minute was {numbers.moment(time.value, locale, len(volume.edition.period.days) > 31)}: "
        f"{numbers.number(volume.value, locale)} messages"
    )
    if volume.previous and volume.value >= 2 * volume.previous:
        times = numbers.number(round(volume.value / volume.previous, 1), locale)
        sentence += f", {times} times the busiest of the {volume.edition.period.word} before"
    yield f"{sentence}."


def _outstanding_day(results: dict[str, Result]) -> Iterator[str]:
    incoming = results.get("activity.incoming_messages")
    if incoming is None or len(incoming.value) < 3:
        return
    daily = incoming.value.set_index("day")["incoming_messages"]
    day = daily.idxmax()
    others = daily.drop(day).median()
    if others >= _FEWEST and daily[day] >= _TIMES * others:
        yield _day_in_words(day, daily[day], others, incoming)


def _day_in_words(day: pd.Timestamp, value: float, others: float, incoming: Result) -> str:
    locale = incoming.edition.tenant.locale
    return (
        f"{numbers.day(day.date(), locale)} stood out with {numbers.number(value, locale)} incoming "
        f"messages; the middle one of the other days had {numbers.number(others, locale)}."
    )


def _nothing(results: list[Result], edition: Edition) -> str:
    if any(result.previous for result in results if not result.metric.is_table):
        return f"Nothing stands out: the headline numbers are near those of the {edition.period.word} before."
    return f"There is nothing to compare with: the {edition.period.word} before has no numbers."
