"""An edition's numbers by hand-written SQL, which DuckDB runs over the same files."""

import os
import tempfile
from pathlib import Path
from string import Template
from uuid import uuid4

import duckdb
from bench.large_task import Task, plain

_HERE = Path(__file__).parent


def numbers(task: Task) -> dict:
    """Every number, under its recorded name."""
    connection = duckdb.connect(config=_settings())
    if task.checks:
        _check(connection, task)
    statements = _statements("large.sql", task)
    connection.execute(statements.pop("setup"))
    values = {}
    for name, statement in statements.items():
        found = connection.execute(statement).df()
        for now, suffix in ((True, ""), (False, ".previous")):
            rows = found[found["now"] == now].drop(columns="now")
            if len(rows):
                values[name + suffix] = plain(rows if len(rows.columns) > 1 else rows.iloc[0, 0])
    return values


def _check(connection: duckdb.DuckDBPyConnection, task: Task) -> None:
    for name, statement in _statements("checks.sql", task).items():
        broken = connection.execute(statement).fetchone()
        assert not any(broken), f"{name}: {broken}"


def _statements(file: str, task: Task) -> dict[str, str]:
    """The statements of a file by their names, with the task's instants put in."""
    when = task.when
    offset = when.offsets[0][1].total_seconds() / 3600
    text = Template((_HERE / file).read_text()).substitute(
        folder=task.folder,
        messages=_messages(Path(task.folder)),
        before=when.previous().start.replace(tzinfo=None),
        start=when.start.replace(tzinfo=None),
        end=when.end.replace(tzinfo=None),
        offset=f"{offset:+.0f} hours",
        suffix=f"{offset:+03.0f}:00",
    )
    _, *named = text.split("-- name: ")
    return dict(part.split("\n", 1) for part in named)


def _messages(folder: Path) -> Path:
    single = folder / "messages.parquet"
    return single if single.exists() else folder / "messages" / "*" / "*.parquet"


def _settings() -> dict[str, str]:
    """The same limit of memory as the library's, and a folder to spill to, which DuckDB makes and removes."""
    folder = {"temp_directory": str(Path(tempfile.gettempdir(), uuid4().hex))}
    limit = os.environ.get("TIDINGS_MEMORY_LIMIT")
    return folder | ({"memory_limit": limit} if limit else {})
