"""The shape `split`: a column for each day, divided by how its conversations went."""

from dataclasses import replace

import numpy as np
from babel import Locale

from tidings.charts.base import Caption, chart_part, shape, table
from tidings.charts.draw.day_axes import (
    ChartSpec,
    DayAxes,
    EndLabel,
    draw_ground,
    open_day_axes,
    read_spec,
    say_nothing_happened,
    write_value,
)
from tidings.charts.draw.goals import label_goal
from tidings.charts.draw.series import say_nothing, tell_days, write_days
from tidings.charts.draw.sheet import Shape, Sheet
from tidings.charts.kinds import BY_OUTCOME
from tidings.charts.style.colors import INK, text_color
from tidings.charts.style.fonts import drawable
from tidings.charts.style.letters import text_width
from tidings.charts.style.theme import HEIGHT
from tidings.language import numbers
from tidings.language.sentences import say
from tidings.metrics.contact_center import handled_vs_missed, missed_share
from tidings.metrics.goals import find_goal, limit_of, write_limit
from tidings.metrics.metric import Result
from tidings.parts.part import DataTable, Part
from tidings.tenants.goals import Goal

OUTCOMES = ("handled", "missed", "other")

_WIDTH = 0.62  # of the way from one day to the next
_SHARES = 7  # at most; one for each day of a week


@shape(BY_OUTCOME)
def split(
    result: Result,
    *,
    title: str = "",
    finding: str | None = None,
    height: int = HEIGHT,
    wide: bool = False,
) -> Part:
    """Show each day's conversations by outcome, one on top of the other, with the share that was missed.

    Parameters
    ----------
    result : Result
        A table of ``day``, ``handled``, ``missed`` and ``other``.
    title : str, optional
        In place of the metric's label.
    finding : str, optional
        The sentence under the title, in place of one made from the data.
    height : int
        Of the picture, in CSS pixels.
    wide : bool
        Whether it spans both columns of the page.
    """
    caption = Caption(title, finding or add_up(result), _describe(result), _write_table(result))
    if goal := _goal(result):
        locale = result.edition.tenant.locale
        limit = write_limit(goal, missed_share.metric.unit, locale)
        note = say("The lines mark the goal for missed conversations: {limit}.", locale, limit=limit)
        caption = replace(caption, notes=(note,))
    return chart_part(result, caption, draw_split(result, height, wide, goal))


def draw_split(result: Result, height: int = HEIGHT, wide: bool = False, goal: Goal | None = None) -> Sheet:
    """Draw the columns, name their parts at the last of them, and write the share missed above each.

    A line across each column marks where its missed part would end at the goal.
    """
    spec, counts = read_spec(result, height, wide), _counts(result)
    sums = counts.sum(axis=1)
    labels, limits = _end_labels(counts, spec), counts[:, 0] + (limit_of(goal) if goal else 0) * sums
    if goal and sums[-1]:
        labels.append(label_goal(goal, "share", limits[-1], spec.locale))
    axes = open_day_axes(spec, sums.max(), labels, whole=True)
    bottom, width = np.zeros(len(counts)), _width(spec)
    for part, color in zip(counts.T, _colors(spec), strict=True):
        for place, (count, below) in enumerate(zip(part, bottom, strict=True)):
            axes.sheet.add(Shape("column", axes.column(place, width, count, below), color, edge=1.11))
        bottom += part
    draw_ground(axes)
    for place, limit in enumerate(limits if goal else ()):
        ends = (place - 0.62 * width, place + 0.62 * width)
        axes.sheet.add(axes.level("goal", limit, ends, INK, 1.25))
    if not sums.any():
        say_nothing_happened(axes, add_up(result))
    _write_shares(axes, counts, spec)
    return axes.sheet


def _goal(result: Result) -> Goal | None:
    """The goal of the share that is missed, of the report's own outcomes."""
    if result.metric != handled_vs_missed.metric:
        return None
    return find_goal(result.edition.tenant, missed_share.metric)


def _counts(result: Result) -> np.ndarray:
    """The outcomes of each day: a row for each day, a column for each outcome."""
    return result.value[list(OUTCOMES)].to_numpy(dtype=float)


def _colors(spec: ChartSpec) -> tuple[str, str, str]:
    return spec.colors.accent, spec.colors.missed, spec.colors.tint


def _width(spec: ChartSpec) -> float:
    return _WIDTH if len(spec.days) > 1 else _WIDTH / 5


def _end_labels(counts: np.ndarray, spec: ChartSpec) -> list[EndLabel]:
    """The names of the outcomes that there are, each at the middle of its part of the last column."""
    middles = counts[-1].cumsum() - counts[-1] / 2
    named = zip(_names(spec.locale), middles, _colors(spec), counts.sum(axis=0), strict=True)
    return [EndLabel(middle, name, color) for name, middle, color, count in named if count]


def _write_shares(axes: DayAxes, counts: np.ndarray, spec: ChartSpec) -> None:
    """Write the share missed above the days with the most missed, where no other column is in the way."""
    sums, color = counts.sum(axis=1), text_color(spec.colors.missed)
    written: dict[int, float] = {}
    for place in np.argsort(-counts[:, 1], kind="stable")[:_SHARES]:
        if not counts[place, 1]:
            break
        text = drawable(numbers.percent(counts[place, 1] / sums[place], spec.locale))
        reach = text_width(text, bold=True) / 2 / axes.pitch
        near = np.abs(np.arange(len(sums)) - place) < reach + _WIDTH / 2
        if sums[near].max() <= sums[place] and all(
            abs(other - place) > 1.2 * (reach + its) for other, its in written.items()
        ):
            write_value(axes, place, sums[place], text, color)
            written[place] = reach


def add_up(result: Result) -> str:
    """Say how many were handled and missed in the whole period, and on which days most were missed."""
    locale, counts = result.edition.tenant.locale, _counts(result)
    handled, missed, _ = totals = counts.sum(axis=0)
    if not totals.any():
        return say_nothing(result)
    places = {
        "handled": numbers.number(handled, locale),
        "missed": numbers.number(missed, locale),
        "share": numbers.percent(missed / totals.sum(), locale),
    }
    most = counts[:, 1].max()
    worst = np.flatnonzero(counts[:, 1] == most).tolist()
    if len(worst) == len(counts):
        return say("{handled} handled, {missed} missed ({share})", locale, **places)
    days = tell_days(result, worst, numbers.number(most, locale))
    return say("{handled} handled, {missed} missed ({share}), most on {days}", locale, **places, days=days)


def _describe(result: Result) -> str:
    locale, counts, days = result.edition.tenant.locale, _counts(result), write_days(result)
    worst = int(counts[:, 1].argmax())
    if not counts[worst, 1]:
        return say(
            "Daily columns from {first} to {last}; none was missed.", locale, first=days[0], last=days[-1]
        )
    return say(
        "Daily columns from {first} to {last}; on {day}, {missed} of {count} were missed.",
        locale,
        first=days[0],
        last=days[-1],
        day=days[worst],
        missed=numbers.number(counts[worst, 1], locale),
        count=numbers.number(counts[worst].sum(), locale),
    )


def _names(locale: Locale) -> tuple[str, str, str]:
    return say("handled", locale), say("missed", locale), say("other", locale)


def _write_table(result: Result) -> DataTable:
    locale = result.edition.tenant.locale
    rows = [[numbers.number(count, locale) for count in counts] for counts in _counts(result)]
    labels = [say("Day", locale), say("Handled", locale), say("Missed", locale), say("Other", locale)]
    return table(labels, [[day, *row] for day, row in zip(write_days(result), rows, strict=True)])
