"""What an expression is: a query of an edition that metrics share, and the frame that is made of it."""

from collections.abc import Callable
from functools import update_wrapper
from typing import TYPE_CHECKING, Any

import ibis.expr.types as ir
import pandas as pd

from tidings.metrics.days import spread
from tidings.metrics.outline import ask
from tidings.metrics.scope import Scope

if TYPE_CHECKING:
    from tidings.metrics.edition import Edition


class Expression:
    """A query of an edition, as an Ibis table, and its frame, which is fetched once in an edition's life.

    Called, it gives the query and executes none of it, so that its SQL can be shown. ``frame`` executes it.
    Editions keep the frame under the expression itself: two of one name are two.

    Attributes
    ----------
    build : callable
        The function that was declared.
    both_periods : bool
        Whether it counts the rows of an edition's period and of the one before in one pass.
    absent : dict or None
        What stands in each column on a day without a row, where its frame has a row for each day.
    """

    def __init__(
        self,
        build: Callable[[Scope], ir.Table],
        both_periods: bool,
        absent: dict[str, Any] | None,
        kept: bool,
    ) -> None:
        update_wrapper(self, build)
        self.build = build
        self._is_kept = kept
        self.both_periods = both_periods
        self.absent = absent

    def __call__(self, edition: "Edition") -> ir.Table:
        return self.build(edition.later if self.both_periods else edition)

    def frame(self, edition: "Edition") -> pd.DataFrame:
        """What the query gives for an edition's period, free for the caller to change."""
        return edition.cached(self._rows_of).copy()

    def _rows_of(self, edition: "Edition") -> pd.DataFrame:
        if self.both_periods:
            fetched = edition.later.cached(self._fetch)
            rows = fetched[fetched["is_now"] == (edition.later is edition)]
            del rows["is_now"]
        else:
            rows = edition.cached(self._fetch)
        return rows if self.absent is None else spread(rows, edition.period, absent=self.absent)

    def _fetch(self, edition: "Edition") -> pd.DataFrame:
        return ask(edition, self.build) if self._is_kept else edition.fetch(self.build(edition))


def expression(
    *, both_periods: bool = False, absent: dict[str, Any] | None = None, kept: bool = True
) -> Callable[[Callable[[Scope], ir.Table]], Expression]:
    """Declare a function of an edition that gives an Ibis table as an expression.

    Parameters
    ----------
    both_periods : bool, optional
        Whether it counts ``edition.rows_of_both(table)`` by ``is_now``, for both periods in one pass. Its
        frame has the rows of the edition's own period, without that column.
    absent : dict, optional
        For a table with at most one row for each ``day`` (local midnight): what stands in each other column
        on a day without a row, 0 for a count and NaN for an average. The frame has all days, in order.
    kept : bool, optional
        Whether its SQL may serve many editions (`tidings.metrics.outline`): the function then depends on
        nothing but what it asks of the scope that it is given, and asks no more than a `Scope` has.
    """
    return lambda build: Expression(build, both_periods, absent, kept)
