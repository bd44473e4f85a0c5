"""Queries kept for many editions: each gives what the same query gives that is compiled for one alone."""

from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import ibis
import pytest
from pandas.testing import assert_frame_equal
from support.quick import slow_but
from support.random_rows import random_tables
from support.tables import at, edition_in, edition_of, message, session, write_tables

from tidings.demo import DemoSettings, write_demo_data
from tidings.metrics import METRICS, outline
from tidings.metrics.edition import Edition
from tidings.metrics.expressions.messages import messages_by_day, users_who_wrote
from tidings.metrics.metric import expressions_of
from tidings.metrics.observations import observe
from tidings.metrics.outline import ask
from tidings.metrics.results import edition_results
from tidings.metrics.scope import Scope
from tidings.sources.source import Source

EXPRESSIONS = tuple(dict.fromkeys(each for compute in METRICS for each in expressions_of(compute)))
# Clocks go back or forward in these zones in the weeks of the data: in Casablanca twice, in Lord Howe by half
# an hour, in Kolkata never.
ZONES = (
    "UTC",
    "Europe/Madrid",
    "America/New_York",
    "Africa/Casablanca",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
)
PERIODS = (
    "2026-W13",
    "2026-W14",
    "2026-03a",
    "2026-03",
    "2026-02..2026-03",
    "2026-03-29",
    "2026-03-20..2026-03-30",
)
READ_AT = datetime(2026, 4, 20, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def shared(tmp_path_factory) -> Path:
    """The data of four tenants that share their tables, from January to April."""
    folder = tmp_path_factory.mktemp("shared")
    write_demo_data(folder, DemoSettings(end=date(2026, 4, 20), messages=9_000, weeks=16, tenants=4))
    return folder


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    monkeypatch.setattr(outline, "KEPT", {})


def rows(frame):
    """A frame's rows in an order of their own: a query gives them in any."""
    return frame.sort_values(list(frame.columns), ignore_index=True)


def assert_asked_as_fetched(edition: Edition, queries=EXPRESSIONS) -> None:
    """Every query gives the same, kept or compiled for this edition alone."""
    for query in queries:
        build = query.__wrapped__
        assert_frame_equal(rows(ask(edition, build)), rows(edition.fetch(build(edition))))


def recorded(edition: Edition) -> list:
    return [
        [
            (each.metric.name, repr(each.value), repr(each.previous), each.notes, each.by_day)
            for each in edition_results(edition)
        ],
        observe(edition),
    ]


def tenants_of(shared: Path, period: str, zone: str, tenants=(1, 2, 4)) -> list[Edition]:
    keys = {"tenant_column": True, "time_zone": zone, "gate": {}}
    return [
        edition_in(shared, period, shared, READ_AT, id=f"tenant-{number:04}", **keys) for number in tenants
    ]


@pytest.mark.parametrize("zone", slow_but(["Europe/Madrid"], ["Europe/Madrid", "Africa/Casablanca"]))
def test_what_is_kept_of_one_tenant_gives_the_numbers_of_the_next(shared, zone):
    for edition in tenants_of(shared, "2026-W13", zone):
        assert_asked_as_fetched(edition)


@pytest.mark.slow
@pytest.mark.parametrize("period", PERIODS)
def test_tenants_of_all_zones_have_their_own_numbers_by_the_same_queries(shared, period, monkeypatch):
    editions = [edition for zone in ZONES for edition in tenants_of(shared, period, zone)]
    for edition in editions:
        assert_asked_as_fetched(edition)
    found = [recorded(edition) for edition in editions]
    monkeypatch.setattr(Source, "takes_parameters", False)
    again = [recorded(edition) for zone in ZONES for edition in tenants_of(shared, period, zone)]
    assert found == again


@pytest.mark.parametrize("seed", slow_but([0], range(3)))
def test_rows_of_every_kind_are_counted_alike(tmp_path, seed):
    edition = edition_of(tmp_path, "2026-W43", random_tables(seed), time_zone="Europe/Amsterdam")
    assert_asked_as_fetched(edition)
    assert_asked_as_fetched(edition.previous)


def test_tenants_that_differ_in_words_or_tables_do_not_get_each_others_queries(tmp_path, monkeypatch):
    noon, week = "2026-11-10 12:00:00", "2026-W46"
    begun = {"conversations": [{"conversation_id": "c1", "user_id": "u1", "started_at": at(noon)}]}
    running = {"agent_sessions": [session("a1", noon), session("a1", noon, "2026-11-10 14:00:00")]}
    own = [
        ({"messages": [message(noon, language="english", intent="none")]} | begun, {}),
        (
            {"messages": [message(noon, language="español", intent="none")]} | begun,
            {"fallback_intents": ["none"]},
        ),
        ({"messages": [message(noon, language="english")], "assignments": None}, {"services": ["activity"]}),
        ({"messages": [message(noon)], "users": [{"user_id": "u1", "first_seen_at": at(noon)}]}, {}),
        ({"messages": [message(noon)]} | running, {}),
        ({"messages": [message(noon)], "agent_sessions": [session("a1", noon, "2026-11-11 00:30:00")]}, {}),
    ]

    def numbers() -> list:
        return [
            recorded(edition_of(tmp_path / str(number), week, tables, **keys))
            for number, (tables, keys) in enumerate(own)
        ]

    kept = numbers()
    monkeypatch.setattr(Source, "takes_parameters", False)
    assert kept == numbers()


def test_no_text_holds_a_tenant_or_an_instant(shared):
    first, second = tenants_of(shared, "2026-W13", "Europe/Madrid", (1, 2))
    recorded(first)
    texts = [kept.query.sql for query in outline.KEPT.values() for kept in query]
    assert texts
    assert not [text for text in texts if "tenant" in text or "TIMESTAMP" in text.replace("AS TIMESTAMP", "")]
    recorded(second)
    assert [kept.query.sql for query in outline.KEPT.values() for kept in query] == texts


def test_what_an_edition_is_not_asked_for_is_not_part_of_the_query(tmp_path):
    def count(scope: Scope) -> ibis.Table:
        return scope.rows("messages").aggregate(messages=ibis._.count())

    small = edition_of(tmp_path / "small", "2026-W46", {"messages": [message("2026-11-10")]})
    large = edition_of(
        tmp_path / "large",
        "2026-10",
        {"messages": [message("2026-10-01"), message("2026-10-31 23:59:59")]},
        time_zone="Asia/Kolkata",
    )
    assert [int(ask(each, count)["messages"][0]) for each in (small, large)] == [1, 1]
    assert len(outline.KEPT[count,]) == 1


def test_a_tenant_without_any_partition_of_the_period_has_no_rows(tmp_path):
    rows = {"messages": [message("2026-01-10", message_id="m1")], "assignments": []}
    folder = write_tables(tmp_path / "data", **rows)
    place = folder / "messages" / "tenant_id=acme" / "date=2026-01-10"
    place.mkdir(parents=True)
    (folder / "messages.parquet").rename(place / "a.parquet")
    edition = edition_in(folder, "2026-W46", tmp_path)
    assert_asked_as_fetched(edition, (messages_by_day, users_who_wrote))
    assert observe(edition)["days"] == {}


def test_columns_that_the_contract_does_not_know_are_left_out(tmp_path):
    folder = write_tables(tmp_path / "data", messages=[message("2026-11-10")], assignments=[])
    duckdb.sql(f"SELECT *, 7 AS day, 8 AS is_now FROM '{folder}/messages.parquet'").write_parquet(
        str(folder / "more.parquet")
    )
    (folder / "more.parquet").rename(folder / "messages.parquet")
    edition = edition_in(folder, "2026-W46", tmp_path)
    stored = edition.source.execute(edition.source.as_relation(edition.rows_near("messages")))
    assert list(stored) == list(edition.rows_near("messages").columns)
    columns = edition.source.backend.connection.con.sql(f"FROM {edition.rows_near('messages').get_name()}")
    assert columns.columns == list(edition.rows_near("messages").columns)
    assert_asked_as_fetched(edition, (messages_by_day, users_who_wrote))
