"""Queries that many editions share: compiled once, for what they ask of an edition.

A query is a function of a `Scope`. Where the engine is in this very process, it is first given an `Outline`
of the edition, of which it sees relations by name, parameters in place of instants, and the facts that it
asks for, which are noted. Its SQL is kept with them, and serves every edition of which they are the same.
An outline gives away nothing else, so that no text can hold an instant of an edition.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import pandas as pd

from tidings.metrics.days import Instant, utc
from tidings.metrics.scope import RowsOf, Scope, word_for
from tidings.periods.period import Period
from tidings.sources.contract import TABLES
from tidings.sources.prepared import Parameter, Prepared, Relation, prepare
from tidings.sources.values import MICROSECONDS

if TYPE_CHECKING:
    from tidings.metrics.edition import Edition

Query = Callable[..., ir.Table]
"""A function of a scope, and maybe of more that is hashable, that gives an Ibis table."""

_MOST_KEPT = 64  # of one query: a process that makes reports for years meets ever new languages of a tenant
_TYPES = {datetime: MICROSECONDS, timedelta: dt.Interval("s"), int: dt.int64}


def ask(edition: "Edition", query: Query, *arguments: Hashable) -> pd.DataFrame:
    """What a query gives of an edition.

    Raises
    ------
    SourceError
        The engine cannot execute it.
    """
    if not edition.source.takes_parameters:
        return edition.fetch(query(edition, *arguments))
    return edition.source.execute(prepared(edition, query, *arguments))


def prepared(edition: "Edition", query: Query, *arguments: Hashable) -> Relation:
    """A query of an edition as SQL, with its values, for an engine that takes parameters."""
    kept = _kept_for(edition, query, arguments) or _keep(edition, query, arguments)
    return kept.query.over(
        {rows.name: edition.cached(_relation, rows) for rows in kept.rows},
        {key: value(edition) for key, value in kept.parameters.items()},
    )


def prepare_rows(edition: "Edition") -> None:
    """Have the rows compiled of which queries are kept, of an edition whose source has every table."""
    for rows in {rows for those in KEPT.values() for kept in those for rows in kept.rows}:
        rows.relation_of(edition)
    for table in TABLES:
        edition.source.has_rows(table)


@dataclass(frozen=True, eq=False)
class Kept:
    """A query's SQL, and for which editions it is.

    Attributes
    ----------
    facts : dict
        What the query asked of the edition, and the answers: by a function and its arguments.
    rows : tuple
        Of which rows of an edition it is.
    parameters : dict
        By their names in the SQL, the functions that give their values of an edition.
    """

    query: Prepared
    facts: dict[tuple, Any]
    rows: tuple[RowsOf, ...]
    parameters: dict[str, Callable[["Edition"], Any]]


KEPT: dict[tuple, list[Kept]] = {}
"""What is kept, by the query and its arguments: plain values and functions of modules, which a file can hold
(`tidings.metrics.kept`)."""


class Outline(Scope):
    """What a query may see of an edition that is to serve others: each answer is noted."""

    def __init__(self, edition: "Edition") -> None:
        self._edition = edition
        self.facts: dict[tuple, Any] = {}
        self.seen: dict[RowsOf, ir.Table] = {}
        self.parameters: dict[str, Callable[[Edition], Any]] = {}
        self.period = self.stretch(_period)

    @property
    def both_periods(self) -> "_Stretch":
        return self.stretch(_both_periods)

    def know(self, compute: Callable[..., Any], *arguments: Hashable) -> Any:
        fact = self._edition.cached(compute, *arguments)
        self.facts[compute, *arguments] = fact
        return fact

    def rows_of(self, rows: RowsOf) -> ir.Table:
        if rows not in self.seen:
            self.seen[rows] = ibis.table(self.know(_schema, rows), name=rows.name)
        return self.seen[rows]

    def stretch(self, period: Callable[["Edition"], Period]) -> "_Stretch":
        return _Stretch(self, period)

    def instant(self, when: Callable[["Edition"], datetime]) -> Instant:
        return self.parameter(word_for(when), _Instant(when), datetime)

    def parameter(self, key: str, value: Callable[["Edition"], Any], kind: type) -> ir.Scalar:
        """A value that editions differ in."""
        self.parameters[key] = value
        return Parameter(key, _TYPES[kind]).to_expr()


@dataclass(frozen=True)
class _Stretch:
    """Parameters in place of a period."""

    outline: Outline
    period: Callable[["Edition"], Period]

    @property
    def start(self) -> Instant:
        return self._parameter("start", datetime, _start)

    @property
    def end(self) -> Instant:
        return self._parameter("end", datetime, _end)

    @cached_property
    def offsets(self) -> tuple[tuple[Instant, Any], ...]:
        count = self.outline.know(_count_offsets, self.period)
        return tuple(
            (
                self._parameter(f"change_{number}", datetime, _change, number),
                self._parameter(f"offset_{number}", timedelta, _offset, number),
            )
            for number in range(count)
        )

    @cached_property
    def day_ends(self) -> tuple[Any, ...]:
        count = self.outline.know(_count_days, self.period)
        return tuple(self._parameter(f"day_end_{number}", int, _day_end, number) for number in range(count))

    def _parameter(self, what: str, kind: type, read: Callable[..., Any], *numbers: int) -> Any:
        key = f"{word_for(self.period)}_{what}"
        return self.outline.parameter(key, _OfPeriod(self.period, read, numbers), kind)


@dataclass(frozen=True)
class _Instant:
    """The instant that a function gives of an edition."""

    when: Callable[["Edition"], datetime]

    def __call__(self, edition: "Edition") -> Any:
        return utc(self.when(edition))


@dataclass(frozen=True)
class _OfPeriod:
    """What a function reads of the period that another gives of an edition."""

    period: Callable[["Edition"], Period]
    read: Callable[..., Any]
    numbers: tuple[int, ...]

    def __call__(self, edition: "Edition") -> Any:
        return self.read(self.period(edition), *self.numbers)


def _start(period: Period) -> Any:
    return utc(period.start)


def _end(period: Period) -> Any:
    return utc(period.end)


def _change(period: Period, number: int) -> Any:
    return utc(period.offsets[number][0])


def _offset(period: Period, number: int) -> timedelta:
    return period.offsets[number][1]


def _day_end(period: Period, number: int) -> int:
    return period.day_ends[number]


def _kept_for(edition: "Edition", query: Query, arguments: tuple) -> Kept | None:
    """The query's SQL for an edition of which everything is so that it asked for, if there is one."""
    for kept in KEPT.get((query, *arguments), ()):
        if all(edition.cached(*question) == answer for question, answer in kept.facts.items()):
            return kept
    return None


def _keep(edition: "Edition", query: Query, arguments: tuple) -> Kept:
    outline = Outline(edition)
    compiled = prepare(query(outline, *arguments))
    parameters = {key: outline.parameters[key] for key in compiled.parameters}
    kept = Kept(compiled, outline.facts, tuple(outline.seen), parameters)
    others = KEPT.setdefault((query, *arguments), [])
    others.insert(0, kept)
    del others[_MOST_KEPT:]
    return kept


def _relation(edition: "Edition", rows: RowsOf) -> Relation:
    return rows.relation_of(edition)


def _schema(edition: "Edition", rows: RowsOf) -> ibis.Schema:
    return edition.cached(_relation, rows).schema


def _count_offsets(edition: "Edition", period: Callable[["Edition"], Period]) -> int:
    return len(period(edition).offsets)


def _count_days(edition: "Edition", period: Callable[["Edition"], Period]) -> int:
    return len(period(edition).days)


def _period(edition: "Edition") -> Period:
    return edition.period


def _both_periods(edition: "Edition") -> Period:
    return edition.both_periods
