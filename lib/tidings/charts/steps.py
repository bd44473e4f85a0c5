"""The shape `steps`: a statement that adds up line by line to its last."""

import math
from collections.abc import Sequence

from babel import Locale

from tidings.charts.base import shape
from tidings.charts.kinds import STATEMENT
from tidings.errors import ChartError
from tidings.language import numbers
from tidings.language.sentences import say
from tidings.metrics.metric import Result
from tidings.parts.part import Part, Row, Table

RECONCILIATION = "contact_center.reconciliation"


@shape(STATEMENT)
def steps(
    result: Result,
    explanations: Sequence[str] | None = None,
    *,
    title: str = "",
    finding: str | None = None,
) -> Part | None:
    """Show a walk from one number to another: the first line, what is added to it, and the sum.

    Where the agents' conversations are all there were, there is nothing to explain and nothing is shown.

    Parameters
    ----------
    result : Result
        A table of names and numbers, the sum last.
    explanations : sequence of str, optional
        One plain sentence for each line; the reconciliation has its own.
    title : str, optional
        In place of the metric's label.
    finding : str, optional
        The sentence under the title, in place of one that names the first number and the last.
    """
    names, values = (result.value[column].tolist() for column in result.value.columns)
    locale, last = result.edition.tenant.locale, len(names) - 1
    is_of_agents = result.metric.name == RECONCILIATION
    if is_of_agents:
        names, own = zip(*word_reconciliation(locale), strict=True)
        explanations = explanations or own
    explanations = explanations or [""] * len(names)
    if len(explanations) != len(names):
        raise ChartError(
            f"its explanations are {len(explanations)}, and its lines {len(names)}",
            where="charts.steps",
            remedy="give one sentence for each line, or none at all",
        )
    if len(names) < 2 or not math.isclose(sum(values[:-1]), values[-1], abs_tol=1e-9):
        raise ChartError(
            "its last line is not the sum of those above it",
            where="charts.steps",
            remedy="end it with the sum of the other lines, or show it with charts.ranking",
        )
    if is_of_agents and not any(values[1:-1]):
        return None
    rows = tuple(
        Row(_label(name, place, last), explanation, numbers.number(number, locale), total=place == last)
        for place, (name, number, explanation) in enumerate(zip(names, values, explanations, strict=True))
    )
    made = say_sum(rows[0].value, rows[-1].value, is_of_agents, locale)
    return Table(
        metric=result.metric.name,
        title=title,
        finding=finding or made,
        definition=result.definition,
        notes=tuple(result.notes),
        rows=rows,
    )


def word_reconciliation(locale: Locale) -> list[tuple[str, str]]:
    """Each line of the agents' reconciliation in a reader's words, with a sentence that explains it."""
    return [
        (
            say("all agents' conversations added together", locale),
            say("One that three agents answered counts three times.", locale),
        ),
        (
            say("came back to the same agent", locale),
            say("An agent answered the same conversation again; the agent's own number has it once.", locale),
        ),
        (say("missed", locale), say("They ended before any agent answered.", locale)),
        (
            say("handed on, or still waiting", locale),
            say("Nobody had answered yet when they were handed on, or when the data were read.", locale),
        ),
        (
            say("Total Conversations", locale),
            say("Every time that a conversation came to the team; each transfer is one more.", locale),
        ),
    ]


def say_sum(first: str, last: str, is_of_agents: bool, locale: Locale) -> str:
    """Say from which number to which a statement leads."""
    if is_of_agents:
        return say("{first} by agent become {last} in all", locale, first=first, last=last)
    return say("{first} become {last} in all", locale, first=first, last=last)


def _label(name: str, place: int, last: int) -> str:
    name = name[:1].upper() + name[1:] if place in (0, last) else name
    sign = "" if place == 0 else "= " if place == last else "+ "
    return sign + name
