"""What is looked up in an edition's source so that it can be judged: few cheap queries, no judgement."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from tidings.metrics.days import local_day, utc, within
from tidings.metrics.edition import Edition
from tidings.periods import clock
from tidings.periods.period import Period
from tidings.sources.contract import TABLES, Window
from tidings.sources.references import Cause, Unmatched, find_unmatched

OBSERVATIONS = "gate.observations"
"""The name under which they are recorded."""

COUNTED = ("messages", "conversations", "assignments")
"""The tables whose rows are counted day by day."""

PERIODS_BEFORE = 8

FREE = frozenset({"", "file", "duckdb", "postgres", "postgresql"})
"""Kinds of sources that do not bill for what a query reads: only of them earlier periods are looked up."""

SKEW = timedelta(seconds=5)
"""By how much two clocks may differ: an end that is as little before its beginning is as good as at it."""

AHEAD = timedelta(hours=1)
"""By how much a source's clock may be ahead of ours."""

_MANY = 500_000
_SAMPLED_SECONDS = 6


def observe(edition: Edition) -> dict[str, Any]:
    """What the source says of an edition's period and of those before it.

    Rows are looked up of the period and of the one before; those of the last eight periods, and of eight
    weeks, are counted by day where a query costs nothing. Instants are ISO 8601 in UTC; days are the
    tenant's local days. The keys:

    - ``read_at``: when the data were read; ``watermark``: until when the source says it is complete, or null.
    - ``newest``, ``first``: the newest and the first instant of any table that was read; null without rows.
    - ``since``, ``until``: the first and the last day of which rows were counted.
    - ``days``: by table, the rows of each of those days that has any.
    - ``silences``: hours of the longest time from one row to the next, one for each whole period before.
    - ``empty``: tables that are there and have no row of the tenant.
    - ``alike``: by table and day, ``rows`` and how many of them are like another but for their ids.
    - ``spoken``: of the period's messages the ``first`` and the ``last``, how many are ``incoming``, and how
      many of these are ``of_others`` than the user; null without messages.
    - ``future``: ends after ``read_at``; ``backwards``: ends before what is ``earlier``; ``promises``:
      conversations and assignments, by ``kind``, without a message; ``references``: ids that no row of the
      table ``target`` has, with the likely ``cause`` or null. Of each the ``table`` and ``column``; the
      ``rows`` of the period that have one, and how many are ``wrong``; an id as an ``example``; but for
      references, the same of the period ``before``. Only what is wrong somewhere is there.

    Raises
    ------
    SourceError
        The engine cannot answer.
    """
    read_at = clock.now()
    begin = _begin(edition)
    events = _events(edition, begin, read_at)
    seen = set(events["table"])
    watermark = edition.source.watermark()
    days = _days(events, edition.period)
    return {
        "read_at": read_at.isoformat(),
        "watermark": watermark and _iso(watermark),
        "newest": _iso(events["last"].max()),
        "first": _iso(events["first"].min()),
        "since": begin.isoformat(),
        "until": min(edition.period.last, read_at.astimezone(edition.period.zone).date()).isoformat(),
        "days": days,
        "silences": _silences(events, edition.period, begin),
        "empty": _empty(edition, [name for name in TABLES if edition.has(name) and name not in seen]),
        **_alike(edition, events, days),
        **_look_for_faults(edition, read_at),
        "references": _look_for_references(edition),
    }


def _begin(edition: Edition) -> date:
    """The first day of which rows are looked up."""
    before = edition.period.previous()
    if edition.source.backend.location.scheme not in FREE:
        return before.first
    for _ in range(PERIODS_BEFORE - 1):
        before = before.previous()
    return min(before.first, edition.period.first - timedelta(days=7 * PERIODS_BEFORE))


def _events(edition: Edition, begin: date, read_at: datetime) -> pd.DataFrame:
    """Rows of every table with instants, by table, local day and hour: first, last, rows."""
    zone = edition.period.zone
    until = max(edition.period.last, read_at.astimezone(zone).date())
    span = Period("", begin, until, zone)
    parts = []
    for name, table in TABLES.items():
        if table.happened_at and name != "users" and edition.has(name):
            rows = edition.source.rows(name, Window(begin, until))
            at = rows[table.happened_at]
            inside = rows.filter(within(at, span) & (at <= utc(read_at)))
            parts.append(inside.select(table=ibis.literal(name), at=at))
    events = ibis.union(*parts) if len(parts) > 1 else parts[0]
    keys = {"table": events.table, "day": local_day(events.at, span), "hour": events.at.truncate("h")}
    counted = events.group_by(**keys).aggregate(
        first=events.at.min(), last=events.at.max(), rows=events.count()
    )
    return edition.fetch(counted)


def _days(events: pd.DataFrame, period: Period) -> dict[str, dict[str, int]]:
    inside = events[events["day"] <= pd.Timestamp(period.last)]
    counts = inside.groupby(["table", "day"])["rows"].sum()
    return {
        table: {f"{day:%Y-%m-%d}": int(rows) for day, rows in counts[table].items()}
        for table in COUNTED
        if table in counts
    }


def _silences(events: pd.DataFrame, period: Period, begin: date) -> list[float]:
    """Of each whole period before, newest first: the longest time from one row to the next, in hours."""
    before = events[events["last"] < utc(period.start)]
    hours = before.groupby("hour").agg(first=("first", "min"), last=("last", "max")).sort_index()
    if hours.empty:
        return []
    gaps = (hours["first"].shift(-1) - hours["last"]).dt.total_seconds() / 3600
    first_day = hours["first"].iloc[0] - timedelta(days=1)
    found = []
    for _ in range(PERIODS_BEFORE):
        period = period.previous()
        inside = gaps[within(hours["last"], period)].dropna()
        if period.first >= begin and utc(period.start) >= first_day and len(inside):
            found.append(round(float(inside.max()), 2))
    return found


def _empty(edition: Edition, names: list[str]) -> list[str]:
    parts = [edition.history(name).limit(1).select(table=ibis.literal(name)) for name in names]
    if not parts:
        return []
    found = edition.fetch(ibis.union(*parts) if len(parts) > 1 else parts[0])
    return [name for name in names if name not in set(found["table"])]


@dataclass(frozen=True)
class _Mark:
    """Something that may be wrong with rows of a table."""

    what: str
    column: str
    wrong: ir.BooleanValue
    among: ir.BooleanValue | None = None
    about: dict[str, str] = field(default_factory=dict)


def _marks(edition: Edition, name: str, rows: ir.Table, read_at: datetime) -> Iterator[_Mark]:
    """What is looked for in a table's rows."""
    table = TABLES[name]
    skew = ibis.interval(seconds=int(SKEW.total_seconds()))
    for later in dict.fromkeys(later for _, later in table.ordered):
        yield _Mark("future", later, rows[later] > utc(read_at + AHEAD))
    for earlier, later in table.ordered:
        yield _Mark("backwards", later, rows[later] < rows[earlier] - skew, about={"earlier": earlier})
    if name in ("conversations", "assignments") and edition.has("messages"):
        written = edition.rows_of_both("messages")[table.key]
        lacks = rows[table.key].notin(written.as_table().filter(written.notnull())[table.key])
        if name == "conversations":
            yield _Mark("promises", table.key, lacks, about={"kind": "started"})
        else:
            for kind, among in (
                ("answered", rows.answered_at.notnull()),
                ("unanswered", rows.answered_at.isnull()),
            ):
                yield _Mark("promises", table.key, lacks & among, among, {"kind": kind})


def _look_for_faults(edition: Edition, read_at: datetime) -> dict[str, list[dict[str, Any]]]:
    """All that is marked, table by table, in one query each; an example of what is wrong in another."""
    found: dict[str, list[dict[str, Any]]] = {"future": [], "backwards": [], "promises": []}
    for name, table in TABLES.items():
        if not table.happened_at or not edition.has(name):
            continue
        rows = edition.rows_of_both(name)
        marks = list(_marks(edition, name, rows, read_at))
        if not marks:
            continue
        counts = {f"wrong_{n}": rows.count(where=mark.wrong) for n, mark in enumerate(marks)}
        counts |= {f"rows_{n}": rows.count(where=mark.among) for n, mark in enumerate(marks)}
        fetched = edition.fetch(rows.group_by("is_now").aggregate(**counts)).set_index("is_now")
        counted: dict[Any, Any] = fetched.reindex([True, False], fill_value=0).to_dict("index")
        for n, mark in enumerate(marks):
            now, before = (
                {count: int(counted[is_now][f"{count}_{n}"]) for count in ("rows", "wrong")}
                for is_now in (True, False)
            )
            if not now["wrong"] and not (before["wrong"] and mark.what in ("future", "backwards")):
                continue
            fault = {"table": name, "column": mark.column, **mark.about, **now, "before": before}
            wrong = rows.filter(mark.wrong).select(table.key, when=rows[table.happened_at])
            newest = wrong.order_by([ibis.desc("when"), table.key]).limit(1)
            found[mark.what].append(fault | {"example": edition.fetch(newest)[table.key][0]})
    return found


def _look_for_references(edition: Edition) -> list[dict[str, Any]]:
    """The ids of the period's rows that no row has, with what was likely done to them."""
    return [
        {
            "table": lost.reference.table,
            "column": lost.reference.column,
            "target": lost.reference.to,
            "rows": lost.rows,
            "wrong": lost.unmatched,
            "example": lost.example or lost.examples[0],
            "cause": lost.cause and _say_cause(lost, lost.cause),
        }
        for lost in find_unmatched(edition.rows, edition.history, edition.has, edition.fetch)
    ]


def _say_cause(lost: Unmatched, cause: Cause) -> str:
    beside = f" for {lost.like!r}" if lost.like else ""
    return f"{cause.what} ({lost.example!r}{beside}): {cause.remedy}"


def _alike(edition: Edition, events: pd.DataFrame, days: dict[str, dict[str, int]]) -> dict[str, Any]:
    """Rows of each day of the period, and those that are like another one in all columns but the ids.

    Of messages only those that people wrote are compared: a bot may well say two things in a second.
    Instants are compared by the second, since what is loaded twice may be rounded on the way; a table whose
    instants are whole minutes is left out, as in a minute people may do the same twice. Of very many
    rows those of a few seconds of each minute are looked at: rows that are alike are of the same second.
    """
    alike: dict[str, dict[str, dict[str, int]]] = {}
    spoken = None
    parts = [
        _count_alike(edition, name, is_sample=sum(days.get(name, {}).values()) > _MANY)
        for name in COUNTED
        if edition.has(name)
    ]
    counted = edition.fetch(ibis.union(*parts) if len(parts) > 1 else parts[0])
    for table, by_day in counted.groupby("table"):
        if table == "messages":
            inside = events[(events["table"] == table) & within(events["first"], edition.period)]
            spoken = {
                "first": _iso(inside["first"].min()),
                "last": _iso(inside["last"].max()),
                "incoming": int(by_day["incoming"].sum()),
                "of_others": int(by_day["of_others"].sum()),
            }
        if by_day["of_a_second"].sum() > 0:
            alike[str(table)] = {
                f"{day:%Y-%m-%d}": {"rows": int(rows), "alike": int(rows - different)}
                for day, rows, different in zip(
                    by_day["day"], by_day["rows"], by_day["different"], strict=True
                )
            }
    return {"alike": alike, "spoken": spoken}


def _count_alike(edition: Edition, name: str, *, is_sample: bool) -> ir.Table:
    table = TABLES[name]
    rows = edition.rows(name)
    at = rows[table.happened_at]
    if is_sample:
        rows = rows.filter(at.second() < _SAMPLED_SECONDS)
    same = [column.name for column in table.columns if column.kind == "text"]
    same += [column for column in ("user_id", "agent_id") if column in rows.columns]
    ends = {later: rows[later].truncate("s") for _, later in table.ordered}
    groups = rows.group_by(
        at=at.truncate("s"), **ends, **{column: rows[column] for column in same}
    ).aggregate(rows=rows.count())
    by_hand, incoming, of_others = ibis.literal(True), ibis.literal(False), ibis.literal(False)
    if name == "messages":
        by_hand, incoming = groups.sender != "bot", groups.direction == "incoming"
        of_others = incoming & (groups.sender != "user")
    return groups.group_by(day=local_day(groups["at"], edition.period)).aggregate(
        table=ibis.literal(name),
        rows=groups.rows.sum(where=by_hand).fill_null(0),
        different=groups.count(where=by_hand),
        of_a_second=groups.count(where=groups["at"] != groups["at"].truncate("m")),
        incoming=groups.rows.sum(where=incoming).fill_null(0),
        of_others=groups.rows.sum(where=of_others).fill_null(0),
    )


def _iso(instant: datetime | None) -> str | None:
    return None if pd.isna(instant) else f"{instant.isoformat()}+00:00"
