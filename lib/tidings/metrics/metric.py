"""What a metric is: its declaration, and the result of computing it for one edition."""

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Literal, Protocol, cast

import numpy as np
import pandas as pd

from tidings.errors import MetricError
from tidings.language.catalogue import translate
from tidings.metrics.evidence import Evidence
from tidings.metrics.expression import Expression
from tidings.metrics.shown import as_html, as_text

if TYPE_CHECKING:
    from tidings.metrics.edition import Edition

Unit = Literal[
    "users",
    "messages",
    "messages per minute",
    "messages per conversation",
    "conversations",
    "minutes",
    "hours",
    "share",
    "instant",
    "",
]

Counts = Literal["sum", "distinct", "average", "peak"]
"""What a number is: a sum over time; a count of different ones, to which two days may each give the same; an
average or a share; or the highest of many. It decides how two periods of different length are compared."""

_NAME = re.compile("[a-z][a-z0-9_]*[.][a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Metric:
    """One row of the report's specification: a name under which a value is recorded, and its meaning.

    Attributes
    ----------
    name : str
        The recorded name, ``<section>.<value>``; its first part is the section.
    label : str
        The name that readers see.
    unit : Unit
        What is counted or measured.
    columns : tuple of str
        The columns of a table, in order; empty for a scalar.
    better : {"up", "down", None}
        The direction that is good news, None where neither is.
    tables : tuple of str
        Tables of the data contract without which the value cannot be given.
    services : tuple of str
        The services that a tenant needs for the value to mean something.
    compared : bool
        Whether it is computed for the previous edition as well.
    definition : str
        The published definition: the first paragraph of the function's docstring.
    counts : {"sum", "distinct", "average", "peak"}
        What kind of number it is: see `tidings.metrics.comparison`.
    """

    name: str
    label: str
    unit: Unit
    columns: tuple[str, ...]
    better: Literal["up", "down"] | None
    tables: tuple[str, ...]
    services: tuple[str, ...]
    compared: bool
    definition: str
    counts: Counts = "sum"

    @property
    def is_table(self) -> bool:
        return bool(self.columns)

    @property
    def records_previous(self) -> bool:
        """Whether the earlier value is recorded beside it: that of a scalar, and of a table compared by name.

        The days of a table by day are those of its own period.
        """
        return not self.is_table or (self.compared and "day" not in self.columns)


@dataclass(frozen=True, repr=False)
class Result:
    """A metric's value for one edition, with all that a chart needs to show it.

    In JupyterLab it shows itself: its value, what it was before, its definition and its notes.

    Attributes
    ----------
    metric : Metric
        What was computed.
    edition : Edition
        For whom and when: ``edition.tenant``, ``edition.period``.
    value : scalar, pandas.DataFrame or None
        The number, ISO 8601 string or frame; None where it cannot be formed.
    previous : the same
        The value of the period that this one is compared with; None where the source does not reach back to
        its start.
    available : bool
        False where the source lacks a table that the metric needs: shown as "not available", never as 0.
    notes : tuple of str
        Sentences that the reader needs in order to trust the number.
    by_day : tuple of float or None
        Of a scalar, its value for each day of the period, in order, None where it has none; empty where a
        day's value means nothing.
    """

    metric: Metric
    edition: "Edition"
    value: Any
    previous: Any = None
    available: bool = True
    notes: tuple[str, ...] = ()
    by_day: tuple[float | None, ...] = ()

    @property
    def label(self) -> str:
        """The metric's name in the reader's language."""
        return translate(self.metric.label, self.edition.tenant.locale)

    @property
    def definition(self) -> str:
        """The metric's definition in the reader's language."""
        return translate(self.metric.definition, self.edition.tenant.locale)

    @property
    def frame(self) -> pd.DataFrame:
        """The table as a data frame, free for the caller to change."""
        return self.value.copy()

    def __repr__(self) -> str:
        return as_text(self)

    def _repr_html_(self) -> str:
        return as_html(self)


class Declared(Protocol):
    """A function that was declared as a metric: of an edition it gives the result.

    Attributes
    ----------
    metric : Metric
        Its declaration.
    compute : callable
        Gives the bare value for an edition.
    reads : tuple
        The expressions and the metrics that it is made from.
    evidence : Evidence or None
        The rows behind the number, and how plain Python counts them.
    """

    metric: Metric
    compute: Callable[["Edition"], Any]
    reads: "tuple[Expression | Declared, ...]"
    evidence: Evidence | None

    def __call__(self, edition: "Edition") -> Result: ...


def word_column(column: str) -> str:
    """A column's name in words: "closing_reason" is "Closing reason"."""
    return column.replace("_", " ").capitalize()


def first_paragraph(function: Callable) -> str:
    """The first paragraph of a function's docstring, on one line."""
    return " ".join((inspect.getdoc(function) or "").split("\n\n")[0].split())


def metric(
    name: str,
    label: str,
    *,
    reads: tuple[Expression | Declared, ...] = (),
    unit: Unit = "",
    columns: tuple[str, ...] = (),
    counts: Counts = "sum",
    better: Literal["up", "down"] | None = None,
    tables: tuple[str, ...] = ("messages",),
    services: tuple[str, ...] = (),
    compared: bool = True,
    notes: Callable[["Edition"], tuple[str, ...]] | None = None,
    by_day: Callable[..., pd.Series] | None = None,
    evidence: Evidence | None = None,
) -> Callable[[Callable[..., Any]], Declared]:
    """Declare a function as a metric: of an edition, and of what it reads.

    The declared function takes an edition and gives a ``Result``: the value for the edition's period and
    for the previous one, each computed once in an edition's life. The declaration is its attribute
    ``metric``; its attribute ``compute`` gives the bare value for an edition.

    Parameters
    ----------
    reads : tuple, optional
        What the function takes beside the edition: the frame of an expression, or the bare value of another
        metric.
    counts : {"sum", "distinct", "average", "peak"}, optional
        What kind of number it is, by which periods of different length are compared.
    services : tuple of str, optional
        Where more than the service that the name begins with is needed.
    notes : callable, optional
        Gives the sentences that a reader needs in order to trust the number.
    by_day : callable, optional
        Of a scalar: takes what the function takes, and gives the number for each day of the period.
    evidence : Evidence, optional
        The rows behind the number, and how it is counted from them once more: the attribute ``evidence`` of
        the declared function.

    Raises
    ------
    MetricError
        The name is none, or there is no docstring; when it is computed: the value is not what was declared.
    """
    if not _NAME.fullmatch(name):
        raise MetricError(
            "its name is none that can be recorded",
            where=f"metric {name!r}",
            remedy="name it section.value, in small letters, digits and underscores",
        )
    needed = services or (name.partition(".")[0].replace("_", "-"),)

    def declare(function: Callable[..., Any]) -> Declared:
        if not inspect.getdoc(function):
            raise MetricError(
                "it has no definition",
                where=f"metric {name}",
                remedy="begin its function with a docstring, whose first paragraph readers will see",
            )
        declared = Metric(
            name, label, unit, columns, better, tables, needed, compared, first_paragraph(function), counts
        )

        def read(edition: "Edition") -> Iterator[Any]:
            return (
                source.frame(edition) if isinstance(source, Expression) else source.compute(edition)
                for source in reads
            )

        def value(edition: "Edition") -> Any:
            return _checked(function(edition, *read(edition)), declared)

        def compute(edition: "Edition") -> Any:
            return edition.cached(value)

        def compare(edition: "Edition") -> Result:
            if not all(edition.has(table) for table in tables):
                return Result(declared, edition, None, available=False)
            previous = compute(edition.previous) if compared and edition.has_previous else None
            days = by_day(edition, *read(edition)) if by_day else ()
            return Result(
                declared,
                edition,
                compute(edition),
                previous,
                notes=notes(edition) if notes else (),
                by_day=tuple(None if pd.isna(day) else float(day) for day in days),
            )

        @wraps(function)
        def result(edition: "Edition") -> Result:
            return edition.cached(compare)

        function_of_edition = cast(Declared, result)
        function_of_edition.metric, function_of_edition.compute = declared, compute
        function_of_edition.reads, function_of_edition.evidence = reads, evidence
        return function_of_edition

    return declare


def expressions_of(result: Declared) -> tuple[Expression, ...]:
    """The expressions that a metric is made from, also by way of other metrics, each once."""
    found = [
        expression
        for source in result.reads
        for expression in ([source] if isinstance(source, Expression) else expressions_of(source))
    ]
    return tuple(dict.fromkeys(found))


def _checked(value: Any, metric: Metric) -> Any:
    """A metric's value as plain Python has it, or as a frame of the declared columns."""
    if metric.is_table:
        if isinstance(value, pd.DataFrame) and tuple(value.columns) == metric.columns:
            return value
        wanted = f"a data frame with the columns {', '.join(metric.columns)}"
    else:
        plain = value.item() if isinstance(value, np.generic) else value
        if plain is None or isinstance(plain, str | int | float):
            return None if plain != plain else plain
        wanted = "a number, a text or None, since it declares no columns"
    raise MetricError(
        f"its function gave {type(value).__name__}",
        where=f"metric {metric.name}",
        remedy=f"return {wanted}",
    )
