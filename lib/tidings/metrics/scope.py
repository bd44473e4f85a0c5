"""What a query sees of an edition: its rows, its stretches of time, and what else it has to know."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

import ibis.expr.types as ir

from tidings.metrics.days import Instant, Stretch, utc, within
from tidings.periods.period import Period
from tidings.sources.contract import TABLES

if TYPE_CHECKING:
    from tidings.metrics.edition import Edition


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
    def relation(self, rows: Callable[..., ir.Table], *arguments: str) -> ir.Table:
        """The rows that a function gives of the edition."""

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
        rows = self.rows_at_hand(table)
        return rows.filter(within(rows[TABLES[table].happened_at], self.period))

    def rows_of_both(self, table: str) -> ir.Table:
        """The rows of a table that happened in one of the two periods; ``is_now`` tells in which."""
        return self.in_both(self.rows_near(table), cast(str, TABLES[table].happened_at))

    def in_both(self, rows: ir.Table, instant: str) -> ir.Table:
        """Those rows of which an instant lies in one of the two periods; ``is_now`` tells in which."""
        now, before = (within(rows[instant], each) for each in (self.period, self.stretch(_compared_with)))
        inside = rows.filter(now | before)
        return inside.mutate(is_now=inside[instant] >= utc(self.period.start))

    @abstractmethod
    def rows_near(self, table: str) -> ir.Table:
        """All rows of a table that happened, or lasted, in the two periods or between them; maybe more."""

    @abstractmethod
    def rows_at_hand(self, table: str) -> ir.Table:
        """The same, of the later of the two editions that are counted in one pass."""

    @abstractmethod
    def history(self, table: str) -> ir.Table:
        """All the tenant's rows of a table, whenever they happened."""


def _has(edition: "Edition", table: str) -> bool:
    return edition.source.has(table)


def _compared_with(edition: "Edition") -> Period:
    return edition.previous.period
