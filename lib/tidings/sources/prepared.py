"""Queries for DuckDB, the engine within this process, with parameters where editions differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.datashape as ds
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pandas as pd
import pyarrow.types
import sqlglot as sg
import sqlglot.expressions as sge
from ibis.backends.duckdb import Backend
from ibis.backends.duckdb.converter import DuckDBPandasData
from ibis.backends.sql.compilers.duckdb import DuckDBCompiler


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
    """A query as SQL.

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


def can_prepare(connection: ibis.BaseBackend) -> bool:
    """Whether queries can be prepared for a connection."""
    return isinstance(connection, Backend)


def prepare(query: ir.Table) -> Prepared:
    """Compile a query of unbound tables and of parameters."""
    compiled = _COMPILER.to_sqlglot(query)
    keys = frozenset(parameter.name for parameter in compiled.find_all(sge.Parameter))
    return Prepared(compiled.sql("duckdb"), keys, query.schema())


def name_rows(connection: Backend, name: str, rows: ir.Table) -> None:
    """Have a name stand for some rows, for this connection alone."""
    stored = rows.op()
    if isinstance(stored, ops.DatabaseTable):  # which Ibis would be longer about
        place = stored.namespace
        query = f"FROM {sg.table(stored.name, place.database, place.catalog, quoted=True).sql('duckdb')}"
    else:
        query = connection.compile(rows)
    connection.con.execute(f'CREATE OR REPLACE TEMP VIEW "{name}" AS {query}')


def execute(connection: Backend, query: Prepared, values: Mapping[str, Any]) -> pd.DataFrame:
    """What a query gives, of the same types as if Ibis had executed it."""
    found = connection.con.sql(query.sql, params=dict(values)).to_arrow_table()
    columns = {
        name: column.to_pylist()
        if column.null_count or pyarrow.types.is_dictionary(column.type)
        else column.to_pandas()
        for name, column in zip(found.column_names, found.columns, strict=True)
    }
    return DuckDBPandasData.convert_table(pd.DataFrame(columns), query.schema)
