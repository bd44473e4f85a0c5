"""Tables of the data contract from literal rows, and the edition that reads them."""

from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tidings.metrics.edition import Edition, check_contract
from tidings.periods.period import parse_period
from tidings.sources.contract import TABLES
from tidings.sources.prepared import Prepared
from tidings.sources.source import Source, open_source
from tidings.tenants.tenant import Tenant

NOW = datetime(2030, 1, 1, tzinfo=UTC)
_TYPES = {"id": pa.string(), "text": pa.string(), "instant": pa.timestamp("us")}
_numbers = count(1)


def at(text: str) -> datetime:
    """A UTC instant as sources hold it: naive."""
    return datetime.fromisoformat(text)


def message(sent_at: str | datetime, user: str = "u1", thread: str = "c1", **columns) -> dict:
    """A message; incoming from the user unless said otherwise."""
    defaults = {"direction": "incoming", "sender": "user"}
    ids = {"message_id": f"m{next(_numbers)}", "conversation_id": thread, "user_id": user}
    return ids | {"sent_at": _instant(sent_at)} | defaults | columns


def assignment(
    number: str, assigned: str, answered: str | None = None, closed: str | None = None, **columns
) -> dict:
    """An assignment; answered by agent a1 where it was answered, unless said otherwise."""
    ids = {"assignment_id": number, "conversation_id": "c1", "user_id": "u1"}
    instants = {"assigned_at": assigned, "answered_at": answered, "closed_at": closed}
    agent = {"agent_id": "a1" if answered else None}
    return ids | agent | {name: _instant(value) for name, value in instants.items()} | columns


def session(agent: str, connected: str, disconnected: str | None = None) -> dict:
    """An agent's login."""
    return {
        "session_id": f"s{next(_numbers)}",
        "agent_id": agent,
        "connected_at": _instant(connected),
        "disconnected_at": _instant(disconnected),
    }


def arrow_table(name: str, rows: list[dict]) -> pa.Table:
    """Rows in the contract's types; a column that a row lacks is null."""
    schema = pa.schema([(column.name, _TYPES[column.kind]) for column in TABLES[name].columns])
    return pa.Table.from_pylist(rows, schema=schema)


def write_tables(folder: Path, **tables: list[dict]) -> Path:
    """Write each table's rows as ``<table>.parquet``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        pq.write_table(arrow_table(name, rows), folder / f"{name}.parquet")
    return folder


def tenant(source: Path | str, **keys) -> Tenant:
    """A tenant of one source, in UTC, with the services that are given."""
    given = {
        "id": "acme",
        "name": "Acme",
        "services": ["activity", "chatbot", "contact-center"],
        "cadence": "weekly",
        "time_zone": "UTC",
        "recipients": ["ana@example.com"],
        "source": str(source),
    }
    return Tenant.model_validate(given | keys)


def edition_of(folder: Path, period: str, tables: dict[str, list[dict] | None], **keys) -> Edition:
    """The edition of literal rows, whose data have passed the contract.

    Where messages or assignments are not given, they are there without rows; where None, not at all.
    """
    there = {"messages": [], "assignments": []} | tables
    rows = {name: given for name, given in there.items() if given is not None}
    return edition_in(write_tables(folder, **rows), period, folder, **keys)


def edition_in(source: Path | str, period: str, root: Path, read_at: datetime = NOW, **keys) -> Edition:
    """The edition of a source that is there already, whose data have passed the contract."""
    who = tenant(source, **keys)
    opened = Edition(who, parse_period(period, who, NOW), open_source(who, root), read_at)
    check_contract(opened)
    return opened


def count_queries(monkeypatch) -> list[tuple[str, ...]]:
    """A list to which the columns of each query are added that any source executes from now on."""
    executed: list[tuple[str, ...]] = []
    fetch, execute = Source.fetch, Source.execute

    def note(source: Source, query, *given):
        executed.append(tuple(query.schema if isinstance(query, Prepared) else query.columns))
        return (execute if isinstance(query, Prepared) else fetch)(source, query, *given)

    monkeypatch.setattr(Source, "fetch", note)
    monkeypatch.setattr(Source, "execute", note)
    return executed


def rows_of(frame) -> list[tuple]:
    """A frame's rows, with days as dates and missing values as None."""
    return [tuple(_plain(value) for value in row) for row in frame.itertuples(index=False)]


def _plain(value):
    if value is None or value != value:
        return None
    return value.date().isoformat() if hasattr(value, "date") else getattr(value, "item", lambda: value)()


def _instant(value: str | datetime | None) -> datetime | None:
    return at(value) if isinstance(value, str) else value
