"""The shape `curve`: how each agent's days went, as small charts with a curved line in each."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from pandas.api.types import is_integer_dtype

from tidings.charts.base import Caption, chart_part, heading, number_unreadable, shape, table
from tidings.charts.draw.day_axes import ChartSpec, read_spec
from tidings.charts.draw.panels import Panel, draw_panels
from tidings.charts.draw.scale import LEAST
from tidings.charts.draw.series import name_days
from tidings.charts.draw.sheet import Sheet
from tidings.charts.kinds import BY_AGENT, RANKING
from tidings.charts.ranking import ranking
from tidings.charts.style.colors import GROUND, mix
from tidings.language import numbers
from tidings.language.sentences import join, quote, say, say_count
from tidings.metrics.metric import Result
from tidings.metrics.tables import NOT_GIVEN
from tidings.parts.part import DataTable, Part

PANELS = 9  # with more agents the last one shows all the others

_PALER = 0.45  # the white in the colour of the others
_TOLD = 3  # days of one height that are told one by one


@dataclass(frozen=True)
class Course:
    """Agents' days: who has a panel, and who is one of the others.

    Attributes
    ----------
    table : pandas.DataFrame
        A row for each agent, the first in order at the top, and a column for each day; NaN for a gap.
    named : int
        How many of the first have a panel of their own.
    whole : bool
        Whether values are counts.
    """

    table: pd.DataFrame
    named: int
    whole: bool

    @property
    def agents(self) -> pd.DataFrame:
        """Those with a panel of their own."""
        return self.table.iloc[: self.named]

    @property
    def others(self) -> pd.DataFrame:
        """All the others."""
        return self.table.iloc[self.named :]


@shape(BY_AGENT, order=RANKING, draws_nothing=False)
def curve(
    daily: Result,
    order: Result | None = None,
    *,
    title: str = "",
    finding: str | None = None,
    wide: bool = False,
) -> Part | None:
    """Show a table by day and agent as small charts, a curved line for each of the first agents.

    All have the same days and the same scale. A line passes through every day's value and never leaves the
    range of two neighbours. Where there are more than nine agents, the last chart is the average of all
    but the first eight. A single day is shown as a ranking.

    Parameters
    ----------
    daily : Result
        A table: ``day``, ``agent``, and a value; a row for each pair.
    order : Result, optional
        A table of agents and numbers, in whose order they are shown, so that several charts show the same
        agents at the same places; by default the one with the highest sum of days comes first.
    title : str, optional
        The metric's label unless given.
    finding : str, optional
        The sentence under the title; by default the busiest day, and the highest of one agent.
    wide : bool
        Whether the picture spans both columns of the page.
    """
    course, spec = read_course(daily, order), read_spec(daily, 0, wide)
    if len(spec.days) == 1:
        of_day = daily.value.iloc[:, 1:].sort_values(
            daily.value.columns[2], ascending=False, kind="stable", ignore_index=True
        )
        return ranking(replace(daily, value=of_day), title=title, finding=finding)
    shown, notes = number_unreadable(list(course.agents.index), spec.locale)
    caption = Caption(
        title,
        finding or find_busiest(course, daily),
        describe(course, daily),
        write_table(course, daily),
        (*_explain_others(course, daily), *notes),
        tuple(course.agents.index),
    )
    panels = make_panels(course, spec, shown)
    return chart_part(daily, caption, draw_course(panels, spec))


def read_course(daily: Result, order: Result | None = None) -> Course:
    """Read a table by day and agent, in the order of ``order``, else the highest sum of days first.

    Whom only ``order`` has did nothing of this kind; whom only the table has comes last.
    """
    day, agent, value = daily.value.columns
    days = pd.DatetimeIndex(daily.edition.period.days)
    table = daily.value.pivot(index=agent, columns=day, values=value).reindex(columns=days).astype(float)
    busiest = table.sum(axis=1).sort_values(ascending=False, kind="stable").index
    if order is not None and order.value is not None:
        listed = pd.Index(order.value.iloc[:, 0])
        absent = listed.difference(table.index)
        table = pd.concat([table, pd.DataFrame(0.0, index=absent, columns=days)])
        busiest = listed.append(busiest.difference(listed, sort=False))
    absent = {NOT_GIVEN: say("not given", daily.edition.tenant.locale)}
    table = table.loc[busiest].rename(index=absent)
    named = len(table) if len(table) <= PANELS else PANELS - 1
    return Course(table, named, is_integer_dtype(daily.value[value]))


def find_busiest(course: Course, daily: Result) -> str:
    """Say which day was the busiest of most agents, and who had the most on one day; or which days tie."""
    locale, table = daily.edition.tenant.locale, course.table.loc[course.table.max(axis=1) > LEAST]
    top = float(np.nanmax(table))
    value = _write(top, daily)
    tops = [(agent, place) for agent, place in np.argwhere(table.to_numpy() == top)]
    agent, place = table.index[tops[0][0]], tops[0][1]
    at_most = (table.to_numpy() == table.max(axis=1).to_numpy()[:, np.newaxis]).sum(axis=0)
    shared = len(tops) == 1 and len(table) > 2 and at_most[place] * 2 >= len(table)
    if shared and at_most[place] == len(table):
        return say(
            "{day} was everyone’s busiest day; {agent} had the most, {value}",
            locale,
            day=name_days(daily, [place]),
            agent=quote(agent, locale),
            value=value,
        )
    if shared:
        return say(
            "{day} was the busiest day of {count} of {agents} agents; {agent} had the most, {value}",
            locale,
            day=name_days(daily, [place]),
            count=numbers.number(at_most[place], locale),
            agents=numbers.number(len(table), locale),
            agent=quote(agent, locale),
            value=value,
        )
    if len(tops) <= _TOLD and len({row for row, _ in tops}) == 1:
        return say(
            "{agent} had the most on one day: {value} on {days}",
            locale,
            agent=quote(agent, locale),
            value=value,
            days=name_days(daily, [place for _, place in tops]),
        )
    if len(tops) <= _TOLD:
        days = [
            say(
                "{agent} on {day}",
                locale,
                agent=quote(table.index[agent], locale),
                day=name_days(daily, [place]),
            )
            for agent, place in tops
        ]
        return say("The most on one day was {value}: {days}", locale, value=value, days=join(days, locale))
    return say_count(
        "The most on one day was {value}, {count} time",
        "The most on one day was {value}, {count} times",
        len(tops),
        locale,
        value=value,
    )


def describe(course: Course, daily: Result) -> str:
    """Describe the small charts to those who cannot see them."""
    period, locale = daily.edition.period, daily.edition.tenant.locale
    most = [
        say(
            "{agent} at most {value}",
            locale,
            agent=quote(agent, locale),
            value=_write(float(np.nanmax(values, initial=0)), daily),
        )
        for agent, values in zip(course.agents.index, course.agents.to_numpy(), strict=True)
    ]
    return say(
        "A small chart of the days from {first} to {last} for each agent: {agents}.",
        locale,
        first=numbers.day(period.first, locale),
        last=numbers.day(period.last, locale),
        agents=join(most, locale),
    )


def write_table(course: Course, daily: Result) -> DataTable:
    """Write out every value: the longer of days and agents runs down, the other across."""
    locale = daily.edition.tenant.locale
    who = heading(daily.value.columns[1], locale)
    days = [numbers.day(day.date(), locale) for day in pd.DatetimeIndex(course.table.columns)]
    agents = list(course.table.index)
    unit = daily.metric.unit
    values = [[numbers.quantity(value, unit, locale) for value in row] for row in course.table.to_numpy()]
    if len(agents) >= len(days):
        return table([who, *days], [[agent, *row] for agent, row in zip(agents, values, strict=True)])
    across = zip(*values, strict=True)
    return table([say("Day", locale), *agents], [[day, *row] for day, row in zip(days, across, strict=True)])


def make_panels(course: Course, spec: ChartSpec, shown: dict[str, str]) -> list[Panel]:
    """Make a panel for each agent, by the name that the picture shows, and one of the others' average."""
    panels = [
        _panel(shown[agent], values, spec.colors.accent, spec)
        for agent, values in zip(course.agents.index, course.agents.to_numpy(), strict=True)
    ]
    if len(course.others):
        name = say_count("{count} other", "{count} others, average", len(course.others), spec.locale)
        average = course.others.mean().to_numpy()
        panels.append(_panel(name, average, mix(spec.colors.accent, GROUND, _PALER), spec))
    return panels


def _panel(name: str, values: np.ndarray, color: str, spec: ChartSpec) -> Panel:
    top = float(np.nanmax(values, initial=0))
    return Panel(name, values, color, numbers.quantity(top, spec.unit, spec.locale) if top else "")


def draw_course(panels: list[Panel], spec: ChartSpec) -> Sheet:
    """Draw the panels on the days of the period."""
    return draw_panels(panels, spec.days, spec.rest, spec.locale, wide=spec.wide)


def _write(value: float, daily: Result) -> str:
    return numbers.quantity(value, daily.metric.unit, daily.edition.tenant.locale)


def _explain_others(course: Course, daily: Result) -> tuple[str, ...]:
    if not len(course.others):
        return ()
    return (
        say_count(
            "The last chart is the average of the {count} other agent, day by day.",
            "The last chart is the average of the {count} other agents, day by day.",
            len(course.others),
            daily.edition.tenant.locale,
        ),
    )
