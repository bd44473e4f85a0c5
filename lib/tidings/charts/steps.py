"""The shape `steps`: a statement that adds up line by line to its last."""

from collections.abc import Sequence

from tidings.charts.base import notice
from tidings.language import numbers
from tidings.metrics.metric import Result
from tidings.parts.part import Part, Row, Table

EXPLANATIONS = (
    "Every agent's conversations added together; one that three agents answered counts three times.",
    "The same conversation came back to an agent who had already answered in it.",
    "They ended before any agent answered.",
    "They were handed on before an answer, or were still waiting when the data was read.",
    "Every stay of a conversation with the contact center, each transfer counted as a new one.",
)


def steps(result: Result, explanations: Sequence[str] = EXPLANATIONS, *, title: str | None = None) -> Part:
    """Show a walk from one number to another: the first line, what is added to it, and the sum.

    Parameters
    ----------
    result : Result
        A table of names and numbers, the sum last.
    explanations : sequence of str
        One plain sentence for each line.
    title : str, optional
        In place of the metric's label.
    """
    if not result.available:
        return notice(result, title)
    names, values = (result.value[column].tolist() for column in result.metric.columns)
    locale, last = result.edition.tenant.locale, len(names) - 1
    rows = tuple(
        Row(_label(name, place, last), explanation, numbers.number(number, locale), total=place == last)
        for place, (name, number, explanation) in enumerate(zip(names, values, explanations, strict=True))
    )
    return Table(
        metric=result.metric.name,
        title=title or result.metric.label,
        finding=f"{rows[0].value} by agent become {rows[-1].value} in all",
        definition=result.metric.definition,
        notes=tuple(result.notes),
        rows=rows,
    )


def _label(name: str, place: int, last: int) -> str:
    name = name[:1].upper() + name[1:] if place in (0, last) else name
    sign = "" if place == 0 else "= " if place == last else "+ "
    return sign + name
