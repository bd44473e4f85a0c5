"""An edition: one tenant and one period, the one record that every metric takes."""

import os
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, cast

import ibis.expr.types as ir
import pandas as pd

from tidings.errors import ReportError
from tidings.metrics.days import utc
from tidings.metrics.outline import ask, prepared
from tidings.metrics.scope import Near, RowsOf, Scope, Stored
from tidings.periods import clock
from tidings.periods.period import Period, reportable_period
from tidings.project import locate_folder, project_folder
from tidings.sources.checks import CLOCKS_APART, check_rows, may_increase, measure, runs_backwards
from tidings.sources.contract import BY_SIZE, TABLES, Window
from tidings.sources.source import Source, open_source
from tidings.tenants.tenant import Tenant, load_tenant

ORDERED = "TIDINGS_ORDERED"
"""The environment variable by which a report's executor tells its kernel the tenant and the period, as
``tenant period``: no other edition is opened there, whatever the notebook says."""

_WEEKS, _EVER = timedelta(weeks=4), date(1970, 1, 1)


@dataclass(frozen=True, repr=False)
class Edition(Scope):
    """One tenant × one period, with the tenant's rows.

    Attributes
    ----------
    tenant : Tenant
        For whom.
    period : Period
        When; half-open, from local midnight to local midnight in the tenant's zone.
    source : Source
        The tenant's rows; every instant in them is naive UTC.
    read_at : datetime
        When they are read, with its zone; if nothing is said, now.
    """

    tenant: Tenant
    period: Period
    source: Source
    read_at: datetime = field(default_factory=clock.now)
    _computed: dict[Hashable, Any] = field(default_factory=dict, compare=False)
    _next: "Edition | None" = field(default=None, compare=False)

    def __repr__(self) -> str:
        return f"Edition({self.tenant.id}, {self.period.key})"

    @cached_property
    def previous(self) -> "Edition":
        """The same tenant's edition of the period with which this one is compared."""
        return replace(self, period=self.period.compared_with(), _computed={}, _next=self)

    @cached_property
    def has_previous(self) -> bool:
        """Whether the source has rows from the start of the previous edition's period, or from before it.

        Else that period may lack rows, and its numbers are not known: what is absent is not 0. Users do not
        tell: a table of them may well go back further than what they did.
        """
        # Most sources have a row in the weeks before: where they are in partitions, few are searched.
        return any(
            len(ask(self, _early, table.name, window)) > 0
            for window in (_weeks_before, _ever_before)
            for table in map(TABLES.__getitem__, BY_SIZE)
            if table.happened_at and table.name != "users" and self.has(table.name)
        )

    @property
    def later(self) -> "Edition":
        """The later of the two editions that are counted in one pass: this one, or the one after it."""
        return self._next or self

    @cached_property
    def both_periods(self) -> Period:
        """The previous edition's period and this one's, as one range of days, with what lies between them."""
        return self.period.with_compared()

    def rows_near(self, table: str) -> ir.Table:
        """All rows of a table that happened, or lasted, in the two periods or between them; maybe more."""
        return self.cached(_rows_near, table)

    def know(self, compute: Callable[..., Any], *arguments: Hashable) -> Any:
        return self.cached(compute, *arguments)

    def rows_of(self, rows: RowsOf) -> ir.Table:
        return rows.of(self)

    def stretch(self, period: "Callable[[Edition], Period]") -> Period:
        return period(self)

    def instant(self, when: "Callable[[Edition], datetime]") -> datetime:
        return when(self)

    def fetch(self, expression: ir.Expr) -> pd.DataFrame:
        """Execute an expression in the source's engine."""
        return self.source.fetch(expression)

    def cached(self, compute: Callable[..., Any], *arguments: Hashable) -> Any:
        """What a function makes of the edition and the arguments: called the first time only.

        It is kept under the function itself, not under a name that another function may have as well.
        """
        key = (compute, *arguments)
        if key not in self._computed:
            self._computed[key] = compute(self, *arguments)
        return self._computed[key]


def load_edition(
    tenant: str, period: str = "latest", parameters: str = "parameters", *, unfinished: bool = False
) -> Edition:
    """A tenant's edition, whose data keep the contract.

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
    ReportError
        A report is being executed that was ordered for another tenant or another period.
    TidingsError
        The parameters, the period, the source or its data are wrong.
    """
    edition = load_unchecked(tenant, period, parameters, unfinished=unfinished)
    check_contract(edition)
    return edition


def load_unchecked(
    tenant: str, period: str = "latest", parameters: str = "parameters", *, unfinished: bool = False
) -> Edition:
    """The same, whose data nobody has held against the contract yet: to find what is wrong with them."""
    root = project_folder()
    _refuse_other_than_ordered(tenant, None)
    who = load_tenant(tenant, locate_folder(parameters, root))
    when = reportable_period(period, who, unfinished=unfinished)
    _refuse_other_than_ordered(tenant, when)
    return Edition(who, when, open_source(who, root))


def check_contract(edition: Edition) -> None:
    """Refuse an edition whose rows, in its period or the one before, break the data contract.

    Raises
    ------
    ContractError
        With the table, the column and an example row.
    """
    for name in TABLES:
        if edition.has(name):
            edition.cached(check_table, name)


def prepare_checks(edition: Edition) -> None:
    """Have the query of ``check_table`` compiled, of an edition whose source has every table."""
    for name in TABLES:
        ask(edition, _measure, name, False)


def check_table(edition: Edition, name: str) -> dict[str, int]:
    """Hold one table's rows, in the period and the one before, against the contract.

    It is asked for by ``edition.cached``, so that the rows are counted once.

    Returns
    -------
    dict
        How many ``rows`` there are, how many of them happened ``now``, in the period; and of each pair of
        instants that follow each other, such as ``answered_at closed_at``, how many rows have them the other
        way round, and how many of the period's: ``answered_at closed_at now``.

    Raises
    ------
    ContractError
        With the table, the column and an example row.
    """
    table, rows, source = TABLES[name], edition.rows_near(name), edition.source
    increasing = may_increase(rows, table, source)
    found = ask(edition, _measure, name, increasing).iloc[0]
    check_rows(found, rows, table, source, utc(_latest(edition)), may_increase=increasing)
    return {str(what): int(count) for what, count in found.items()}


def _early(edition: Scope, name: str, window: Callable[[Edition], Window]) -> ir.Table:
    """The ``instant`` of a row of a table from the start of the previous period, or from before it."""
    happened_at = cast(str, TABLES[name].happened_at)
    rows = edition.rows_of(Stored(name, happened_at, window))
    early = rows.filter(rows[happened_at] <= utc(edition.instant(_start_of_previous)))
    return early.select(instant=happened_at).limit(1)


def _start_of_previous(edition: Edition) -> datetime:
    return edition.previous.period.start


def _weeks_before(edition: Edition) -> Window:
    first = edition.previous.period.first
    return Window(first - _WEEKS, first)


def _ever_before(edition: Edition) -> Window:
    return Window(_EVER, edition.previous.period.first)


def _measure(edition: Scope, name: str, increasing: bool) -> ir.Table:
    def counts(rows: ir.Table) -> dict[str, ir.IntegerScalar]:
        if not table.happened_at:
            return {}
        is_now = rows[table.happened_at] >= utc(edition.period.start)
        found = {"now": rows.count(where=is_now)}
        for earlier, later in table.ordered:
            is_wrong = runs_backwards(rows[earlier], rows[later])
            found[f"{earlier} {later}"] = rows.count(where=is_wrong)
            found[f"{earlier} {later} now"] = rows.count(where=is_wrong & is_now)
        return found

    table, rows = TABLES[name], edition.rows_of(Near(name, to_check=True))
    return measure(rows, table, utc(edition.instant(_latest)), counts, may_increase=increasing)


def _latest(edition: Edition) -> datetime:
    return edition.read_at + CLOCKS_APART


def as_stored(edition: Edition, query: ir.Table) -> ir.Table:
    """A query of an edition as one of the source's own tables, where it is of rows that are kept at hand."""
    later = edition.later
    kept = {later.rows_near(name).op(): _near(later, name).op() for name in TABLES if edition.has(name)}
    return query.op().replace(kept).to_expr()


def _refuse_other_than_ordered(tenant: str, period: Period | None) -> None:
    """Refuse another tenant before its file is read, and another period before the source is."""
    if ORDERED not in os.environ:
        return
    who, when = os.environ[ORDERED].split(" ", 1)
    if tenant != who or (period and period.key != when):
        opened = f"tenant {tenant}" + (f", period {period.key}" if period else "")
        raise ReportError(
            f"a cell opens {opened} in a report of tenant {who}, period {when}",
            where="the notebook",
            remedy="open the edition once, with the notebook's own parameters, tenant and period",
        )


def _rows_near(edition: Edition, name: str) -> ir.Table:
    """Also rows of which it is not known when they happened, which break the contract."""
    if edition.source.takes_parameters:
        kept = edition.source.keep(prepared(edition, _near, name))
        if kept is not None:
            return kept
    return edition.source.materialize(_near(edition, name))


def _near(edition: Scope, name: str) -> ir.Table:
    table = TABLES[name]
    if not table.happened_at:
        return edition.history(name)
    rows = edition.rows_of(Stored(name, window=None if table.ended_at else _days_of_both))
    both = edition.both_periods
    begin, end = utc(both.start), utc(both.end)
    happened_at = rows[table.happened_at]
    counts = ((happened_at >= begin) & (happened_at < end)) | happened_at.isnull()
    if table.ended_at:
        ended_at = rows[table.ended_at]
        counts |= (happened_at < end) & (ended_at.isnull() | (ended_at >= begin))
    return rows.filter(counts)


def _days_of_both(edition: Edition) -> Window:
    return Window(edition.both_periods.first, edition.both_periods.last)
