"""Sources: where a tenant's rows come from, and the one place that keeps tenants apart."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import ibis
import ibis.expr.types as ir
import pandas as pd

from tidings.errors import SourceError
from tidings.parameters import Tenant
from tidings.sources.contract import TABLES, TENANT_COLUMN, Table, Window, conform
from tidings.sources.database import DatabaseSource
from tidings.sources.files import FileSource

_NAMED_SECRET = re.compile(r"\$\{(\w+)\}")
_NEEDED = {"activity": "messages", "chatbot": "messages", "contact-center": "assignments"}


class Backend(Protocol):
    """What a kind of source gives: tables as they are stored there."""

    connection: ibis.BaseBackend

    def has(self, table: Table) -> bool: ...

    def read(self, table: Table, tenant_id: str, window: Window | None) -> ir.Table: ...

    def where(self, table: Table) -> str: ...

    def fingerprint(self, tables: list[Table], tenant_id: str) -> list[list] | None: ...


@dataclass(frozen=True)
class Source:
    """One tenant's rows, in the contract's form, whatever stores them.

    Every table that leaves a source has passed ``rows``: no query can go round the tenant's filter.
    """

    backend: Backend
    tenant: Tenant

    def has(self, name: str) -> bool:
        return self.backend.has(TABLES[name])

    def where(self, name: str) -> str:
        """The table's place, for messages."""
        return self.backend.where(TABLES[name])

    def rows(self, name: str, window: Window | None = None) -> ir.Table:
        """A table's rows of this tenant; with a window, at least those of its days.

        Raises
        ------
        SourceError, ContractError
            The table cannot be read, lacks a column, or holds rows of another tenant.
        """
        table = TABLES[name]
        raw = self.backend.read(table, self.tenant.id, window)
        return conform(self._of_tenant(raw, table), table, self.where(name))

    def fetch(self, expression: ir.Expr) -> pd.DataFrame:
        """Execute an expression in the source's engine."""
        try:
            return self.backend.connection.to_pandas(expression)
        except Exception as error:  # each engine has a family of errors of its own
            raise self._failed(error) from None  # the engine's own words may hold a secret

    def fingerprint(self) -> list[list] | None:
        """What changes when the tenant's data change; None where the source cannot tell."""
        return self.backend.fingerprint(list(TABLES.values()), self.tenant.id)

    def _of_tenant(self, raw: ir.Table, table: Table) -> ir.Table:
        if self.tenant.tenant_column:
            return self._only_own(raw, table)
        if TENANT_COLUMN in raw.columns:
            self._refuse_foreign(raw, table)
        return raw

    def _only_own(self, raw: ir.Table, table: Table) -> ir.Table:
        if TENANT_COLUMN not in raw.columns:
            raise SourceError(
                f"table {table.name} has no column {TENANT_COLUMN}, and the parameters say tenant_column: true",
                where=self.where(table.name),
                remedy=f"add the column {TENANT_COLUMN}, or say tenant_column: false if the source has one tenant",
            )
        return raw.filter(raw[TENANT_COLUMN].cast("string") == self.tenant.id)

    def _refuse_foreign(self, raw: ir.Table, table: Table) -> None:
        own = raw[TENANT_COLUMN].cast("string") == self.tenant.id
        if len(self.fetch(raw.filter(~own.fill_null(False)).select(TENANT_COLUMN).limit(1))):
            raise SourceError(
                f"table {table.name} holds rows of another tenant",
                where=self.where(table.name),
                remedy="say tenant_column: true in the parameters, so that only this tenant's rows are read",
            )

    def _failed(self, error: Exception) -> SourceError:
        if isinstance(error, SourceError):
            return error
        return SourceError(
            f"cannot be read: {_without_secrets(str(error).strip().splitlines()[0], self.tenant.source)}",
            where=f"source {self.tenant.source}",
            remedy="see whether the source is whole and can be reached",
        )


def open_source(tenant: Tenant, root: Path) -> Source:
    """Open the source that a tenant's parameters name, and see that it can serve the tenant at all.

    Parameters
    ----------
    tenant : Tenant
        Its ``source`` is a path (relative to ``root``), an object-store prefix or a database URL;
        ``${NAME}`` in it is taken from the environment.
    root : Path
        The project's folder.

    Raises
    ------
    SourceError
        It is missing, cannot be read, lacks a table that a service needs, or has no row at all.
    """
    source = Source(_backend(tenant, root), tenant)
    _refuse_missing_tables(source)
    _refuse_empty(source)
    return source


def _backend(tenant: Tenant, root: Path) -> Backend:
    location = _with_secrets(tenant.source)
    scheme = location.partition("://")[0] if "://" in location else ""
    if scheme in DatabaseSource.SCHEMES:
        return DatabaseSource.open(location, tenant.source)
    if not scheme:
        location = str(root / Path(location).expanduser())
    return FileSource.open(location, tenant.source, os.environ.get("TIDINGS_MEMORY_LIMIT"))


def _with_secrets(source: str) -> str:
    def resolve(match: re.Match) -> str:
        if match[1] not in os.environ:
            raise SourceError(
                f"the environment has no variable {match[1]}",
                where=f"source {source}",
                remedy=f"set {match[1]}, or mend the source in the parameters",
            )
        return os.environ[match[1]]

    return _NAMED_SECRET.sub(resolve, source)


def _without_secrets(text: str, source: str) -> str:
    """An engine's message with the values that came from the environment put back to their names."""
    for name in _NAMED_SECRET.findall(source):
        if os.environ.get(name):
            text = text.replace(os.environ[name], f"${{{name}}}")
    return text


def _refuse_missing_tables(source: Source) -> None:
    for service in source.tenant.services:
        if not source.has(_NEEDED[service]):
            raise SourceError(
                f"there is no table {_NEEDED[service]}, which the service {service} needs",
                where=f"source {source.tenant.source}",
                remedy=f"add the table, or take {service} out of the services of tenant {source.tenant.id}",
            )


def _refuse_empty(source: Source) -> None:
    there = [name for name in TABLES if source.has(name) and TABLES[name].happened_at]
    if not any(len(source.fetch(source.rows(name).limit(1))) for name in there):
        raise SourceError(
            f"no table has a row of tenant {source.tenant.id}",
            where=f"source {source.tenant.source}",
            remedy="see whether the source is the tenant's, and whether its tables were filled",
        )
