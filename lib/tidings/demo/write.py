"""Writing the demo data: one batch after another, within bounded memory, all or nothing."""

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from tidings.demo.contract import TABLE_NAMES, contract_tables
from tidings.demo.history import Company, batches, make_company
from tidings.demo.rows import NEVER
from tidings.demo.settings import DemoSettings, DemoSummary
from tidings.demo.staff import known_agents, known_sessions
from tidings.demo.stays import known_stays
from tidings.demo.tables import DatedFiles, InOrder, TableFile
from tidings.errors import SourceError

_MARK = "demo.json"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def is_written(folder: Path, settings: DemoSettings) -> bool:
    """Whether a folder holds the data of these settings already, every table of them."""
    mark, tables = Path(folder) / _MARK, (Path(folder) / f"{name}.parquet" for name in TABLE_NAMES)
    is_whole = all(table.exists() or table.with_suffix("").is_dir() for table in tables)
    return is_whole and mark.is_file() and mark.read_text() == _described(settings)


def write_demo_data(folder: Path, settings: DemoSettings) -> DemoSummary:
    """Write the tables of the data contract for a made-up company, one Parquet file each, or hive partitions.

    Above a million messages these are written as ``messages/date=YYYY-MM-DD/part-0000.parquet``, by UTC
    date; every other table is ``<table>.parquet``. Beside them ``demo.json`` records the settings. The data
    are written to a temporary folder beside ``folder`` and take its place only when they are whole.

    Parameters
    ----------
    folder : pathlib.Path
        Where to write: a folder that is new, empty, or holds older demo data, which are replaced.
    settings : DemoSettings
        How much to write; the same settings give the same bytes.

    Raises
    ------
    SourceError
        The folder holds something else.
    """
    folder = Path(folder)
    _refuse_other_contents(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as temporary:
        draft = Path(temporary) / "new"
        draft.mkdir()
        company = make_company(settings)
        rows = _write_tables(draft, company)
        (draft / _MARK).write_text(_described(settings))
        if folder.exists():
            folder.rename(Path(temporary) / "old")
        draft.rename(folder)
    return DemoSummary(
        folder=folder,
        rows=rows,
        start=_EPOCH + timedelta(microseconds=company.calendar.start),
        end=_EPOCH + timedelta(microseconds=company.calendar.end),
        messages_layout="hive" if settings.hive else "file",
    )


def _refuse_other_contents(folder: Path) -> None:
    """Leave alone whatever this generator did not make."""
    if not folder.exists():
        return
    names = {path.name for path in folder.iterdir()} if folder.is_dir() else {folder.name}
    own = {_MARK, "messages", *(f"{table}.parquet" for table in TABLE_NAMES)}
    strange = sorted(names - own) or sorted(names if _MARK not in names else ())
    if strange:
        raise SourceError(
            f"the folder holds something else than demo data ({strange[0]}), which will not be replaced",
            where=str(folder),
            remedy="name a new or empty folder, or remove what this one holds",
        )


def _write_tables(folder: Path, company: Company) -> dict[str, int]:
    """Write all tables; returns the rows of each."""
    tables = contract_tables(company.settings.tenants > 0, int(company.agents["name"].max()) + 1)
    files: dict[str, TableFile | DatedFiles] = {
        name: TableFile(folder / f"{name}.parquet", table) for name, table in tables.items()
    }
    if company.settings.hive:
        files["messages"] = DatedFiles(folder / "messages", tables["messages"], "sent_at")
    end = company.calendar.end
    files["agents"].write(known_agents(company.agents))
    files["agent_sessions"].write(known_sessions(company.sessions, end))
    for rows in company.customers.known_before(company.calendar.start, end, company.chances[0]):
        files["users"].write(rows)
    _write_history(files, company)
    for file in files.values():
        file.close()
    return {name: file.rows for name, file in files.items()}


def _write_history(files: dict[str, TableFile | DatedFiles], company: Company) -> None:
    """Write the tables that grow from day to day, as far as they are known when the data end."""
    end = company.calendar.end
    messages = InOrder(files["messages"], "sent_at", number="message")
    assignments = InOrder(files["assignments"], "assigned_at")
    for batch in batches(company):
        until = min(batch.until, end)
        files["conversations"].write(_known_conversations(batch.conversations, end))
        files["users"].write(batch.users)
        messages.write(batch.messages, until)
        assignments.write(known_stays(batch.assignments, end), until)


def _known_conversations(conversations: np.ndarray, end: int) -> np.ndarray:
    """The conversations as they are known when the data end: some have not ended yet."""
    known = conversations.copy()
    known["ended_at"][known["ended_at"] >= end] = NEVER
    return known


def _described(settings: DemoSettings) -> str:
    return json.dumps(asdict(settings), default=str, indent=2) + "\n"
