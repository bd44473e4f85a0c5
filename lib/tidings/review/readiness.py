"""Whether a tenant's source can be reported on: looked up before any report is made."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt
from time import perf_counter
from typing import Any

import pandas as pd

from tidings.errors import TidingsError
from tidings.language.english import counted
from tidings.metrics.edition import Edition, check_table
from tidings.metrics.observations import observe
from tidings.metrics.results import metrics_of
from tidings.sources.contract import TABLES, Table
from tidings.sources.quoting import shown

_COSTS = {
    "chatbot": {
        "messages.intent": "the most frequent intents",
        "messages.language": "the languages",
        "conversations.entry_point": "the entry points of start flows",
        "conversations.start_flow": "the names of start flows",
    },
    "contact-center": {
        "messages.assignment_id": "the messages of the contact center",
        "assignments.transferred_from": "which stays were handed on: none is known to be",
        "assignments.agent_id": "each agent's work",
        "assignments.answered_at": "waits and handled conversations",
        "assignments.closed_at": "conversation times, and which conversations were missed",
        "assignments.closing_reason": "the closing reasons",
        "agent_sessions.disconnected_at": "connection hours that end",
        "agents.name": "the names of agents: their ids are shown",
    },
}
"""What a report loses, by service, where a column holds nothing."""

_WHO = {
    "postgres": "SELECT current_user",
    "mysql": "SELECT current_user()",
    "clickhouse": "SELECT currentUser()",
}
_SECTIONS = {"activity": "Activity", "chatbot": "Chatbot", "contact-center": "Contact Center"}
_FEW = 0.5  # of what the same weekday usually has
_CHANCE = 2  # times the square root of a number, by as much as it strays by chance


@dataclass(frozen=True)
class TableState:
    """One table of the contract, as the source has it.

    Attributes
    ----------
    rows : int or None
        The tenant's; None where there is no such table, or it cannot be read.
    ids : int
        How many different ids they have.
    first, last : str or None
        When the first and the last of them happened: ISO 8601, UTC.
    empty : tuple of str
        Columns that hold nothing.
    alike : tuple of str
        Columns that hold one value in all rows, with that value: ``channel=web``.
    problem : str or None
        Why a report would be refused: the column, and a row.
    seconds : float
        How long it took to look.
    """

    name: str
    rows: int | None = None
    ids: int = 0
    first: str | None = None
    last: str | None = None
    empty: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()
    problem: str | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class Readiness:
    """What a source gives, and what stands in the way.

    Attributes
    ----------
    tenant, period, zone, source, engine, user : str or None
        Whose, of when, by whose clock, from where, executed by what, connected as whom.
    tables : tuple of TableState
        In the order of the contract.
    given, lacking : dict
        By section, the labels of the numbers that a report of the period has, and has not.
    problems, warnings : tuple of str
        What a report would be refused for, and what should be known.
    slowest : str
        Which table, or the numbers, took longest, and how long.
    """

    tenant: str
    period: str
    zone: str
    source: str
    engine: str
    user: str | None
    tables: tuple[TableState, ...]
    given: dict[str, tuple[str, ...]]
    lacking: dict[str, tuple[str, ...]]
    problems: tuple[str, ...]
    warnings: tuple[str, ...]
    slowest: str

    @property
    def exit_status(self) -> int:
        """0 ready, 1 not, 2 with warnings."""
        return 1 if self.problems else 2 if self.warnings else 0


def look_at_source(edition: Edition) -> Readiness:
    """Look at an edition's source: nothing is made, and nothing is kept.

    Raises
    ------
    SourceError
        The engine cannot be asked at all.
    """
    tables = tuple(_table_state(edition, table) for table in TABLES.values())
    problems = [f"{state.problem}" for state in tables if state.problem]
    begin = perf_counter()
    given: dict[str, tuple[str, ...]] = {}
    lacking: dict[str, tuple[str, ...]] = {}
    warnings = list(_warnings(edition, tables))
    if not problems:
        try:
            given, lacking = _numbers(edition)
            warnings += _last_day(edition)
        except TidingsError as error:
            problems.append(str(error))
    times = {state.name: state.seconds for state in tables} | {"all numbers": perf_counter() - begin}
    slowest = max(times, key=lambda name: times[name])
    name, version = edition.source.engine
    return Readiness(
        edition.tenant.id,
        edition.period.key,
        edition.tenant.time_zone,
        edition.source.backend.location.written,
        f"{name} {version}",
        _user(edition),
        tables,
        given,
        lacking,
        tuple(problems),
        tuple(warnings),
        f"{slowest}, {times[slowest]:.1f} s",
    )


def _table_state(edition: Edition, table: Table) -> TableState:
    if not edition.has(table.name):
        return TableState(table.name)
    begin = perf_counter()
    try:
        rows = edition.history(table.name)
        optional = [column.name for column in table.columns if column.kind != "instant"]
        texts = {f"{end} {name}": getattr(rows[name], end)() for name in optional for end in ("min", "max")}
        counts = {f"count {column.name}": rows[column.name].count() for column in table.columns}
        ends = (
            {"first": rows[table.happened_at].min(), "last": rows[table.happened_at].max()}
            if table.happened_at
            else {}
        )
        ids = rows[table.key].nunique()
        found = edition.fetch(rows.aggregate(rows=rows.count(), ids=ids, **ends, **counts, **texts)).iloc[0]
        edition.cached(check_table, table.name)
    except TidingsError as error:
        return TableState(table.name, problem=str(error), seconds=perf_counter() - begin)
    many = int(found["rows"])
    first, last = (
        None if pd.isna(found.get(end)) else f"{found[end].isoformat()}Z" for end in ("first", "last")
    )
    empty = [c.name for c in table.columns if c.nullable and many and not found[f"count {c.name}"]]
    alike = [
        f"{name}={shown(found[f'min {name}'])}"
        for name in optional
        if many > 1 and found[f"count {name}"] == many and found[f"min {name}"] == found[f"max {name}"]
    ]
    seconds = perf_counter() - begin
    return TableState(
        table.name, many, int(found["ids"]), first, last, tuple(empty), tuple(alike), None, seconds
    )


def _warnings(edition: Edition, tables: tuple[TableState, ...]) -> Iterator[str]:
    costs = {
        column: cost
        for service in edition.tenant.services
        for column, cost in _COSTS.get(service, {}).items()
    }
    for state in tables:
        if state.rows and state.ids < state.rows:
            ids = counted(state.ids, "different id")
            yield f"table {state.name} has {counted(state.rows, 'row')}, and {ids}"
        if state.rows == 0:
            yield f"table {state.name} has no row of tenant {edition.tenant.id}"
        elif state.last and state.name in ("messages", "assignments") and not _has_rows(edition, state):
            yield (
                f"table {state.name} has no row in {edition.period.key}, and its newest is of {state.last}: "
                "name another PERIOD, or see whether the source was filled"
            )
        for column in state.empty:
            if cost := costs.get(f"{state.name}.{column}"):
                yield f"column {column} of table {state.name} holds nothing: a report cannot give {cost}"
    messages = next(state.rows for state in tables if state.name == "messages")
    if messages and not edition.has("users"):
        read = "the only message" if messages == 1 else f"all {messages:,} messages"
        yield f"there is no table users: to know who is new, each report reads {read}"


def _has_rows(edition: Edition, state: TableState) -> bool:
    """Whether a table that can be read has a row in the period."""
    return bool(len(edition.fetch(edition.rows(state.name).limit(1))))


def _numbers(edition: Edition) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """By section, the labels of the numbers that the edition gives, and of those that it does not."""
    sections: dict[str, tuple[list[str], list[str]]] = {
        _SECTIONS[service]: ([], []) for service in edition.tenant.services
    }
    for compute in metrics_of(edition.tenant.services):
        result = compute(edition)
        title = _SECTIONS[result.metric.name.partition(".")[0].replace("_", "-")]
        is_given = result.available and not _is_nothing(result.value)
        sections[title][0 if is_given else 1].append(result.metric.label)
    return (
        {title: tuple(dict.fromkeys(labels)) for title, (labels, _) in sections.items()},
        {
            title: tuple(label for label in dict.fromkeys(labels) if label not in given)
            for title, (given, labels) in sections.items()
            if {*labels} - {*given}
        },
    )


def _is_nothing(value: Any) -> bool:
    if isinstance(value, pd.DataFrame):
        return value.empty or bool(value.select_dtypes(exclude="number").isna().all(axis=None))
    return value is None


def _last_day(edition: Edition) -> Iterator[str]:
    """A last day that has far fewer rows than the same weekday has: it may not be loaded yet."""
    last = pd.Timestamp(edition.period.last)
    for table, days in observe(edition)["days"].items():
        counts = [count for day, count in days.items() if _is_week_before(pd.Timestamp(day), last)]
        usual = sum(counts) / len(counts) if counts else 0
        found = days.get(f"{last:%Y-%m-%d}", 0)
        if found < _FEW * usual and usual - found > _CHANCE * sqrt(usual):
            yield (
                f"{last:%A %Y-%m-%d} has {counted(found, table.removesuffix('s'))}, where that weekday "
                f"usually has {usual:,.0f}: it may not be complete"
            )


def _is_week_before(day: pd.Timestamp, last: pd.Timestamp) -> bool:
    return day < last and (last - day).days % 7 == 0


def _user(edition: Edition) -> str | None:
    connection = edition.source.backend.connection
    query = _WHO.get(connection.name)
    if query is None:
        return None
    with edition.source.backend.location.failures_in_words():
        found = connection.raw_sql(query)
        rows = found.fetchall() if hasattr(found, "fetchall") else found.result_rows
        return shown(rows[0][0])
