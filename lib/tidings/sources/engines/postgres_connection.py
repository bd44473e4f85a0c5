"""A connection to PostgreSQL that reads one state of the database, and keeps rows beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

_READ = "SAVEPOINT reading; SET TRANSACTION READ ONLY"  # which ends with the savepoint
_READ_ON = f"RELEASE SAVEPOINT reading; {_READ}"
_MAKE = "RELEASE SAVEPOINT reading; SAVEPOINT reading"
_READ_AGAIN = "ROLLBACK TO SAVEPOINT reading; SET TRANSACTION READ ONLY"
_REFUSED = ("25006", "42", "0A", "53")
"""A replica has no temporary tables, a role no right to them, a server no room for them or no such thing."""


class ReadingConnection(psycopg.Connection):
    """A connection of one transaction, which is never committed: nothing that is made in it stays.

    All that is asked is asked inside a savepoint, in which nothing can be written: there the transaction goes
    on after a query that failed. Ibis would set a savepoint for each query, and send two statements more.
    """

    def begin_reading(self) -> None:
        """Let nothing be written from now on."""
        self.execute(_READ)

    @contextmanager
    def transaction(self, *arguments: Any, **keys: Any) -> Iterator[Any]:
        """What Ibis asks its queries in: where one fails, those after it are of the same state."""
        try:
            yield
        finally:
            self.rollback()

    def rollback(self) -> None:
        """Forget a query that failed, and nothing else."""
        if self.info.transaction_status is TransactionStatus.INERROR:
            self.execute(_READ_AGAIN)

    def commit(self) -> None:
        """Nothing: there is nothing to keep."""

    def keep(self, name: str, query: str, most: int) -> bool:
        """Put the rows of a query into a temporary table.

        The rows are read where nothing can be written but that table: whatever a view calls cannot do more.

        Parameters
        ----------
        name : str
            What to call the table, in the schema ``pg_temp``.
        query : str
            The rows, of which at most one more than ``most`` are asked for.
        most : int
            How many are kept.

        Returns
        -------
        bool
            Whether they were kept: not where there are more, or where no such table can be made.
        """
        make = f"CREATE TEMP TABLE {name} ON COMMIT DROP AS {query} WITH NO DATA"
        try:
            with self.transaction():
                self.execute(f"{_MAKE}; {make}; SET TRANSACTION READ ONLY".encode())
                count = self.execute(f"INSERT INTO {name} {query}".encode()).rowcount
        except psycopg.DatabaseError as error:
            if (error.sqlstate or "").startswith(_REFUSED):
                return False
            raise
        self.execute(_READ_ON if count <= most else _READ_AGAIN)
        return count <= most
