"""An edition: one tenant and one period, the one record that every metric takes."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import ibis.expr.types as ir
import pandas as pd

from tidings.metrics.days import utc, within
from tidings.periods.period import Period, reportable_period
from tidings.project import locate_folder, project_folder
from tidings.sources.checks import check_rows
from tidings.sources.contract import TABLES, Table, Window
from tidings.sources.source import Source, open_source
from tidings.tenants.tenant import Tenant, load_tenant


@dataclass(frozen=True)
class Edition:
    """One tenant × one period, with the tenant's rows.

    Attributes
    ----------
    tenant : Tenant
        For whom.
    period : Period
        When; half-open, from local midnight to local midnight in the tenant's zone.
    source : Source
        The tenant's rows; every instant in them is naive UTC.
    """

    tenant: Tenant
    period: Period
    source: Source
    _computed: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)
    _next: "Edition | None" = field(default=None, repr=False, compare=False)

    @cached_property
    def previous(self) -> "Edition":
        """The same tenant's edition of the period before."""
        return replace(self, period=self.period.previous(), _computed={}, _next=self)

    @cached_property
    def span(self) -> Period:
        """The period before and the period, as one."""
        return self.period.with_previous()

    def has(self, table: str) -> bool:
        """Whether the source gives a table."""
        return self.source.has(table)

    def rows(self, table: str) -> ir.Table:
        """The rows of a table that happened in the period."""
        rows = (self._next or self).relevant(table)
        return rows.filter(within(rows[TABLES[table].happened_at], self.period))

    def rows_of_both(self, table: str) -> ir.Table:
        """The rows of a table that happened in the period or in the one before; ``is_now`` tells which."""
        return self.in_both(self.relevant(table), TABLES[table].happened_at)

    def relevant(self, table: str) -> ir.Table:
        """All rows of a table that happened, or lasted, in the period or in the one before; maybe more."""
        return self.once(("relevant", table), lambda: self.source.kept(_relevant(self, TABLES[table])))

    def in_both(self, rows: ir.Table, instant: str) -> ir.Table:
        """Those rows of which an instant lies in the period or in the one before; ``is_now`` tells which."""
        inside = rows.filter(within(rows[instant], self.span))
        return inside.mutate(is_now=inside[instant] >= utc(self.period.start))

    def compared(self, key: Any, count: Callable[["Edition"], pd.DataFrame]) -> pd.DataFrame:
        """What is counted for a period and for the one before in one pass: the rows of this period.

        Parameters
        ----------
        key : hashable
            Under which it is kept, for the next metric that wants it, and for the other period.
        count : callable
            Counts, for the later of two editions, the rows of both. Its frame has a column ``is_now``.
        """
        later = self._next or self
        counted = later.once(key, lambda: count(later))
        return counted[counted["is_now"] == (later is self)].drop(columns="is_now")

    def history(self, table: str) -> ir.Table:
        """All the tenant's rows of a table, whenever they happened."""
        return self.source.rows(table)

    def fetch(self, expression: ir.Expr) -> pd.DataFrame:
        """Execute an expression in the source's engine."""
        return self.source.fetch(expression)

    def once(self, key: Any, compute: Callable[[], Any]) -> Any:
        """What was computed under a key: computed the first time only."""
        if key not in self._computed:
            self._computed[key] = compute()
        return self._computed[key]


def open_edition(
    tenant: str, period: str = "latest", parameters: str = "parameters", *, unfinished: bool = False
) -> Edition:
    """Open a tenant's edition, and see that its data keep the contract.

    Parameters
    ----------
    tenant : str
        A tenant's id: the stem of a file in ``parameters``.
    period : str
        ``2026-W46``, ``2026-11a``, ``2026-11b``, ``2026-11``, a range, or ``latest``.
    parameters : str
        The folder of the tenants' files, relative to the project's folder.
    unfinished : bool
        Whether a period that is not over yet may be opened.

    Raises
    ------
    TidingsError
        The parameters, the period, the source or its data are wrong.
    """
    root = project_folder()
    who = load_tenant(tenant, locate_folder(parameters, root))
    when = reportable_period(period, who, unfinished=unfinished)
    edition = Edition(who, when, open_source(who, root))
    check_contract(edition)
    return edition


def check_contract(edition: Edition) -> None:
    """Refuse an edition whose rows, in its period or the one before, break the data contract.

    Raises
    ------
    ContractError
        With the table, the column and an example row.
    """
    for name, table in TABLES.items():
        if edition.has(name):
            check_rows(edition.relevant(name), table, edition.source)


def _relevant(edition: Edition, table: Table) -> ir.Table:
    """Also rows of which it is not known when they happened, which break the contract."""
    if not table.happened_at:
        return edition.history(table.name)
    window = None if table.ended_at else Window(edition.span.first, edition.span.last)
    rows = edition.source.rows(table.name, window)
    begin, end = utc(edition.span.start), utc(edition.span.end)
    happened_at = rows[table.happened_at]
    counts = ((happened_at >= begin) & (happened_at < end)) | happened_at.isnull()
    if table.ended_at:
        ended_at = rows[table.ended_at]
        counts |= (happened_at < end) & (ended_at.isnull() | (ended_at >= begin))
    return rows.filter(counts)
