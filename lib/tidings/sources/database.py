"""Databases, through Ibis: the contract's tables or views in a schema, queried where they are."""

from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import ibis
import ibis.expr.types as ir
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_fixed

from tidings.errors import SourceError
from tidings.sources.contract import TABLES, TENANT_COLUMN, WATERMARK, Table, Window
from tidings.sources.engines.duckdb import keep_in_memory
from tidings.sources.engines.engine import BinaryText, Engine
from tidings.sources.engines.table import ENGINES, EQUAL
from tidings.sources.engines.trouble import Trouble
from tidings.sources.location import Location
from tidings.sources.mapping import View, load_mapping, relations_of
from tidings.sources.prepared import Relation
from tidings.sources.quoting import names_in_words, shown
from tidings.tenants.tenant import Tenant


@dataclass(frozen=True)
class DatabaseSource:
    """A database whose schema holds the contract's tables, or views of their names.

    Attributes
    ----------
    relations : dict
        What each of the contract's tables is read from: a table, a view, or any query of the database.
    is_shared : bool
        Whether it has rows of several tenants.
    views : dict
        The views of the tenant's mapping, of which the relations are made then.
    """

    location: Location
    engine: Engine
    connection: ibis.BaseBackend
    relations: dict[str, ir.Table]
    is_shared: bool
    views: dict[str, View] = field(default_factory=dict)

    @classmethod
    def open(cls, location: Location, root: Path, tenant: Tenant) -> "DatabaseSource":
        """Connect, and find the tables by trying to.

        Parameters
        ----------
        location : Location
            The URL: Ibis's, such as ``postgres://${USER}:${PASSWORD}@host/database?schema=reports``; a DuckDB
            file is ``duckdb://path``.
        root : Path
            What the path of a database in a file is relative to.
        tenant : Tenant
            Whose source it is.

        Raises
        ------
        SourceError
            There is no driver, no server, no admittance, or no proof of the engine's numbers; or a table is
            there in another schema, or in another case.
        """
        engine = ENGINES[location.scheme]
        _refuse_unverified(engine, location, tenant)
        location = replace(location, remedy=lambda error: _remedy(engine, error))
        connection = _connect(engine, location, root, tenant.query_time_limit)
        views = load_mapping(tenant, root, connection.name) if tenant.mapping else {}
        with location.failures_in_words():
            if views:
                relations = relations_of(views, connection, location)
            else:
                relations = engine.relations(connection, [*TABLES, WATERMARK.name])
                _refuse_hidden(engine, connection, relations, location)
        return cls(location, engine, connection, relations, tenant.tenant_column, views)

    def has(self, table: Table) -> bool:
        return table.name in self.relations

    def read(self, table: Table, tenant_id: str, window: Window | None) -> ir.Table:
        """The whole table: the engine itself reads no more of it than a query wants.

        Of one that tenants share, no more than what its own collation calls the tenant's, so that an index
        is of use; in what is read, all text is compared by its bytes.
        """
        rows = _without_others(self.relations[table.name], table)
        if self.is_shared and TENANT_COLUMN in rows.columns and rows[TENANT_COLUMN].type().is_string():
            rows = rows.filter(rows[TENANT_COLUMN] == tenant_id)
        return _with_binary_text(rows, table) if self.engine.has_collations else rows

    def materialize(self, rows: ir.Table) -> ir.Table:
        """The rows as the engine keeps them at hand, and else where they are: nothing made is left there."""
        return self.engine.keep(self.connection, rows)

    def keep(self, rows: Relation) -> ir.Table | None:
        """The rows in DuckDB's memory; None where there are too many."""
        return keep_in_memory(self.connection, rows)

    def in_file_order(self, rows: ir.Table) -> bool:
        """No: a database has an order of its own."""
        return False

    def where(self, table: Table, file: str | None = None) -> str:
        """The table's place, for messages."""
        if table.name in self.views:
            return f"{self.views[table.name].where} (view {table.name})"
        return f"source {self.location.written}, table {table.name}"


def _refuse_unverified(engine: Engine, location: Location, tenant: Tenant) -> None:
    if not engine.is_equal and not tenant.unverified:
        raise SourceError(
            f"nothing shows that {engine.name} gives the same numbers as other engines",
            where=f"source {location.written}",
            remedy=f"use one of {', '.join(EQUAL)}; or say unverified: true in the parameters, and compare "
            "the numbers with your own",
        )


def _connect(engine: Engine, location: Location, root: Path, time_limit: int) -> ibis.BaseBackend:
    """Connect; once more where the server was lost or not there: nothing has been read yet."""
    tries = Retrying(
        stop=stop_after_attempt(2),
        wait=wait_fixed(0.5),
        retry=retry_if_exception(partial(_is_passing, engine)),
        reraise=True,
    )
    try:
        return tries(engine.connect, location, root, time_limit)
    except SourceError:
        raise
    except ImportError:
        package = f"tidings[{engine.extra}]" if engine.extra else f"ibis-framework[{engine.name}]"
        raise SourceError(
            f"no driver for {location.scheme} is installed",
            where=f"source {location.written}",
            remedy=f'pip install "{package}"',
        ) from None
    except Exception as error:  # each engine has a family of errors of its own
        raise SourceError(
            f"no connection to the database: {location.quote(error)}",
            where=f"source {location.written}",
            remedy=location.remedy(error)
            or "see whether the address and the credentials are right, and the server is up; in "
            "a user's name and password write / as %2F, # as %23, ? as %3F and @ as %40",
        ) from None  # the engine's own error may hold the password


def _is_passing(engine: Engine, error: BaseException) -> bool:
    """Whether a server that could not be connected to may be there a moment later."""
    trouble = engine.trouble(error) if isinstance(error, Exception) else None
    return trouble is Trouble.HOST or trouble is Trouble.LOST


def _remedy(engine: Engine, error: Exception) -> str | None:
    trouble = engine.trouble(error)
    return trouble and trouble.value


def _refuse_hidden(
    engine: Engine, connection: ibis.BaseBackend, relations: dict[str, ir.Table], location: Location
) -> None:
    """Refuse a table of the contract that is there, but under another name or in another schema."""
    absent = [name for name in TABLES if name not in relations]
    if not absent:
        return
    (own, names), *others = engine.names(connection).items()
    for name in absent:
        if alike := next((each for each in names if each.lower() == name), None):
            raise SourceError(
                f"there is no table {name}, but there is {shown(alike)}",
                where=f"source {location.written}",
                remedy="grant the user SELECT on it"
                if alike == name
                else f'make a view: CREATE VIEW {name} AS SELECT … FROM "{shown(alike)}"',
            )
    elsewhere = [(schema, name) for schema, found in others for name in absent if name in found]
    if elsewhere and not relations:
        schema, name = elsewhere[0]
        raise SourceError(
            f"there is no table {name} in {f'schema {shown(own)}' if own else 'the schema'}, "
            f"but there is one in {names_in_words(schema for schema, each in elsewhere if each == name)}",
            where=f"source {location.written}",
            remedy=f"name it in the URL: ?schema={shown(schema)}",
        )


def _without_others(rows: ir.Table, table: Table) -> ir.Table:
    """The contract's columns alone: a user may have no right to read the others.

    Where one is missing, all stay, so that a message can name them.
    """
    wanted = {TENANT_COLUMN, *(column.name for column in table.columns)}
    needed = {column.name for column in table.columns if not column.nullable}
    return (
        rows.select(*(name for name in rows.columns if name in wanted))
        if needed <= set(rows.columns)
        else rows
    )


def _with_binary_text(rows: ir.Table, table: Table) -> ir.Table:
    texts = [column.name for column in table.columns if column.kind != "instant"]
    kinds = {name: rows[name].type() for name in (*texts, TENANT_COLUMN) if name in rows.columns}
    return rows.mutate(
        **{
            name: BinaryText(rows[name]).to_expr()
            for name, kind in kinds.items()
            if kind.is_string() or kind.is_unknown()  # an enumeration, or a domain
        }
    )
