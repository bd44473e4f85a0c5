"""A tenant's rows, and the one place that keeps tenants apart."""

import os
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import pandas as pd

from tidings.errors import ContractError, SourceError
from tidings.sources import values
from tidings.sources.checks import conform, typed_columns
from tidings.sources.contract import (
    BY_SIZE,
    DAY_COLUMN,
    FILE_COLUMN,
    TABLES,
    TENANT_COLUMN,
    WATERMARK,
    Table,
    Window,
)
from tidings.sources.database import DatabaseSource
from tidings.sources.engines.table import ENGINES, EQUAL
from tidings.sources.files import FileSource
from tidings.sources.folder import TableFolder
from tidings.sources.location import SQLITE, Location
from tidings.sources.mapped import DIALECT, map_files, map_sqlite
from tidings.sources.mapping import load_mapping
from tidings.sources.prepared import (
    Parameter,
    Prepared,
    Relation,
    can_prepare,
    execute,
    prepare,
    relation_of,
)
from tidings.tenants.tenant import Tenant

_NEEDED = {"activity": "messages", "chatbot": "messages", "contact-center": "assignments"}


class Backend(Protocol):
    """What a kind of source gives: tables as they are stored there."""

    @property
    def location(self) -> Location: ...

    @property
    def connection(self) -> ibis.BaseBackend: ...

    def has(self, table: Table) -> bool: ...

    def read(self, table: Table, tenant_id: str, window: Window | None) -> ir.Table: ...

    def where(self, table: Table, file: str | None = None) -> str: ...

    def materialize(self, rows: ir.Table) -> ir.Table: ...

    def keep(self, rows: Relation) -> ir.Table | None: ...

    def in_file_order(self, rows: ir.Table) -> bool: ...


@dataclass(frozen=True, repr=False)
class Source:
    """One tenant's rows, in the contract's form, whatever stores them.

    Every table that leaves a source has passed ``rows`` or ``relation``, which select by the same ``_own``:
    no query can go round the tenant's filter.
    """

    backend: Backend
    tenant: Tenant
    _opened: dict[tuple, ir.Table] = field(default_factory=dict, compare=False)
    _relations: dict[tuple, Relation] = field(default_factory=dict, compare=False)

    def __repr__(self) -> str:
        return f"Source({self.tenant.id})"

    def has(self, name: str) -> bool:
        with self.backend.location.failures_in_words():
            return self.backend.has(TABLES[name])

    def has_rows(self, name: str) -> bool:
        """Whether a table has any row of the tenant.

        Raises
        ------
        SourceError, ContractError
            The table cannot be read, lacks its key, or holds rows of another tenant.
        """
        key = TABLES[name].key
        if self.takes_parameters:
            return len(self.execute(self.relation(name, only=key).first(1))) > 0
        return len(self.fetch(self.rows(name, only=key).limit(1))) > 0

    def where(self, name: str, row: pd.DataFrame | None = None) -> str:
        """A table's place, for messages.

        Parameters
        ----------
        name : str
            The table.
        row : pandas.DataFrame, optional
            One row of it, some of its columns at least; where the source knows the file that holds it,
            the place is that file.
        """
        with self.backend.location.failures_in_words():
            return self.backend.where(TABLES[name], None if row is None else self._file_of(name, row))

    def rows(self, name: str, window: Window | None = None, only: str | None = None) -> ir.Table:
        """A table's rows of this tenant; with a window, at least those of its days.

        Parameters
        ----------
        only : str, optional
            The one column that is wanted: a query of few columns is sooner planned than one of all.

        Raises
        ------
        SourceError, ContractError
            The table cannot be read, lacks a column, or holds rows of another tenant.
        """
        if (name, window, only) not in self._opened:
            with self.backend.location.failures_in_words():
                raw = self._raw(name, window)
                table = TABLES[name].with_columns(only) if only else TABLES[name]
                own = _own(raw, self.tenant.tenant_column, self.tenant.id, window is not None)
                self._opened[name, window, only] = conform(own, table, self.backend.where(table), self.fetch)
        return self._opened[name, window, only]

    def materialize(self, rows: ir.Table) -> ir.Table:
        """Rows that many queries will want, where the engine can keep them at hand."""
        with self.backend.location.failures_in_words():
            return self.backend.materialize(rows)

    def in_file_order(self, rows: ir.Table) -> bool:
        """Whether rows are so many that they are read from files each time, one after the other."""
        return self.backend.in_file_order(rows)

    def fetch(self, expression: ir.Expr) -> pd.DataFrame:
        """Execute an expression in the source's engine.

        Raises
        ------
        SourceError
            The engine cannot execute it.
        """
        with self.backend.location.failures_in_words():
            return self.backend.connection.to_pandas(expression)

    @property
    def takes_parameters(self) -> bool:
        """Whether ``execute`` may be called: whether the engine is in this very process."""
        return can_prepare(self.backend.connection)

    def execute(self, query: Relation) -> pd.DataFrame:
        """Execute a prepared query.

        Raises
        ------
        SourceError
            The engine cannot execute it.
        """
        with self.backend.location.failures_in_words():
            return execute(self.backend.connection, query)

    def relation(self, name: str, window: Window | None = None, only: str | None = None) -> Relation:
        """What ``rows`` gives, to be part of a prepared query.

        The tenant's id is a parameter of it. What it looks like depends on nothing but the columns and the
        types of the table as it is stored, so that it is compiled once for all tables alike.
        """
        if (name, window, only) not in self._relations:
            with self.backend.location.failures_in_words():
                raw = self._raw(name, window)
                table = TABLES[name].with_columns(only) if only else TABLES[name]
                asked = _relevant(raw.schema(), table)
                query = _prepare_rows(asked, table, self.tenant.tenant_column, window is not None)
                if query:
                    stored = {_RAW: relation_of(self.backend.connection, raw).select(asked)}
                    own = {_TENANT: self.tenant.id} if _TENANT in query.parameters else {}
                    relation = query.over(stored, own)
                else:
                    relation = relation_of(self.backend.connection, self.rows(name, window, only))
            self._relations[name, window, only] = relation
        return self._relations[name, window, only]

    def keep(self, rows: Relation) -> ir.Table | None:
        """Rows that many queries will want, kept at hand; None where it cannot, or they are too many."""
        with self.backend.location.failures_in_words():
            return self.backend.keep(rows)

    def as_relation(self, rows: ir.Table) -> Relation:
        """Rows of the source, to be part of a prepared query as they are."""
        return relation_of(self.backend.connection, rows)

    def watermark(self) -> datetime | None:
        """Until when the source says that it is complete (naive UTC); None where it says nothing.

        That is the newest ``complete_until`` of a table or file ``_watermark``: the tenant's own rows, where
        it has a column ``tenant_id``.
        """
        with self.backend.location.failures_in_words():
            if not self.backend.has(WATERMARK):
                return None
            raw = self.backend.read(WATERMARK, self.tenant.id, None)
            if TENANT_COLUMN in raw.columns:
                raw = raw.filter(_is_own(raw, self.tenant.id))
            stated = conform(raw, WATERMARK, self.backend.where(WATERMARK), self.fetch).complete_until
            newest = self.fetch(stated.as_table().aggregate(newest=stated.max()))["newest"][0]
            return None if pd.isna(newest) else newest.to_pydatetime()

    @property
    def engine(self) -> tuple[str, str]:
        """The name and the version of the engine that executes its queries.

        Raises
        ------
        SourceError
            The engine cannot be asked.
        """
        with self.backend.location.failures_in_words():
            return self.backend.connection.name, str(self.backend.connection.version)

    def _raw(self, name: str, window: Window | None) -> ir.Table:
        """A table as it is stored, which tells tenants apart if several share it."""
        table = TABLES[name]
        raw = self.backend.read(table, self.tenant.id, window)
        if self.tenant.tenant_column:
            self._refuse_unmarked(raw, table)
        elif TENANT_COLUMN in raw.columns:
            self._refuse_foreign(raw, table)
        return raw

    def _refuse_unmarked(self, raw: ir.Table, table: Table) -> None:
        if TENANT_COLUMN not in raw.columns:
            raise SourceError(
                f"table {table.name} has no column {TENANT_COLUMN}, which tenant_column: true calls for",
                where=self.where(table.name),
                remedy="add it, or say tenant_column: false in the parameters if the source has one tenant",
            )

    def _refuse_foreign(self, raw: ir.Table, table: Table) -> None:
        if len(
            self.fetch(
                raw.filter(~_is_own(raw, self.tenant.id).fill_null(False)).select(TENANT_COLUMN).limit(1)
            )
        ):
            raise SourceError(
                f"table {table.name} holds rows of another tenant, or of none",
                where=self.where(table.name),
                remedy="say tenant_column: true in the parameters, so that only this tenant's rows are read",
            )

    def _file_of(self, name: str, row: pd.DataFrame) -> str | None:
        try:
            raw = _own(self._raw(name, None), self.tenant.tenant_column, self.tenant.id, True)
            if FILE_COLUMN not in raw.columns:
                return None
            typed = typed_columns(raw, TABLES[name], name, self.fetch)
            rows = raw.select(**typed, file=raw[FILE_COLUMN])
            same = [_is(rows[column], value) for column, value in row.iloc[0].items()]
            files = self.fetch(rows.filter(same).select("file").order_by("file").limit(1))
            return files["file"][0] if len(files) else None
        except SourceError:  # another file is damaged: what was found in this one must still be told
            return None


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
    source = Source(_backend(Location.of(tenant.source), root, tenant), tenant)
    _refuse_missing_tables(source)
    _refuse_empty(source)
    return source


_RAW, _TENANT = "tidings_raw", "tenant_id"


@lru_cache(maxsize=256)
def _prepare_rows(schema: ibis.Schema, table: Table, is_shared: bool, with_day: bool) -> Prepared | None:
    """What a tenant's rows are of any table of some columns; None where that depends on what is in them."""
    raw = ibis.table(schema, name=_RAW)
    tenant_id = Parameter(_TENANT, dt.string).to_expr()
    try:
        return prepare(conform(_own(raw, is_shared, tenant_id, with_day), table, "", _look_at_nothing))
    except (_Looked, ContractError):
        return None


def _relevant(schema: ibis.Schema, table: Table) -> ibis.Schema:
    """The columns of a table as it is stored that are asked for, in an order that is the same for all."""
    asked = {TENANT_COLUMN, DAY_COLUMN, *(column.name for column in table.columns)}
    return ibis.schema({name: schema[name] for name in sorted(asked & set(schema))})


class _Looked(Exception):
    """A query could not be made from the columns alone."""


def _look_at_nothing(expression: ir.Expr) -> pd.DataFrame:
    raise _Looked


def _own(raw: ir.Table, is_shared: bool, tenant_id: str | ir.StringScalar, with_day: bool) -> ir.Table:
    """A tenant's rows of a table; without the day of its partition, where none was left out by its day."""
    own = raw.filter(_is_own(raw, tenant_id)) if is_shared else raw
    return own.drop(DAY_COLUMN) if DAY_COLUMN in raw.columns and not with_day else own


def _is_own(raw: ir.Table, tenant_id: str | ir.StringScalar) -> ir.BooleanColumn:
    """Whether a row is the tenant's; null where it names none."""
    who = raw[TENANT_COLUMN]
    return (values.text(who) if values.is_fractional(who.type()) else who.cast("string")) == tenant_id


def _is(column: ir.Column, value) -> ir.BooleanValue:
    return column.isnull() if pd.isna(value) else column == value


def _backend(location: Location, root: Path, tenant: Tenant) -> Backend:
    if location.scheme in ENGINES:
        return DatabaseSource.open(location, root, tenant)
    if location.scheme in TableFolder.SCHEMES:
        files = FileSource.open(location, root, _engine_settings())
        return map_files(files, load_mapping(tenant, root, DIALECT)) if tenant.mapping else files
    if location.scheme == SQLITE:
        if not tenant.mapping:
            raise SourceError(
                "a SQLite file is read by a mapping alone",
                where=f"source {location.written}",
                remedy="name one in the parameters, such as mapping: sources/rasa.sql",
            )
        return map_sqlite(location, root, load_mapping(tenant, root, DIALECT), _engine_settings())
    known = ", ".join(sorted(TableFolder.SCHEMES.union(EQUAL) - {"", "file"}))
    raise SourceError(
        "is of a kind that cannot be read",
        where=f"source {location.written}",
        remedy=f"name a folder, or an address that begins with one of {known}, then ://",
    )


def _engine_settings() -> dict[str, str]:
    """What the environment allows the embedded engine: ``TIDINGS_MEMORY_LIMIT``, ``TIDINGS_THREADS``."""
    given = {name: os.environ.get(f"TIDINGS_{name.upper()}") for name in ("memory_limit", "threads")}
    return {name: value for name, value in given.items() if value}


def _refuse_missing_tables(source: Source) -> None:
    for service in source.tenant.services:
        if not source.has(_NEEDED[service]):
            raise SourceError(
                f"there is no table {_NEEDED[service]}, which the service {service} needs",
                where=f"source {source.tenant.source}",
                remedy="add the table, or in a database let the user see it; or take "
                f"{service} out of the services of tenant {source.tenant.id}",
            )


def _refuse_empty(source: Source) -> None:
    there = [name for name in BY_SIZE if source.has(name) and TABLES[name].happened_at]
    if not any(map(source.has_rows, there)):
        raise SourceError(
            f"no table has a row of tenant {source.tenant.id}",
            where=f"source {source.tenant.source}",
            remedy="see whether the source is the tenant's, and whether its tables were filled",
        )
