"""That every engine gives the numbers of files: what is not shown here is not offered."""

import pytest
from support.engines import Fill, clickhouse, mysql, spark
from support.random_rows import CLOCK_CHANGE, assert_same_numbers, random_tables
from support.tables import assignment, edition_in, edition_of, message, session

from tidings.metrics.observations import observe
from tidings.periods.clock import VARIABLE
from tidings.sources.engines.table import ENGINES

ENGINES_HERE = {"clickhouse": clickhouse, "mysql": mysql, "pyspark": spark}
SHOWN_IN_TEST_DATABASE = {"duckdb", "postgres"}
SLOW = {"mysql", "pyspark"}

TWINS = ("ana", "Ana", "aná", "ana ", "ANA", "änä", "a_a", "a%")
"""Names that are one by some collations, and eight by their bytes."""


@pytest.fixture(
    scope="module",
    params=[pytest.param(name, marks=[pytest.mark.slow] * (name in SLOW)) for name in ENGINES_HERE],
)
def fill(request) -> Fill:
    with ENGINES_HERE[request.param]() as fill:
        yield fill


def twins() -> dict[str, list[dict]]:
    """Rows of ids and names that differ only in case, accent or a trailing blank, at the same instants."""
    minutes = [f"2026-10-25 00:{minute:02}:59.999999" for minute in range(8)]
    return {
        "messages": [
            message(at, user=name, thread=name, intent=name, language=language, assignment_id=name)
            for at in ("2026-10-18 21:59:59.999999", "2026-10-24 22:00:00", "2026-10-25 01:00:00.000001")
            for name in TWINS
            for language in ("nl", "en")
        ],
        "assignments": [
            assignment(
                name,
                "2026-10-25 00:00:00.000001",
                minutes[number],
                "2026-10-25 02:30:00.000002",
                conversation_id=name,
                user_id=name,
                agent_id=name,
                closing_reason=name,
                transferred_from=TWINS[number - 1] if number % 2 else None,
            )
            for number, name in enumerate(TWINS)
        ]
        + [assignment("lost", "2026-10-25 00:00:00", None, "2026-10-25 00:10:00", transferred_from="ANÁ")],
        "users": [
            {"user_id": name, "first_seen_at": message("2026-10-25 00:30:00")["sent_at"]} for name in TWINS
        ],
        "conversations": [
            {
                "conversation_id": name,
                "user_id": name,
                "started_at": message("2026-10-25 00:30:00")["sent_at"],
                "entry_point": name,
                "start_flow": name.upper(),
            }
            for name in TWINS
        ],
        "agents": [{"agent_id": name, "name": name} for name in TWINS],
        "agent_sessions": [session(name, "2026-10-24 23:00:00", "2026-10-25 03:00:00.5") for name in TWINS],
    }


@pytest.mark.parametrize("tables", [random_tables(seed=7), twins()], ids=["random", "twins"])
def test_every_number_is_the_same_as_on_files(fill, tables, tmp_path):
    files = edition_of(tmp_path, CLOCK_CHANGE, tables, time_zone="Europe/Amsterdam")
    there = edition_in(fill(tables), CLOCK_CHANGE, tmp_path, time_zone="Europe/Amsterdam")
    assert_same_numbers(files, there)


def test_what_is_observed_is_the_same_as_on_files(fill, tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, "2026-10-26T12:00:00Z")
    tables = random_tables(seed=11)
    tables["messages"] += [message("2026-10-20 09:00", assignment_id="7.0") for _ in range(2)]
    tables["assignments"] += [assignment("7", "2026-10-20 08:00")]
    files = observe(edition_of(tmp_path, CLOCK_CHANGE, tables, time_zone="Europe/Amsterdam"))
    there = observe(edition_in(fill(tables), CLOCK_CHANGE, tmp_path, time_zone="Europe/Amsterdam"))
    looked_up_for_nothing = ("days", "silences", "since", "first")
    for key in files.keys() - looked_up_for_nothing:
        assert there[key] == files[key], key


def test_no_row_of_another_tenant_is_read(fill, tmp_path):
    stored = ["acme", "acme ", "ACME", "äcme", "", "%", None]
    rows = [message("2026-10-20 09:00", tenant_id=who) for who in stored]
    url = fill({"messages": rows})
    edition = edition_in(url, CLOCK_CHANGE, tmp_path, services=["activity"], tenant_column=True)
    assert list(edition.fetch(edition.rows("messages"))["message_id"]) == [rows[0]["message_id"]]


def test_only_engines_that_are_tested_here_are_offered():
    offered = {engine.name for engine in ENGINES.values() if engine.is_equal}
    assert offered == SHOWN_IN_TEST_DATABASE | ENGINES_HERE.keys()
