"""The goal of a number in a chart: the name of its line, and the sentence below."""

from babel import Locale

from tidings.charts.draw.day_axes import EndLabel
from tidings.charts.style.colors import QUIET
from tidings.language.numbers import quantity
from tidings.language.sentences import say
from tidings.metrics.goals import limit_of, write_limit
from tidings.metrics.metric import Result
from tidings.tenants.goals import Goal


def label_goal(goal: Goal, unit: str, height: float, locale: Locale) -> EndLabel:
    """The name of a goal's line, which is at a height of the axes."""
    limit = quantity(limit_of(goal), unit, locale)
    return EndLabel(height, say("goal {limit}", locale, limit=limit), QUIET, bold=False)


def tell_goal(goal: Goal, result: Result) -> str:
    """What the line means."""
    locale = result.edition.tenant.locale
    limit = write_limit(goal, result.metric.unit, locale)
    return say("The line marks the goal for {name}: {limit}.", locale, name=result.label, limit=limit)
