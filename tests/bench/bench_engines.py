"""Engines: one edition of the same data from Parquet, a DuckDB file, PostgreSQL and ClickHouse.

``PYTHONPATH=tests python -m bench.bench_engines --messages 1e5 1e6``. Each engine answers a process of its
own, in turns, and all must give the same numbers. PostgreSQL has the index of docs/databases.md; ClickHouse
runs inside the process, whose CPU seconds are its own.
"""

import argparse
import json
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median

import duckdb
import psutil
import psycopg
from bench.bench_large import DAYS, run_side, same_value, write_large
from bench.large_task import Task
from pgserver import get_server
from rich.console import Console
from rich.table import Table
from support.engines import clickhouse_client

from tidings.sources.contract import TABLES

KINDS = {"id": "text", "text": "text", "instant": "timestamp"}


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m bench.bench_engines", description=__doc__)
    options.add_argument("--messages", type=float, nargs="+", default=[1e5, 1e6], help="sizes of the data")
    options.add_argument("--runs", type=int, default=3, help="how often each engine is measured")
    chosen = options.parse_args()
    for messages in map(int, chosen.messages):
        with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
            _print(messages, _measure(messages, Path(folder), chosen.runs, stack))


def _measure(messages: int, folder: Path, runs: int, stack: ExitStack) -> dict[str, list[dict]]:
    """What each run of each engine cost; the numbers are compared and left out."""
    end = write_large(messages, folder)
    period = f"{end - timedelta(days=DAYS)}..{end - timedelta(days=1)}"
    data = folder / "data"
    postgres = stack.enter_context(_postgres(data))
    sources = {
        "Parquet": str(data),
        "DuckDB file": _duckdb(data, folder),
        "PostgreSQL": postgres.get_uri() + "&options=-c%20log_statement%3Dall",
        "ClickHouse": stack.enter_context(_clickhouse(data)),
    }
    found = defaultdict(list)
    for _ in range(runs):
        for engine, source in sources.items():
            cost = run_side("tidings", _task(folder, engine, source, period))
            cost |= _served(postgres) if engine == "PostgreSQL" else {}
            found[engine].append(cost)
    expected = found["Parquet"][0]["values"]
    for engine, costs in found.items():
        values = costs[0]["values"]
        assert values.keys() == expected.keys(), engine
        different = [name for name in expected if not same_value(values[name], expected[name])]
        assert not different, f"{engine} and Parquet differ in {', '.join(different)}"
    return found


def _task(folder: Path, engine: str, source: str, period: str) -> Path:
    """The task of an edition of a source, as a file."""
    parameters = folder / engine
    parameters.mkdir(exist_ok=True)
    about = json.loads((folder / "large.yaml").read_text()) | {"source": source}
    (parameters / "large.yaml").write_text(json.dumps(about))
    Task(str(folder / "data"), str(parameters), period, checks=True).write(parameters / "task.json")
    return parameters / "task.json"


def _parquet(data: Path, name: str) -> str:
    """The files of a table, as DuckDB and ClickHouse name them."""
    single = data / f"{name}.parquet"
    return str(single if single.exists() else data / name / "**" / "*.parquet")


def _duckdb(data: Path, folder: Path) -> str:
    with duckdb.connect(folder / "all.duckdb") as made:
        for name in TABLES:
            made.execute(f"CREATE TABLE {name} AS FROM read_parquet('{_parquet(data, name)}')")
    return f"duckdb://{folder / 'all.duckdb'}"


@contextmanager
def _postgres(data: Path) -> Iterator:
    """A server with the tables."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = get_server(folder, cleanup_mode="delete")
        try:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                for table in TABLES.values():
                    _copy(connection, table, data)
                connection.execute("CREATE INDEX ON messages (sent_at)")
                connection.execute("VACUUM ANALYZE")
            yield server
        finally:
            server.cleanup()


def _copy(connection: psycopg.Connection, table, data: Path) -> None:
    columns = ", ".join(f"{column.name} {KINDS[column.kind]}" for column in table.columns)
    names = ", ".join(column.name for column in table.columns)
    connection.execute(f"CREATE TABLE {table.name} ({columns})")
    rows, written = f"SELECT {names} FROM read_parquet('{_parquet(data, table.name)}')", data / "rows.csv"
    duckdb.sql(f"COPY ({rows}) TO '{written}' (HEADER false)")
    command = f"COPY {table.name} ({names}) FROM STDIN (FORMAT csv)"
    with written.open("rb") as file, connection.cursor().copy(command) as copy:
        while some := file.read(1 << 20):
            copy.write(some)
    written.unlink()


@contextmanager
def _clickhouse(data: Path) -> Iterator[str]:
    """The URL of a folder with the tables, which no process has open."""
    with tempfile.TemporaryDirectory() as kept:
        with clickhouse_client(kept) as (client, folder):
            client.command("CREATE DATABASE large")
            for name in TABLES:
                rows = f"SELECT * FROM file('{_parquet(data, name)}')"
                client.command(f"CREATE TABLE large.{name} ENGINE = MergeTree ORDER BY tuple() AS {rows}")
        yield f"clickhouse://localhost/large?interface=chdb&path={folder}"


def _served(server) -> dict[str, float]:
    """What a server of PostgreSQL has used and logged until now: CPU seconds, statements."""
    process = psutil.Process(server.get_pid())
    times = [process.cpu_times(), *(child.cpu_times() for child in process.children())]
    log = (Path(server.pgdata) / "log").read_bytes()
    return {
        "server": sum(each.user + each.system + each.children_user + each.children_system for each in times),
        "statements": log.count(b"LOG:  statement:") + log.count(b"LOG:  execute"),
    }


def _print(messages: int, found: dict[str, list[dict]]) -> None:
    table = Table(title=f"An edition of {messages:,} messages, by engine", title_justify="left")
    for heading in ("engine", "seconds", "CPU seconds", "of the server", "statements", "seconds / Parquet"):
        table.add_column(heading, justify="left" if heading == "engine" else "right")
    parquet = median(run["seconds"] for run in found["Parquet"])
    for engine, runs in found.items():
        seconds, cpu = (median(run[what] for run in runs) for what in ("seconds", "cpu_seconds"))
        served = [_a_run(runs, what) for what in ("server", "statements")]
        table.add_row(
            *(engine, f"{seconds:.2f}", f"{cpu:.2f}"),
            *(
                "" if each is None else f"{each:.{digits}f}"
                for each, digits in zip(served, (2, 0), strict=True)
            ),
            f"{seconds / parquet:.2f}",
        )
    Console(width=110).print(table)


def _a_run(runs: list[dict], what: str) -> float | None:
    """What a run took of what is counted from the server's start on; None where nothing is, or of one run."""
    counted = [run[what] for run in runs if what in run]
    return (counted[-1] - counted[0]) / (len(counted) - 1) if len(counted) > 1 else None


if __name__ == "__main__":
    main()
