"""A rehearsal: a report without data, so that what libraries do on first use is done before the fork.

Ibis compiles every query, as `tidings.metrics.outline` keeps it for all kernels: of a week with one offset
from UTC, and of one in which clocks are put forward and whose messages are in partitions. pandas gets a row
for each; matplotlib finds the fonts and draws every kind of chart. Nothing is connected, and no thread is
started.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from tidings import charts, header, highlights
from tidings.metrics.edition import Edition, prepare_checks
from tidings.metrics.observations import prepare
from tidings.metrics.results import edition_results
from tidings.parts.part import Footer
from tidings.periods.period import parse_period
from tidings.sources.contract import DAY_COLUMN, Table, Window
from tidings.sources.location import Location
from tidings.sources.prepared import Prepared
from tidings.sources.source import Source
from tidings.tenants.tenant import SERVICES, Tenant

_MONDAY = pd.Timestamp("2026-01-05")


def rehearse() -> None:
    """Compute every number of a week, and draw every kind of part."""
    plain, shifted = _edition("UTC", "2026-W02"), _edition("Europe/Madrid", "2026-W13", "messages")
    for edition in (plain, shifted):
        prepare_checks(edition)
        edition_results(edition)
        prepare(edition)
    for part in _parts(plain):
        part._repr_mimebundle_()


def _edition(zone: str, week: str, *partitioned: str) -> Edition:
    about = {"id": "rehearsal", "name": "Rehearsal", "cadence": "weekly", "time_zone": zone}
    more = {"services": list(SERVICES), "recipients": ["nobody@example.com"], "source": "nowhere"}
    tenant = Tenant.model_validate(about | more)
    period = parse_period(week, tenant, datetime.max.replace(tzinfo=UTC))
    return Edition(tenant, period, _Rehearsed(_Backdrop(partitioned), tenant), period.end)


def _parts(edition: Edition) -> list[Any]:
    shapes = [shape.rehearse(edition) for shape in charts.SHAPES.values()]
    # The real foot looks into the source once more, and there is none.
    return [header(edition), highlights(edition), *shapes, Footer(("Rehearsed.",))]


class _Rehearsed(Source):
    """A source whose queries are prepared."""

    takes_parameters = True

    def execute(
        self, query: Prepared, relations: Mapping[str, ir.Table], values: Mapping[str, Any]
    ) -> pd.DataFrame:
        return _one_row(query.schema)


class _Backdrop:
    """A source of which every query has one row, with some tables in partitions by day."""

    def __init__(self, partitioned: tuple[str, ...]) -> None:
        self._partitioned = partitioned

    location = Location("nowhere", "nowhere")

    @property
    def connection(self) -> Any:
        return self

    def has(self, table: Table) -> bool:
        return True

    def read(self, table: Table, tenant_id: str, window: Window | None) -> ir.Table:
        kinds = {"id": "string", "text": "string", "instant": "timestamp"}
        columns = {column.name: kinds[column.kind] for column in table.columns}
        if table.name in self._partitioned and window:
            columns[DAY_COLUMN] = "date"
        return ibis.table(columns, name=table.name)

    def where(self, table: Table, file: str | None = None) -> str:
        return table.name

    def materialize(self, rows: ir.Table) -> ir.Table:
        return rows

    def in_file_order(self, rows: ir.Table) -> bool:
        return False

    def to_pandas(self, expression: ir.Table) -> pd.DataFrame:
        ibis.to_sql(expression, dialect="duckdb")
        return _one_row(expression.schema())


def _one_row(schema: ibis.Schema) -> pd.DataFrame:
    return pd.DataFrame({name: [_value(kind)] for name, kind in schema.items()})


def _value(kind: ibis.DataType) -> Any:
    if kind.is_timestamp():
        return _MONDAY
    if kind.is_boolean():
        return True
    return "something" if kind.is_string() else 1
