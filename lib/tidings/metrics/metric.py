"""What a metric is: its declaration, and the result of computing it for one edition."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

if TYPE_CHECKING:
    from tidings.metrics.edition import Edition

Unit = Literal[
    "users", "messages", "messages per minute", "conversations", "minutes", "hours", "share", "instant", ""
]


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
        Whether it is computed for the period before as well.
    definition : str
        The published definition: the first paragraph of the function's docstring.
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

    @property
    def is_table(self) -> bool:
        return bool(self.columns)


@dataclass(frozen=True)
class Result:
    """A metric's value for one edition, with all that a chart needs to show it.

    Attributes
    ----------
    metric : Metric
        What was computed.
    edition : Edition
        For whom and when: ``edition.tenant``, ``edition.period``.
    value : scalar, pandas.DataFrame or None
        The number, ISO 8601 string or frame; None where it cannot be formed.
    previous : the same
        The value of the period before.
    available : bool
        False where the source lacks a table that the metric needs: shown as "not available", never as 0.
    notes : tuple of str
        Sentences that the reader needs in order to trust the number.
    """

    metric: Metric
    edition: "Edition"
    value: Any
    previous: Any = None
    available: bool = True
    notes: tuple[str, ...] = ()

    @property
    def frame(self) -> pd.DataFrame:
        """The table as a data frame, free for the caller to change."""
        return self.value.copy()


def first_paragraph(function: Callable) -> str:
    """The first paragraph of a function's docstring, on one line."""
    return " ".join(inspect.getdoc(function).split("\n\n")[0].split())


def metric(
    name: str,
    label: str,
    *,
    unit: Unit = "",
    columns: tuple[str, ...] = (),
    better: Literal["up", "down"] | None = None,
    tables: tuple[str, ...] = ("messages",),
    services: tuple[str, ...] = (),
    compared: bool = True,
    notes: Callable[["Edition"], tuple[str, ...]] | None = None,
) -> Callable[[Callable[["Edition"], Any]], Callable[["Edition"], Result]]:
    """Declare a function of an edition as a metric.

    The declared function gives a ``Result``: the value for the edition's period and for the one before,
    each computed once in an edition's life. The declaration is its attribute ``metric``, the bare function
    its attribute ``compute``.

    Parameters
    ----------
    services : tuple of str, optional
        Where more than the service that the name begins with is needed.
    notes : callable, optional
        Gives the sentences that a reader needs in order to trust the number.
    """
    needed = services or (name.partition(".")[0].replace("_", "-"),)

    def declare(compute: Callable[["Edition"], Any]) -> Callable[["Edition"], Result]:
        declared = Metric(
            name, label, unit, columns, better, tables, needed, compared, first_paragraph(compute)
        )

        @wraps(compute)
        def result(edition: "Edition") -> Result:
            return edition.once(name, lambda: _result(declared, compute, notes, edition))

        result.metric, result.compute = declared, compute
        return result

    return declare


def _result(declared: Metric, compute: Callable, notes: Callable | None, edition: "Edition") -> Result:
    if not all(edition.has(table) for table in declared.tables):
        return Result(declared, edition, None, available=False)
    previous = compute(edition.previous) if declared.compared else None
    return Result(declared, edition, compute(edition), previous, notes=notes(edition) if notes else ())
