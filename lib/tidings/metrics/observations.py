"""What is looked up in an edition's source so that it can be judged: few cheap queries, no judgement."""

from datetime import date, datetime, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from tidings.metrics.days import local_day, utc, within
from tidings.metrics.edition import Edition, check_table
from tidings.metrics.outline import ask
from tidings.metrics.scope import Scope
from tidings.periods.period import Period
from tidings.sources.checks import runs_backwards
from tidings.sources.contract import TABLES, Window
from tidings.sources.references import (
    REFERENCES,
    Cause,
    Reference,
    Unmatched,
    explain_unmatched,
    find_lost,
)

OBSERVATIONS = "gate.observations"
"""The name under which they are recorded."""

COUNTED = ("messages", "conversations", "assignments")
"""The tables whose rows are counted day by day."""

PERIODS_BEFORE = 8

FREE = frozenset({"", "file", "duckdb", "postgres", "postgresql", "mysql", "mariadb"})
"""Kinds of sources that do not bill for what a query reads: only of them earlier periods are looked up."""

_MANY = 500_000
_SAMPLED_SECONDS = 6
_SURE_TO_DIFFER = 20  # rows in as many minutes: that chance repeats each of them is out of the question


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
    - ``backwards``: ends before what is ``earlier``; ``promises``: conversations and assignments, by
      ``kind``, without a message; ``references``: ids that no row of the table ``target`` has, with the
      likely ``cause`` or null. Of each the ``table`` and ``column``; the ``rows`` of the period that have
      one, and how many are ``wrong``; an id as an ``example``; but for references, the same of the rows
      ``before``. Only what is wrong somewhere is there.

    Raises
    ------
    SourceError
        The engine cannot answer.
    """
    read_at = edition.read_at
    begin = edition.cached(_begin)
    events = ask(edition, _events)
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
        "empty": _empty(edition, seen),
        **_alike(edition, events, days),
        "backwards": _look_for_backwards(edition),
        "promises": _look_for_promises(edition),
        "references": _look_for_references(edition),
    }


def prepare(edition: Edition) -> None:
    """Have the queries of ``observe`` compiled, of an edition whose source has every table."""
    for query, *arguments in ((_events,), (_promises,), (_count_alike, ()), (_lost, tuple(REFERENCES))):
        ask(edition, query, *arguments)


def _begin(edition: Edition) -> date:
    """The first day of which rows are looked up."""
    before = edition.period.previous()
    if edition.source.backend.location.scheme not in FREE:
        return before.first
    for _ in range(PERIODS_BEFORE - 1):
        before = before.previous()
    return min(before.first, edition.period.first - timedelta(days=7 * PERIODS_BEFORE))


def _looked_up(edition: Edition) -> Period:
    """The days of which rows are looked up: until the data are read, if that is after the period."""
    zone = edition.period.zone
    until = max(edition.period.last, edition.read_at.astimezone(zone).date())
    return Period("", edition.cached(_begin), until, zone)


def _read_at(edition: Edition) -> datetime:
    return edition.read_at


def instants(edition: Edition, table: str) -> ir.Table:
    """When a table's rows happened, of at least the days that are looked up."""
    span, column = edition.cached(_looked_up), TABLES[table].happened_at
    return edition.source.rows(table, Window(span.first, span.last), only=column).select(column)


def _events(edition: Scope) -> ir.Table:
    """Rows of every table with instants, by table, local day and hour: first, last, rows."""
    span = edition.stretch(_looked_up)
    parts = []
    for name, table in TABLES.items():
        if table.happened_at and name != "users" and edition.has(name):
            rows = edition.relation(instants, name)
            at = rows[table.happened_at]
            inside = rows.filter(within(at, span) & (at <= utc(edition.instant(_read_at))))
            parts.append(inside.select(table=ibis.literal(name), at=at))
    events = ibis.union(*parts)
    keys = {"table": events.table, "day": local_day(events.at, span), "hour": events.at.truncate("h")}
    return events.group_by(**keys).aggregate(first=events.at.min(), last=events.at.max(), rows=events.count())


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


def _empty(edition: Edition, seen: set[str]) -> list[str]:
    """Tables that are there without a row: those with one near the period are not looked at again."""
    there = [name for name in TABLES if edition.has(name)]
    names = [name for name in there if name not in seen and not edition.cached(check_table, name)["rows"]]
    if not names:
        return []
    found = edition.fetch(
        ibis.union(*(edition.history(name).limit(1).select(table=ibis.literal(name)) for name in names))
    )
    return [name for name in names if name not in set(found["table"])]


def _look_for_backwards(edition: Edition) -> list[dict[str, Any]]:
    """Rows of which an end is before its beginning: counted when they were held against the contract."""
    faults = []
    for table in TABLES.values():
        for earlier, later in table.ordered if edition.has(table.name) else ():
            counts = edition.cached(check_table, table.name)
            wrong, wrong_now = counts[f"{earlier} {later}"], counts[f"{earlier} {later} now"]
            if not wrong:
                continue
            fault: dict[str, Any] = {"table": table.name, "column": later, "earlier": earlier}
            fault |= {"rows": counts["now"], "wrong": wrong_now}
            fault |= {"before": {"rows": counts["rows"] - counts["now"], "wrong": wrong - wrong_now}}
            rows = edition.rows_near(table.name)
            bad = rows.filter(runs_backwards(rows[earlier], rows[later]))
            newest = bad.order_by([ibis.desc(table.happened_at), table.key]).select(table.key).limit(1)
            faults.append(fault | {"example": edition.fetch(newest)[table.key][0]})
    return faults


def _look_for_promises(edition: Edition) -> list[dict[str, Any]]:
    """Conversations and assignments, in both periods, of which no message was written."""
    if not edition.has("messages") or not (edition.has("conversations") or edition.has("assignments")):
        return []
    found = ask(edition, _promises).to_dict("records")
    counted = {(each["table"], each["kind"], each["is_now"]): each for each in found}
    faults = []
    for table, kind in sorted({(table, kind) for table, kind, is_now in counted if is_now}):
        now, before = counted[table, kind, True], counted.get((table, kind, False))
        if now["wrong"]:
            fault = {"table": table, "column": TABLES[table].key, "kind": kind, "example": now["example"]}
            fault |= {name: now[name] for name in ("rows", "wrong")}
            faults.append(
                fault | {"before": {name: before[name] if before else 0 for name in ("rows", "wrong")}}
            )
    return faults


def _promises(edition: Scope) -> ir.Table:
    """By ``table``, ``kind`` and ``is_now``: ``rows``, how many are ``wrong``, and an ``example``."""
    messages = edition.rows_of_both("messages")
    promised, written = [], []
    for name in filter(edition.has, ("conversations", "assignments")):
        rows, key = edition.rows_of_both(name), TABLES[name].key
        kind = ibis.literal("started")
        if name == "assignments":
            kind = rows.answered_at.notnull().ifelse("answered", "unanswered")
        promised.append(rows.select("is_now", table=ibis.literal(name), kind=kind, id=key))
        written.append(messages.select(table=ibis.literal(name), id=key))
    rows, known = ibis.union(*promised), ibis.union(*written).distinct()
    beside = rows.left_join(known, ["table", "id"])
    lacks = beside.id_right.isnull()
    return beside.group_by(["table", "kind", "is_now"]).aggregate(
        rows=beside.count(), wrong=beside.count(where=lacks), example=beside.id.min(where=lacks)
    )


def _look_for_references(edition: Edition) -> list[dict[str, Any]]:
    """The ids of the period's rows that no row has, with what was likely done to them."""

    there = tuple(each for each in REFERENCES if edition.has(each.table) and edition.has(each.to))
    lost = ask(edition, _lost, there) if there else pd.DataFrame()
    if lost.empty:
        return []
    unmatched = explain_unmatched(lost, edition.rows, lambda name: ids(edition, name), edition.fetch)
    return [
        {
            "table": each.reference.table,
            "column": each.reference.column,
            "target": each.reference.to,
            "rows": each.rows,
            "wrong": each.unmatched,
            "example": each.example or each.examples[0],
            "cause": each.cause and _say_cause(each, each.cause),
        }
        for each in unmatched
    ]


def ids(edition: Edition, table: str) -> ir.Table:
    """The keys of all the tenant's rows of a table, whenever they happened."""
    key = TABLES[table].key
    return edition.source.rows(table, only=key).select(key)


def _lost(edition: Scope, references: tuple[Reference, ...]) -> ir.Table:
    return find_lost(references, edition.rows, lambda table: edition.relation(ids, table))


def _say_cause(lost: Unmatched, cause: Cause) -> str:
    beside = f" for {lost.like!r}" if lost.like else ""
    return f"{cause.what} ({lost.example!r}{beside}): {cause.remedy}"


def _alike(edition: Edition, events: pd.DataFrame, days: dict[str, dict[str, int]]) -> dict[str, Any]:
    """Rows of each day of the period, and those that are like another one in all columns but the ids.

    Of messages only those that people wrote are compared: a bot may well say two things in a second.
    Instants are compared by the second, since what is loaded twice may be rounded on the way. Where they are
    whole minutes, people may do the same twice in one of them: then rows are alike only on days on which none
    of many is there once. Of very many rows those of a few seconds of each minute are looked at: rows that
    are alike are of the same second.
    """
    alike: dict[str, dict[str, dict[str, int]]] = {}
    spoken = None
    sampled = tuple(name for name in COUNTED if sum(days.get(name, {}).values()) > _MANY)
    counted = ask(edition, _count_alike, sampled)
    for table, by_day in counted.groupby("table"):
        if table == "messages":
            inside = events[(events["table"] == table) & within(events["first"], edition.period)]
            spoken = {
                "first": _iso(inside["first"].min()),
                "last": _iso(inside["last"].max()),
                "incoming": int(by_day["incoming"].sum()),
                "of_others": int(by_day["of_others"].sum()),
            }
        is_repeated = (by_day["once"] == 0) & (by_day["different"] >= _SURE_TO_DIFFER)
        repeated = by_day["rows"] - by_day["different"]
        repeated = repeated.where(is_repeated | (by_day["of_a_second"].sum() > 0), 0)
        alike[str(table)] = {
            f"{day:%Y-%m-%d}": {"rows": int(rows), "alike": int(count)}
            for day, rows, count in zip(by_day["day"], by_day["rows"], repeated, strict=True)
        }
    return {"alike": alike, "spoken": spoken}


def _count_alike(edition: Scope, sampled: tuple[str, ...]) -> ir.Table:
    return ibis.union(
        *(_count_alike_of(edition, name, is_sample=name in sampled) for name in COUNTED if edition.has(name))
    )


def _count_alike_of(edition: Scope, name: str, *, is_sample: bool) -> ir.Table:
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
        once=groups.count(where=by_hand & (groups.rows == 1)),
        of_a_second=groups.count(where=groups["at"] != groups["at"].truncate("m")),
        incoming=groups.rows.sum(where=incoming).fill_null(0),
        of_others=groups.rows.sum(where=of_others).fill_null(0),
    )


def _iso(instant: datetime | None) -> str | None:
    return None if pd.isna(instant) else f"{instant.isoformat()}+00:00"
