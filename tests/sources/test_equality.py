"""That every engine gives the numbers of files: what is not shown here is not offered."""

import pytest
from support.engines import ENGINES as TESTED
from support.engines import Fill
from support.random_rows import CLOCK_CHANGE, assert_same_numbers, random_tables, twins
from support.tables import assignment, edition_in, edition_of, message

from tidings.metrics.observations import observe
from tidings.periods.clock import VARIABLE
from tidings.sources.engines.table import ENGINES

SLOW = {"mysql", "pyspark"}


@pytest.fixture(
    scope="module",
    params=[pytest.param(name, marks=[pytest.mark.slow] * (name in SLOW)) for name in TESTED],
)
def fill(request) -> Fill:
    with TESTED[request.param]() as fill:
        yield fill


@pytest.mark.parametrize(
    "tables",
    [random_tables(seed=7), pytest.param(twins(), marks=pytest.mark.slow)],
    ids=["random", "twins"],
)
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
    assert offered == {"duckdb"} | TESTED.keys()  # it reads the files
