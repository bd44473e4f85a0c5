"""The shape `agents`: a line for each agent, with what each of them did."""

from collections.abc import Sequence
from itertools import chain

import pandas as pd
from babel import Locale

from tidings.charts.base import heading, is_empty, nothing, notice, register
from tidings.charts.kinds import RANKING, check_result
from tidings.charts.ranking import FOLDED, join_first, say_together, say_unlisted, write_names
from tidings.language.names import tell_apart
from tidings.language.numbers import quantity
from tidings.language.sentences import quote, say
from tidings.metrics.metric import Result
from tidings.metrics.tables import NOT_GIVEN
from tidings.parts.part import Agents, Amount, Line, Measure, Part

TOP = 12
"""How many agents have a line; the others are added up, and listed on the page on demand."""


@register(RANKING)
def agents(*totals: Result, title: str | None = None, finding: str | None = None) -> Part:
    """Show tables of agents and values beside each other, a line for each agent and a column for each table.

    Parameters
    ----------
    *totals : Result
        Tables of a name and a value. The first decides the order; those who tie are in the order of names.
    title : str, optional
        "Agents" unless given.
    finding : str, optional
        The sentence under the title; by default who had the most of the first and of the last.
    """
    for result in totals:
        check_result(result, RANKING, "charts.agents", "give tables of agents and one number")
    locale = totals[0].edition.tenant.locale
    title = title or say("Agents", locale)
    shown = [result for result in totals if result.available and result.value is not None]
    if not shown:
        return notice(totals[0], title)
    if all(map(is_empty, shown)):
        return nothing(totals[0], title)
    table = read_agents(shown)
    top = TOP if len(table) > TOP + 1 else len(table)
    others = table.iloc[top:]
    lines = write_lines(table.iloc[: top + FOLDED], shown, locale)
    return Agents(
        title=title,
        finding=finding or name_leaders(table, shown, locale),
        notes=(
            *chain.from_iterable(result.notes for result in shown),
            *(
                say("{name}: not available from this source.", locale, name=result.label)
                for result in totals
                if result not in shown
            ),
            *say_unlisted(len(others), locale),
        ),
        name=heading(shown[0].value.columns[0], locale),
        measures=tuple(Measure(result.metric.name, result.label, result.definition) for result in shown),
        lines=lines[:top],
        rest=add_up(others, shown, locale) if len(others) else None,
        folded=lines[top:],
    )


def read_agents(totals: Sequence[Result]) -> pd.DataFrame:
    """Read tables as one: a row for each agent, the busiest first, and a column for each; NaN for none."""
    series = [result.value.set_index(result.value.columns[0]).iloc[:, 0] for result in totals]
    table = pd.concat(series, axis="columns", keys=range(len(series))).astype(float)
    absent = {NOT_GIVEN: say("not given", totals[0].edition.tenant.locale)}
    named = table.set_axis(table.index.astype(str)).sort_index(kind="stable").rename(index=absent)
    return named.sort_values(0, ascending=False, kind="stable", na_position="last")


def write_lines(table: pd.DataFrame, totals: Sequence[Result], locale: Locale) -> tuple[Line, ...]:
    """Write agents as lines; a bar of full length is the most of its column."""
    most = table.max().where(lambda column: column > 0, 1)
    return tuple(
        Line(
            name,
            whole,
            tuple(
                Amount(quantity(value, result.metric.unit, locale), round(value / longest, 4))
                if pd.notna(value)
                else Amount(quantity(None, result.metric.unit, locale), 0)
                for value, longest, result in zip(row, most, totals, strict=True)
            ),
            None,
        )
        for (name, whole), row in zip(write_names(list(table.index)), table.to_numpy(), strict=True)
    )


def add_up(others: pd.DataFrame, totals: Sequence[Result], locale: Locale) -> Line:
    """Write agents as one line without bars."""
    sums = zip(others.sum(), totals, strict=True)
    amounts = (Amount(quantity(value, result.metric.unit, locale), None) for value, result in sums)
    return Line(say_together(len(others), locale), None, tuple(amounts), None)


def name_leaders(table: pd.DataFrame, totals: Sequence[Result], locale: Locale) -> str:
    """Say who had the most of the first column, and of the last one."""
    first_and_last = dict.fromkeys((0, len(totals) - 1))
    said = [_say_most(table[column], totals[column], locale) for column in first_and_last]
    return " · ".join(filter(None, said))


def _say_most(values: pd.Series, result: Result, locale: Locale) -> str | None:
    """Say who had the most, all of them where several tie; None where nobody had any."""
    most = values.max()
    if not most > 0:
        return None
    tied = [quote(name, locale) for name in tell_apart(list(values.index[values == most]))]
    names, value = join_first(tied, locale), quantity(most, result.metric.unit, locale)
    unit = result.metric.unit
    if len(tied) > 1:
        return say("{names} had the most, {value} each", locale, names=names, value=value)
    if unit == "conversations":
        return say("{name} had the most conversations, {value}", locale, name=names, value=value)
    if unit == "hours":
        return say("{name} was logged in the longest, {value}", locale, name=names, value=value)
    return say("{name} had the most, {value}", locale, name=names, value=value)
