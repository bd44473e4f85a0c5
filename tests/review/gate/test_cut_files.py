"""A file of the demo's data that was cut at a line's end, so that no reader can tell: the gate can."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest
from support.feeds import record_tables
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


@pytest.fixture
def findings(demo, tmp_path, monkeypatch):
    """What the gate finds in the demo's data, of which one table is a CSV file with a share of its lines."""
    monkeypatch.setenv(VARIABLE, "2026-11-23T12:00:00Z")

    def find(table: str = "", share: float = 1, earlier: tuple = (), *, is_shuffled: bool = False):
        folder = tmp_path / "cut"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(demo, folder)
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


@pytest.fixture
def seen_before(demo, monkeypatch) -> tuple:
    """What was observed for the edition of the week before, when the files were whole."""
    monkeypatch.setenv(VARIABLE, "2026-11-23T12:00:00Z")
    who = tenant(demo, time_zone="America/Bogota")
    when = parse_period("2026-W46", who, NOW)
    return (record_tables(demo, who, when)[OBSERVATIONS],)


@pytest.mark.parametrize("share", [0.25, 0.5, 0.75])
@pytest.mark.parametrize("table", TABLES)
def test_a_file_that_was_cut_is_noticed(findings, table, share):
    new = findings(table, share) - findings()
    assert {severity for severity, *_ in new} & {"hold", "review"}


@pytest.mark.parametrize("table", TABLES)
def test_a_file_in_no_order_that_was_cut_is_noticed_once_an_edition_was_made_of_it(
    findings, seen_before, table
):
    new = findings(table, 0.75, seen_before, is_shuffled=True) - findings(earlier=seen_before)
    assert {severity for severity, *_ in new} & {"hold", "review"}
    is_lost = ("hold", "lost rows", table) in {each[:3] for each in new}
    assert is_lost == (table not in ("users", "agents"))


def test_a_whole_file_has_lost_nothing_and_has_not_stopped(findings, seen_before):
    checks = {check for _, check, *_ in findings(earlier=seen_before)}
    assert not checks & {"lost rows", "stopped", "empty day"}
