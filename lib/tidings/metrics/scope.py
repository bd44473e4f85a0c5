"""What a query sees of an edition: its rows, its stretches of time, and what else it has to know."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

import ibis.expr.types as ir

from tidings.metrics.days import Instant, Stretch, utc, within
from tidings.periods.period import Period
from tidings.sources.contract import TABLES, Window
from tidings.sources.prepared import Relation

if TYPE_CHECKING:
    from tidings.metrics.edition import Edition


@dataclass(frozen=True)
class Stored:
    """A table's rows of the tenant, whenever they happened; with a window, at least those of its days.

    Attributes
    ----------
    table : str
        Its name.
    only : str, optional
        The one column that is wanted.
    window : callable, optional
        Gives the days of an edition, of which rows are wanted.
    """

    table: str
    only: str | None = None
    window: "Callable[[Edition], Window] | None" = None

    @property
    def name(self) -> str:
        """By which a prepared query knows the rows."""
        words = self.table, self.only, self.window and word_for(self.window)
        return "_".join(["tidings_stored", *filter(None, words)])

    def of(self, edition: "Edition") -> ir.Table:
        """The rows of an edition."""
        rows = edition.source.rows(self.table, self._window_of(edition), self.only)
        return rows.select(self.only) if self.only else rows

    def relation_of(self, edition: "Edition") -> Relation:
        """The same, to be part of a prepared query."""
        relation = edition.source.relation(self.table, self._window_of(edition), self.only)
        return relation.select([self.only]) if self.only else relation

    def _window_of(self, edition: "Edition") -> Window | None:
        return edition.cached(self.window) if self.window else None


@dataclass(frozen=True)
class Near:
    """What an edition's ``rows_near`` gives.

    Attributes
    ----------
    table : str
        Its name.
    of_later : bool
        Of the later of the two editions that are counted in one pass.
    to_check : bool
        With the columns by which rows are held against the contract.
    """

    table: str
    of_later: bool = False
    to_check: bool = False

    @property
    def name(self) -> str:
        """By which a prepared query knows the rows."""
        which = "_of_later" * self.of_later + "_to_check" * self.to_check
        return f"tidings_near_{self.table}{which}"

    def of(self, edition: "Edition") -> ir.Table:
        """The rows of an edition."""
        return (edition.later if self.of_later else edition).rows_near(self.table)

    def relation_of(self, edition: "Edition") -> Relation:
        """The same, to be part of a prepared query."""
        relation = edition.source.as_relation(self.of(edition))
        columns = [column.name for column in TABLES[self.table].columns]
        return relation if self.to_check else relation.select(columns)


RowsOf = Stored | Near


class Scope(ABC):
    """An edition as a query sees it: the edition itself, or an outline that others may share.

    Attributes
    ----------
    period : Stretch
        When; from local midnight to local midnight in the tenant's zone.
    """

    period: Stretch

    @property
    @abstractmethod
    def both_periods(self) -> Stretch:
        """The period that it is compared with and its own, as one range of days."""

    @abstractmethod
    def know(self, compute: Callable[..., Any], *arguments: Hashable) -> Any:
        """What a function makes of the edition, where the query itself depends on it."""

    @abstractmethod
    def rows_of(self, rows: RowsOf) -> ir.Table:
        """Some rows of the edition."""

    @abstractmethod
    def stretch(self, period: "Callable[[Edition], Period]") -> Stretch:
        """The stretch of time that a function gives of the edition."""

    @abstractmethod
    def instant(self, when: "Callable[[Edition], datetime]") -> Instant:
        """The instant that a function gives of the edition."""

    def has(self, table: str) -> bool:
        """Whether the source gives a table."""
        return self.know(_has, table)

    def rows(self, table: str) -> ir.Table:
        """The rows of a table that happened in the period."""
        rows = self.rows_of(Near(table, of_later=True))
        return rows.filter(within(rows[TABLES[table].happened_at], self.period))

    def rows_of_both(self, table: str) -> ir.Table:
        """The rows of a table that happened in one of the two periods; ``is_now`` tells in which."""
        return self.in_both(self.rows_near(table), cast(str, TABLES[table].happened_at))

    def in_both(self, rows: ir.Table, instant: str) -> ir.Table:
        """Those rows of which an instant lies in one of the two periods; ``is_now`` tells in which."""
        now, before = (within(rows[instant], each) for each in (self.period, self.stretch(_compared_with)))
        inside = rows.filter(now | before)
        return inside.mutate(is_now=inside[instant] >= utc(self.period.start))

    def rows_near(self, table: str) -> ir.Table:
        """All rows of a table that happened, or lasted, in the two periods or between them; maybe more."""
        return self.rows_of(Near(table))

    def history(self, table: str) -> ir.Table:
        """All the tenant's rows of a table, whenever they happened."""
        return self.rows_of(Stored(table))


def word_for(function: Callable) -> str:
    """A function's name in a prepared query: two functions of one name, of two modules, are told apart."""
    return f"{function.__module__}_{function.__name__}".replace(".", "_")


def _has(edition: "Edition", table: str) -> bool:
    return edition.source.has(table)


def _compared_with(edition: "Edition") -> Period:
    return edition.previous.period
