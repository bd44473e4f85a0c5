"""A file of the demo's data that was cut at a line's end, so that no reader can tell: the gate can."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path

import pandas as pd
import pytest
from support.feeds import record_tables
from support.quick import slow_but
from support.tables import tenant

from tidings.demo.settings import DemoSettings
from tidings.demo.write import write_demo_data
from tidings.metrics.observations import OBSERVATIONS
from tidings.periods.clock import VARIABLE
from tidings.periods.period import parse_period
from tidings.review.gate import Evidence, judge

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TABLES = ("messages", "conversations", "assignments", "users", "agent_sessions", "agents")


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "data"
    write_demo_data(folder, DemoSettings(end=date(2026, 11, 23), messages=20_000))
    return folder


@pytest.fixture(scope="module", autouse=True)
def _now() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, "2026-11-23T12:00:00Z")
        yield


@pytest.fixture(scope="module")
def findings(demo, tmp_path_factory) -> Callable[..., set]:
    """What the gate finds in the demo's data, of which one table is a CSV file with a share of its lines."""

    def find(table: str = "", share: float = 1, earlier: tuple = (), *, is_shuffled: bool = False):
        folder = tmp_path_factory.mktemp("cut")
        shutil.copytree(demo, folder, dirs_exist_ok=True)
        if table:
            rows = pd.read_parquet(folder / f"{table}.parquet")
            rows = rows.sample(frac=1, random_state=1) if is_shuffled else rows
            rows.head(int(len(rows) * share)).to_csv(folder / f"{table}.csv", index=False)
            (folder / f"{table}.parquet").unlink()
        who = tenant(folder, time_zone="America/Bogota")
        when = parse_period("2026-W47", who, NOW)
        found = judge(Evidence(who, when, record_tables(folder, who, when), earlier, NOW)).findings
        return {(each.severity.word, each.check, each.table, each.sentence) for each in found}

    return find


@pytest.fixture(scope="module")
def seen_before(demo) -> tuple:
    """What was observed for the edition of the week before, when the files were whole."""
    who = tenant(demo, time_zone="America/Bogota")
    when = parse_period("2026-W46", who, NOW)
    return (record_tables(demo, who, when)[OBSERVATIONS],)


@pytest.fixture(scope="module")
def found_first(findings) -> set:
    """What is found where no file was cut, in a first edition."""
    return findings()


@pytest.fixture(scope="module")
def found_whole(findings, seen_before) -> set:
    """What is found where no file was cut, after an edition of the week before."""
    return findings(earlier=seen_before)


@pytest.mark.parametrize(
    ("table", "share"),
    slow_but(
        [("messages", 0.75), ("conversations", 0.5), ("assignments", 0.25), ("users", 0.75)],
        product(TABLES, [0.25, 0.5, 0.75]),
    ),
)
def test_a_file_that_was_cut_is_noticed(findings, found_first, table, share):
    new = findings(table, share) - found_first
    assert {severity for severity, *_ in new} & {"hold", "review"}


@pytest.mark.parametrize("table", slow_but(["messages", "users"], TABLES))
def test_a_file_in_no_order_that_was_cut_is_noticed_once_an_edition_was_made_of_it(
    findings, seen_before, found_whole, table
):
    new = findings(table, 0.75, seen_before, is_shuffled=True) - found_whole
    assert {severity for severity, *_ in new} & {"hold", "review"}
    is_lost = ("hold", "lost rows", table) in {each[:3] for each in new}
    assert is_lost == (table not in ("users", "agents"))


def test_a_whole_file_has_lost_nothing_and_has_not_stopped(found_whole):
    checks = {check for _, check, *_ in found_whole}
    assert not checks & {"lost rows", "stopped", "empty day"}
