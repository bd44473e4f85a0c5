"""Queries for DuckDB, the engine within this process: text with parameters where editions differ."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import uuid4

import ibis
import ibis.expr.datashape as ds
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pandas as pd
import sqlglot.expressions as sge
from ibis.backends.duckdb import Backend
from ibis.backends.duckdb.converter import DuckDBPandasData
from ibis.backends.sql.compilers.duckdb import DuckDBCompiler
from ibis.formats.pandas import PandasType


class Parameter(ops.Value):
    """A value that is only known when the query is executed."""

    key: str
    dtype: dt.DataType
    shape = ds.scalar

    @property
    def name(self) -> str:
        return self.key


class _Compiler(DuckDBCompiler):
    def visit_Parameter(self, op: Parameter, **_: Any) -> sge.Expression:
        return sge.Parameter(this=sge.Var(this=op.key))


_COMPILER = _Compiler()


@dataclass(frozen=True)
class Prepared:
    """A query as SQL, of relations by name.

    Attributes
    ----------
    sql : str
        It names each parameter as ``$key``.
    parameters : frozenset of str
        Their keys.
    schema : ibis.Schema
        The columns that it gives.
    """

    sql: str
    parameters: frozenset[str]
    schema: ibis.Schema

    def over(self, relations: "Mapping[str, Relation]", values: Mapping[str, Any]) -> "Relation":
        """What the query gives of some relations, by the names that it has for them, and of some values."""
        if not relations:
            return Relation(self.sql, self.schema, values)
        named = ", ".join(f'"{name}" AS NOT MATERIALIZED ({rows.sql})' for name, rows in relations.items())
        rest = f", {self.sql.removeprefix('WITH ')}" if self.sql.startswith("WITH ") else f" {self.sql}"
        given = {key: value for rows in relations.values() for key, value in rows.values.items()}
        return Relation(f"WITH {named}{rest}", self.schema, given | dict(values))


@dataclass(frozen=True, eq=False)
class Relation:
    """Some rows of a connection: SQL, the values of its parameters, and the columns that it gives."""

    sql: str
    schema: ibis.Schema
    values: Mapping[str, Any]

    def select(self, names: Iterable[str]) -> "Relation":
        """Some columns of it."""
        schema = ibis.schema({name: self.schema[name] for name in names})
        if schema == self.schema:
            return self
        columns = ", ".join(f'"{name}"' for name in schema)
        return Relation(f"SELECT {columns} FROM ({self.sql})", schema, self.values)

    def first(self, rows: int) -> "Relation":
        """So many of its rows, whichever the engine comes to first."""
        return Relation(f"FROM ({self.sql}) LIMIT {rows}", self.schema, self.values)


def can_prepare(connection: ibis.BaseBackend) -> bool:
    """Whether queries can be prepared for a connection."""
    return isinstance(connection, Backend)


def prepare(query: ir.Table) -> Prepared:
    """Compile a query of unbound tables and of parameters.

    Raises
    ------
    TypeError
        It would give decimals or spans of time, of which DuckDB makes other types than Ibis.
    """
    if wrong := [name for name, kind in query.schema().items() if kind.is_decimal() or kind.is_interval()]:
        raise TypeError(f"no query may give decimals or spans: {wrong}")
    compiled = _COMPILER.to_sqlglot(query)
    keys = frozenset(parameter.name for parameter in compiled.find_all(sge.Parameter))
    return Prepared(compiled.sql("duckdb"), keys, query.schema())


def relation_of(connection: Backend, rows: ir.Table) -> Relation:
    """Rows of a connection as they are."""
    stored = rows.op()
    if not isinstance(stored, ops.DatabaseTable):
        return Relation(connection.compile(rows), rows.schema(), {})
    # Ibis would be longer about a table that is stored.
    parts = (stored.namespace.catalog, stored.namespace.database, stored.name)
    name = ".".join(_quoted(part, '"') for part in parts if part)
    return Relation(f"FROM {name}", rows.schema(), {})


def view_of_parquet(connection: Backend, addresses: Iterable[str], *, file_column: str) -> ir.Table:
    """The rows of Parquet files of one table, whose columns are matched by name, and the file of each.

    Ibis makes the same view, and asks for its columns, in eight times as long.
    """
    name = f"parquet_{uuid4().hex}"
    places = ", ".join(map(_quoted, addresses))
    # Partitions of Hive's kind would hide the columns that contradict them.
    options = f"union_by_name = true, hive_partitioning = false, filename = {_quoted(file_column)}"
    connection.con.execute(f"CREATE TEMP VIEW {name} AS FROM read_parquet([{places}], {options})")
    columns = connection.con.execute(f"DESCRIBE {name}").fetchall()
    return stored_table(
        connection, name, ibis.schema({column: _type_of(kind) for column, kind, *_ in columns})
    )


def _quoted(text: str, mark: str = "'") -> str:
    """Text as a literal; with double quotation marks, as a name."""
    return f"{mark}{text.replace(mark, 2 * mark)}{mark}"


@cache
def _type_of(kind: str) -> dt.DataType:
    return _COMPILER.type_mapper.from_string(kind)


def stored_table(connection: Backend, name: str, schema: ibis.Schema) -> ir.Table:
    """A temporary table or view of a connection, whose columns are known: DuckDB is not asked for them."""
    place = ops.Namespace(catalog="temp", database="main")
    return ops.DatabaseTable(name=name, schema=schema, source=connection, namespace=place).to_expr()


def execute(connection: Backend, query: Relation) -> pd.DataFrame:
    """What a query gives, of the same types as if Ibis had executed it."""
    found = connection.con.execute(query.sql, dict(query.values)).df()
    columns = ((name, found[name], kind) for name, kind in query.schema.items())
    return pd.DataFrame({name: _of_kind(values, kind).array for name, values, kind in columns})


def _of_kind(values: pd.Series, kind: dt.DataType) -> pd.Series:
    """Values as Ibis gives them, which would look at each column for as long as most queries take."""
    if values.dtype == PandasType.from_ibis(kind):
        return values
    if isinstance(values.dtype, pd.api.extensions.ExtensionDtype):  # as DuckDB has numbers of which some lack
        values = pd.Series(values.astype(object).where(values.notna(), None).tolist())
    return DuckDBPandasData.convert_column(values, kind)
