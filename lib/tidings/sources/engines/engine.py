"""What an engine is: connected to in its own way, and asked in a way that gives equal numbers."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import ibis
import ibis.common.exceptions as ibis_errors
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.rules as rlz
import ibis.expr.types as ir

from tidings.sources.engines.trouble import Trouble
from tidings.sources.location import Location

MOST_KEPT = 500_000
"""Rows of a table that are kept at hand: they take about as many hundred bytes each."""


class BinaryText(ops.Value):
    """A text that is compared and ordered by its bytes, whatever the collation of its column."""

    arg: ops.Value

    dtype = dt.string
    shape = rlz.shape_like("arg")


class Engine(ABC):
    """One kind of database.

    Attributes
    ----------
    name : str
        Ibis's name of it.
    schemes : tuple of str
        How a URL of it begins.
    extra : str or None
        The extra of Tidings that has its driver; None where there is none.
    is_equal : bool
        Whether the tests show that every number is the same as on files. An engine of which they do not is
        refused, unless a tenant's parameters say ``unverified: true``.
    has_collations : bool
        Whether a column of text may have an order of its own, by which A and a are one; then its compiler
        knows `BinaryText`.
    """

    name: str
    schemes: tuple[str, ...]
    extra: ClassVar[str | None] = None
    is_equal: ClassVar[bool] = True
    has_collations: ClassVar[bool] = False

    @abstractmethod
    def connect(self, location: Location, root: Path, time_limit: int) -> ibis.BaseBackend:
        """Connect, to read alone, so that instants are told in UTC.

        Parameters
        ----------
        location : Location
            The URL.
        root : Path
            What the path of a database in a file is relative to.
        time_limit : int
            How many seconds a query may take.
        """

    def relations(self, connection: ibis.BaseBackend, names: Sequence[str]) -> dict[str, ir.Table]:
        """Those of some tables that are there, found by trying: no list has all that can be selected from."""
        found = {}
        for name in names:
            try:
                found[name] = connection.table(name)
            except ibis_errors.TableNotFound:
                continue
            except Exception as error:
                # Some engines tell a user without rights that it has none, also where there is no table.
                if self.trouble(error) not in (Trouble.TABLE, Trouble.RIGHT):
                    raise
        return found

    def keep(self, connection: ibis.BaseBackend, rows: ir.Table) -> ir.Table:
        """Rows that many queries will want, at hand while the connection lasts, and unseen by others.

        Where an engine cannot keep them, or there are more than ``MOST_KEPT``, they are where they were.
        """
        return rows

    def names(self, connection: ibis.BaseBackend) -> dict[str, list[str]]:
        """The names that the user can see in each schema, the connection's own first."""
        return {"": connection.list_tables()}

    def trouble(self, error: Exception) -> Trouble | None:
        """What an error of its driver says; None where that is not known."""
        return None
