"""Where a number comes from: its SQL, the rows behind it, and the same number counted from them once more."""

import csv
import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.operations as ops
import nbformat
import pandas as pd
from upath import UPath

from tidings.errors import MetricError, ReportError
from tidings.mail.data_files import as_plain_cell
from tidings.metrics import METRICS, Metric, Result
from tidings.metrics.edition import Edition, as_stored
from tidings.metrics.evidence import Cell, Evidence, Place, Row
from tidings.metrics.metric import Declared, expressions_of
from tidings.metrics.tables import NOT_GIVEN
from tidings.notebook.scraps import recorded
from tidings.reports.editions import files_of
from tidings.reports.order import Order
from tidings.review.files import write_whole
from tidings.sources.contract import TABLES
from tidings.sources.quoting import shown

_PREVIOUS = ".previous"
_MOST_COUNTED = 1_000_000  # rows, which take a kilobyte each while Python counts them
_MOST_NAMED = 12
_NEARLY = 1e-9  # the relative difference that fractions have by the order of their sums


@dataclass(frozen=True)
class Line:
    """A line of a value: where it stands, what was computed in the source's engine, and what Python counted.

    Attributes
    ----------
    place : tuple
        What stands in the columns that name the line; empty for a scalar.
    computed, counted : tuple or None
        What stands in the other columns; None where there is no such line.
    """

    place: Place
    computed: tuple[Any, ...] | None
    counted: tuple[Any, ...] | None

    @property
    def agrees(self) -> bool:
        """Whether both are the same."""
        if self.computed is None or self.counted is None:
            return False
        return all(map(_is_same, self.computed, self.counted))


@dataclass(frozen=True)
class Explanation:
    """Where a number of an edition comes from.

    Attributes
    ----------
    name : str
        The recorded name.
    metric : Metric
        Its declaration, with the definition.
    edition : Edition
        The edition that was counted; the one before, for a name that ends in ``.previous``.
    previous : number, str or None
        A scalar's value in the period before.
    queries : tuple of str
        SQL that gives what the value was computed from, of the source's own tables, in its engine's dialect.
    columns : tuple of str
        The names of the rows' columns.
    rows : list of dict
        The rows that count, each once, by time.
    lines : tuple of Line
        The value, line by line; a scalar has one.
    """

    name: str
    metric: Metric
    edition: Edition
    previous: Any
    queries: tuple[str, ...]
    columns: tuple[str, ...]
    rows: list[Row]
    lines: tuple[Line, ...]

    @property
    def engine(self) -> str:
        """The name of the source's engine."""
        return self.edition.source.engine[0]

    def is_value(self, value: Any) -> bool:
        """Whether a scalar's value is this one."""
        computed = self.lines[0].computed
        assert computed is not None, "a scalar's one line is of its computed value"
        return _is_same(computed[0], value)

    @property
    def agrees(self) -> bool:
        """Whether Python counted what the engine computed, in every line."""
        return all(line.agrees for line in self.lines)


def explain(edition: Edition, name: str, where: dict[str, str] | None = None) -> Explanation:
    """Say where a number of an edition comes from.

    Every row is one that passed the source's filter by tenant.

    Parameters
    ----------
    edition : Edition
        Whose number.
    name : str
        The name under which it is recorded, such as ``contact_center.missed_conversations``.
    where : dict, optional
        For a table: only the lines in which these columns hold these values, written as the report's data
        have them, such as ``{"day": "2026-11-10", "agent": "Ana"}``.

    Raises
    ------
    MetricError
        There is no such number, the tenant or the source lacks what it needs, no line is like ``where``, or
        there are too many rows to count them one by one.
    SourceError
        The source cannot be read.
    """
    compute, edition = _find(name, edition)
    _refuse_unreached(name, edition)
    result = compute(edition)
    _refuse_absent(result, edition)
    evidence = compute.evidence
    assert evidence is not None, "every metric of the report declares the rows behind it"
    behind = evidence.rows(edition)
    _refuse_too_many(behind, edition, name)
    fetched = list(_as_rows(edition.fetch(behind.order_by(_order(behind.columns)))))
    placed = defaultdict(list)
    for place, row in evidence.places(fetched, edition):
        placed[place].append(row)
    lines, chosen = _lines(result, evidence, placed, where or {})
    in_chosen = {id(row) for place in chosen for row in placed.get(place, ())}
    return Explanation(
        name=name,
        metric=result.metric,
        edition=edition,
        previous=None if result.metric.is_table else result.previous,
        queries=tuple(_sql(expression(edition), edition) for expression in expressions_of(compute)),
        columns=tuple(behind.columns),
        rows=[row for row in fetched if id(row) in in_chosen],
        lines=lines,
    )


def read_recorded(edition: Edition, name: str, outputs: Path | UPath) -> tuple[Any] | None:
    """The scalar that an edition's finished report recorded under a name; None where it recorded none.

    Raises
    ------
    ReportError
        The executed notebook is damaged.
    """
    values = _read_values(edition, outputs)
    return (values[name],) if name in values and not isinstance(values[name], pd.DataFrame) else None


def refuse_number_of_notebook(edition: Edition, name: str, outputs: Path | UPath) -> None:
    """Refuse a number that the notebook declares itself: nothing but the notebook can compute it.

    Raises
    ------
    MetricError
        The edition's finished report recorded such a number under this name.
    ReportError
        The executed notebook is damaged.
    """
    own = {compute.metric.name for compute in METRICS}
    if name.removesuffix(_PREVIOUS) not in own and name in _read_values(edition, outputs):
        raise MetricError(
            f"{shown(name)} is declared in the notebook, which alone can compute it",
            where="option --number",
            remedy="open the notebook with this tenant and period (make lab), and show the rows that its "
            "function reads there: edition.fetch(edition.rows(…))",
        )


def _read_values(edition: Edition, outputs: Path | UPath) -> dict[str, Any]:
    """What an edition's finished report recorded; nothing where there is none."""
    notebook = files_of(Order(edition.tenant, edition.period, outputs)).notebook
    if not notebook.is_file():
        return {}
    try:
        return recorded(nbformat.reads(notebook.read_text(encoding="utf-8"), as_version=4))
    except (OSError, ValueError, nbformat.ValidationError) as error:
        raise ReportError(
            f"is not a notebook that can be read ({type(error).__name__})",
            where=f"notebook {notebook}",
            remedy="make the report again",
        ) from None


def write_rows(explanation: Explanation, file: Path) -> None:
    """Write all the rows behind a number as CSV, whole or not at all.

    In UTF-8 with a byte order mark; instants are in UTC, as the source has them. A text that a spreadsheet
    would compute begins with an apostrophe.

    Raises
    ------
    ReportError
        The file cannot be written.
    """
    with (
        write_whole(file, "name another with ROWS=") as draft,
        draft.open("w", encoding="utf-8-sig", newline="") as opened,
    ):
        writer = csv.writer(opened)
        writer.writerow(explanation.columns)
        for row in explanation.rows:
            writer.writerow([_as_cell(row[column]) for column in explanation.columns])


def in_words(value: Any) -> str:
    """A value, or what names a line, on one line of a terminal."""
    if value is None:
        return NOT_GIVEN
    if isinstance(value, float):
        return f"{value:.12g}"
    return f"{value:,}" if isinstance(value, int) else shown(value, width=60)


def _find(name: str, edition: Edition) -> tuple[Declared, Edition]:
    """The metric of a recorded name, and the edition that it is asked of."""
    known = {compute.metric.name: compute for compute in METRICS}
    compute = known.get(name.removesuffix(_PREVIOUS))
    if compute is None or (name.endswith(_PREVIOUS) and not compute.metric.records_previous):
        near = [other for other in known if name and other.startswith(name)][:3]
        near = near or get_close_matches(name, known, n=3, cutoff=0.0)
        raise MetricError(
            f"there is no number {shown(name)}" if name else "no number is named",
            where="option --number",
            remedy=f"write a name of docs/metrics.md, such as {', '.join(near)}",
        )
    return compute, edition.previous if name.endswith(_PREVIOUS) else edition


def _refuse_unreached(name: str, edition: Edition) -> None:
    """Refuse a number of a period that the source does not wholly have: the report records null."""
    later = edition.later
    if later is not edition and not later.has_previous:
        raise MetricError(
            f"the source has no row from before {edition.period.first}",
            where=f"number {name}, period {later.period.key}",
            remedy="there is nothing to compare with: the report records null",
        )


def _refuse_absent(result: Result, edition: Edition) -> None:
    """Refuse what the edition's report does not record."""
    metric = result.metric
    lacking = [service for service in metric.services if service not in edition.tenant.services]
    if lacking:
        raise MetricError(
            f"tenant {edition.tenant.id} has no {' and no '.join(lacking)}",
            where=f"number {metric.name}",
            remedy="ask for a number of its own services, or add the service to its parameters",
        )
    if not result.available:
        raise MetricError(
            f"the source gives no table {' or '.join(t for t in metric.tables if not edition.has(t))}",
            where=f"number {metric.name}",
            remedy="add the table to the source: the report records no such number until then",
        )


def _refuse_too_many(behind: ibis.Table, edition: Edition, name: str) -> None:
    count = int(edition.fetch(behind.aggregate(rows=behind.count()))["rows"][0])
    if count > _MOST_COUNTED:
        raise MetricError(
            f"{count:,} rows are too many to count them one by one",
            where=f"number {name}, period {edition.period.key}",
            remedy=f"ask for a day of it: PERIOD={edition.period.first}",
        )


def _order(columns: tuple[str, ...]) -> list[str]:
    """By time, then id: so that the same rows come in the same order."""
    happened = {table.happened_at for table in TABLES.values()}
    return [*(column for column in columns if column in happened), columns[0]]


def _as_rows(frame: pd.DataFrame) -> Iterator[Row]:
    """The rows of a frame in plain Python's types."""
    columns = [
        [None if pd.isna(value) else _as_python(value) for value in frame[name]] for name in frame.columns
    ]
    return (dict(zip(frame.columns, values, strict=True)) for values in zip(*columns, strict=True))


def _as_python(value: Any) -> Any:
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime(warn=False)
    return value.item() if hasattr(value, "item") else value


def _lines(
    result: Result, evidence: Evidence, placed: dict[Place, list[Row]], where: dict[str, str]
) -> tuple[tuple[Line, ...], list[Place]]:
    """The lines of a value that are asked for, and their places."""
    edition, metric = result.edition, result.metric
    all_rows = [row for rows in placed.values() for row in rows]

    def count(place: Place, names: tuple[str, ...]) -> tuple[Any, ...]:
        day = dict(zip(names, place, strict=True)).get("day")
        counted = evidence.count(Cell(placed.get(place, []), all_rows, edition, day))
        return counted if isinstance(counted, tuple) else (counted,)

    if not metric.is_table:
        _refuse_columns(where, (), metric)
        return (Line((), (result.value,), count((), ())),), [()]
    values = evidence.count(Cell([], [], edition, edition.period.days[0]))
    width = len(values) if isinstance(values, tuple) else 1
    names = metric.columns[:-width]
    _refuse_columns(where, names, metric)
    computed = {}
    for row in result.value.itertuples(index=False):
        cells = [None if pd.isna(cell) else _as_python(cell) for cell in row]
        cells = [cell.date() if isinstance(cell, datetime) else cell for cell in cells]
        computed[tuple(cells[:-width])] = tuple(cells[-width:])
    places = list(dict.fromkeys([*computed, *placed]))
    chosen = [place for place in places if _is_asked_for(dict(zip(names, place, strict=True)), where)]
    if where and not chosen:
        _refuse_no_line(where, names, places, metric)
    counted = {place: count(place, names) for place in chosen}
    lines = (
        Line(place, computed.get(place), counted[place] if place in placed or place in computed else None)
        for place in chosen
    )
    return tuple(lines), chosen


def _is_asked_for(place: dict[str, Any], where: dict[str, str]) -> bool:
    return all(NOT_GIVEN if place[c] is None else str(place[c]) == value for c, value in where.items())


def _refuse_columns(where: dict[str, str], names: tuple[str, ...], metric: Metric) -> None:
    for column in where:
        if column not in names:
            raise MetricError(
                f"its lines have no {shown(column)}" if names else "it is one number, and has no lines",
                where=f"number {metric.name}",
                remedy=f"choose a line by {' and '.join(names)}" if names else "ask for it as a whole",
            )


def _refuse_no_line(
    where: dict[str, str], names: tuple[str, ...], places: list[Place], metric: Metric
) -> None:
    wanted = ", ".join(f"{shown(column)} {shown(value)}" for column, value in where.items())
    there = [", ".join(map(in_words, place)) for place in places]
    more = f" and {len(there) - _MOST_NAMED:,} more" if len(there) > _MOST_NAMED else ""
    raise MetricError(
        f"no line has {wanted}",
        where=f"number {metric.name}",
        remedy=f"choose one of these ({', '.join(names)}): {'; '.join(there[:_MOST_NAMED])}{more}"
        if there
        else "the table has no line at all in this period",
    )


def _sql(expression: ibis.Table, edition: Edition) -> str:
    """A query of the source's own tables; what its working names stand for is said above it."""
    stored = as_stored(edition, expression)
    used = {table.name for table in stored.op().find(ops.PhysicalTable)}
    comments = []
    for name in filter(edition.has, TABLES):
        near = as_stored(edition, edition.later.rows_near(name))
        read = {t.name for each in (near, edition.history(name)) for t in each.op().find(ops.PhysicalTable)}
        comments += [f"-- {working}: {name} of the source\n" for working in sorted(read & used - {name})]
    return "".join(comments) + str(edition.source.backend.connection.compile(stored, pretty=True))


def _is_same(one: Any, other: Any) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=_NEARLY, abs_tol=_NEARLY)
    return one == other


def _as_cell(value: Any) -> Any:
    return value.isoformat(sep=" ") if isinstance(value, datetime) else as_plain_cell(value)
