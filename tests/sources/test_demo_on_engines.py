"""That the demo gives the same numbers on ClickHouse and on Spark, filled as the documentation says."""

import re
from datetime import date
from pathlib import Path

import pytest
from support.engines import clickhouse_client, spark_session
from support.random_rows import assert_same_numbers
from support.tables import edition_in

from tidings.demo import DemoSettings, write_demo_data
from tidings.sources.contract import TABLES

DOCUMENTED = Path(__file__).parents[2] / "docs" / "databases.md"
PERIOD = "2026-W46"


def statements(engine: str, folder: Path) -> list[str]:
    """The documented statement for an engine, for each of the tables in a folder."""
    [statement] = re.findall(
        f"^CREATE TABLE messages {engine}.*;$", DOCUMENTED.read_text("utf-8"), re.MULTILINE
    )
    placed = statement.rstrip(";").replace("data/demo", str(folder))
    return [placed.replace("messages", name) for name in TABLES]


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("data") / "demo"
    write_demo_data(folder, DemoSettings(end=date(2026, 11, 16), messages=3_000, weeks=3))
    return folder


@pytest.mark.slow
def test_the_demo_on_clickhouse_is_the_demo(demo):
    with clickhouse_client() as (client, folder):
        client.command("DROP DATABASE IF EXISTS demo")
        client.command("CREATE DATABASE demo")
        client.command("USE demo")
        for statement in statements("ENGINE", demo):
            client.command(statement)
        there = edition_in(f"clickhouse://localhost/demo?interface=chdb&path={folder}", PERIOD, demo)
        assert_same_numbers(edition_in(demo, PERIOD, demo), there)


@pytest.mark.slow
def test_the_demo_on_spark_is_the_demo(demo, tmp_path):
    with spark_session(tmp_path) as session:
        for statement in statements("USING", demo):
            session.sql(statement)
        assert_same_numbers(edition_in(demo, PERIOD, demo), edition_in("pyspark://", PERIOD, demo))
