"""History: every value that finished reports have recorded, as one Parquet dataset in the outputs.

Each file of ``history/`` adds the values of some editions and is never changed, so that several writers need
no lock: what is read is the union of the files. Where a period has many, one that has the rows of all takes
their place. A version of an edition is known by the digest of its notebook; made anew, it is another, and the
earlier one stays. Whatever is missing or damaged comes back from the executed notebooks.
"""

import hashlib
import io
import json
import logging
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from upath import UPath

from tidings.errors import ReportError
from tidings.review.editions import ListedEdition, list_editions
from tidings.review.notebooks import ReadNotebook, read_executed

FOLDER = "history"
EDITION = "report.edition"

COLUMNS = {
    "tenant": pa.string(),
    "period": pa.string(),
    "name": pa.string(),
    "measure": pa.string(),
    "position": pa.int32(),
    "day": pa.date32(),
    "agent": pa.string(),
    "value": pa.float64(),
    "text": pa.string(),
    "made_at": pa.timestamp("us", tz="UTC"),
    "version": pa.string(),
    "digest": pa.string(),
    "seconds": pa.float64(),
    "picture": pa.binary(),
}
"""What every row has; beside them stand the tables' own columns of names: ``intent``, ``step`` and so on."""

_VERSION_KEY = ["tenant", "period", "digest"]
_MOST_FILES = 8
_AT_A_TIME = 200
_READERS = 4
_LISTINGS = 50  # each a moment in which a writer may have replaced what was listed
_ABANDONED = 3600
_log = logging.getLogger(__name__)


def update_history(outputs: Path | UPath, periods: Iterable[str] | None = None) -> int:
    """Add what finished editions have recorded and the history has not, and tell how many they were.

    Parameters
    ----------
    outputs : Path or UPath
        The folder of ``<tenant>/<period>/``; the history is in it.
    periods : iterable of str, optional
        Only these are looked at.

    Raises
    ------
    ReportError
        The history cannot be written.
    """
    chosen = None if periods is None else sorted(set(periods))
    known = known_versions(outputs, chosen)
    missing = [
        edition
        for edition in list_editions(outputs, chosen)
        if edition.digest and (edition.tenant, edition.period, edition.digest) not in known
    ]
    missing.sort(key=lambda edition: edition.period)
    added = 0
    for period, group in groupby(missing, key=lambda edition: edition.period):
        editions = list(group)
        for first in range(0, len(editions), _AT_A_TIME):
            some = editions[first : first + _AT_A_TIME]
            # Threads: most of it is decoding, which lets others work, or waiting for an object store.
            with ThreadPoolExecutor(_READERS) as readers:
                tables = [table for table in readers.map(_rows_of, some) if table is not None]
            if tables:
                _write(_joined(tables), outputs / FOLDER, period)
            added += len(tables)
        _compact(outputs / FOLDER, period)
    return added


def rebuild_history(outputs: Path | UPath) -> int:
    """Read every finished edition's notebook again, and tell how many editions the history has then.

    Versions that were made before the last one are in no notebook any more: they are kept as they are.
    """
    folder = outputs / FOLDER
    there = {
        (each.tenant, each.period, each.digest) for each in list_editions(outputs) if each.digest is not None
    }
    for period in sorted(recorded_periods(outputs)):
        _replace_files(folder, period, without=there)
    update_history(outputs)
    return len({(tenant, period) for tenant, period, _ in known_versions(outputs)})


def known_versions(outputs: Path | UPath, periods: Iterable[str] | None = None) -> set[tuple[str, str, str]]:
    """The versions of editions that the history has: tenant, period, and the notebook's digest."""
    table = _read_all(outputs / FOLDER, periods, _VERSION_KEY, [("name", "=", EDITION)])
    return set(zip(*(table[column].to_pylist() for column in _VERSION_KEY), strict=True))


def read_history(
    outputs: Path | UPath,
    *,
    tenant: str | None = None,
    periods: Iterable[str] | None = None,
    names: Sequence[str] | None = None,
    columns: Sequence[str] | None = None,
    every_version: bool = False,
) -> pd.DataFrame:
    """The recorded values of editions.

    Parameters
    ----------
    outputs : Path or UPath
        The folder whose ``history/`` is read.
    tenant, periods, names
        Only this tenant, these periods, these recorded names.
    columns : sequence of str, optional
        Only these columns, and those that tell versions apart.
    every_version : bool
        Also the versions of an edition that were made before its last one.

    Returns
    -------
    pandas.DataFrame
        A row for each number or text, by period, name, tenant and place in the table. ``tenant``, ``period``;
        ``name``, as it was recorded; ``measure``, the column of a table, None for a scalar; ``position``, the
        row of the table; ``day``, ``agent`` and the table's other columns of names; ``value`` (a number) or
        ``text``, both missing where none could be formed; ``made_at`` (UTC), ``version`` of the library,
        ``digest`` of the executed notebook, ``seconds`` that it took; ``picture``, of the whole edition.
    """
    filters: list[tuple[str, str, Any]] = [("tenant", "=", tenant)] if tenant is not None else []
    filters += [("name", "in", list(names))] if names is not None else []
    wanted = None if columns is None else [*dict.fromkeys((*_VERSION_KEY, "made_at", *columns))]
    table = _read_all(outputs / FOLDER, periods, wanted, filters)
    if not every_version:
        table = _last_versions(table)
    frame = table.to_pandas(date_as_object=True)
    order = [column for column in ("period", "name", "tenant", "made_at", "position") if column in frame]
    return frame.sort_values(order, kind="stable", ignore_index=True)


def recorded_periods(outputs: Path | UPath) -> set[str]:
    """The periods of which the history has anything."""
    return {_period(path) for path in _files(outputs / FOLDER, None)}


def versions(outputs: Path | UPath, periods: Iterable[str] | None = None) -> pd.DataFrame:
    """Every version of every edition: ``tenant``, ``period``, ``digest``, ``made_at``; oldest first."""
    table = _read_all(outputs / FOLDER, periods, [*_VERSION_KEY, "made_at"], [("name", "=", EDITION)])
    return table.to_pandas().sort_values(["tenant", "period", "made_at", "digest"], ignore_index=True)


def _read_all(
    folder: Path | UPath,
    periods: Iterable[str] | None,
    columns: Sequence[str] | None,
    filters: list[tuple[str, str, Any]],
) -> pa.Table:
    """The rows of the files, each version of an edition once; a damaged file is put aside."""
    chosen = None if periods is None else set(periods)
    for is_last in (False,) * _LISTINGS + (True,):
        try:
            found = [_read(path, columns, filters) for path in _files(folder, chosen)]
            break
        except FileNotFoundError as error:  # another writer has put one file in the place of those listed
            if is_last:
                raise ReportError.of_storage(error, folder) from None
    tables: list[pa.Table] = []
    seen: set[tuple[str, str, str]] = set()
    for table in found:
        if table is None or not table.num_rows:
            continue
        groups = table.select(_VERSION_KEY).group_by(_VERSION_KEY).aggregate([])
        keys = set(zip(*(groups[column].to_pylist() for column in _VERSION_KEY), strict=True))
        tables.append(_without(table, keys & seen))
        seen |= keys
    return _joined(tables, columns)


def _read(path: Path | UPath, columns: Sequence[str] | None, filters: list) -> pa.Table | None:
    """A file's rows; None where it is damaged."""
    try:
        with path.open("rb") as file:
            parquet = pq.ParquetFile(file, page_checksum_verification=True)
            there = None if columns is None else [one for one in columns if one in parquet.schema_arrow.names]
            file.seek(0)
            return pq.read_table(
                file,
                columns=there,
                filters=filters or None,
                partitioning=None,
                page_checksum_verification=True,
            )
    except FileNotFoundError:
        raise
    except (pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:  # of the disk, not of what is in the file
            raise ReportError(
                f"cannot be read ({error.strerror})",
                where=str(path),
                remedy="see to the folder's permissions",
            ) from None
        _log.warning("%s is damaged and put aside; what it had comes back from the notebooks", path.name)
        aside: Any = path.with_name(f"{path.name}.damaged")  # a path of the same kind
        path.rename(aside)
        return None


def _joined(tables: list[pa.Table], columns: Sequence[str] | None = None) -> pa.Table:
    """Tables one under the other; a column that one of them lacks is missing there."""
    if tables:
        return pa.concat_tables(tables, promote_options="default")
    wanted = COLUMNS if columns is None else {name: COLUMNS.get(name, pa.string()) for name in columns}
    return pa.schema(list(wanted.items())).empty_table()


def _without(table: pa.Table, keys: set[tuple[str, str, str]]) -> pa.Table:
    """The rows of a table that are not of these versions."""
    if not keys:
        return table
    found = zip(*(table[column].to_pylist() for column in _VERSION_KEY), strict=True)
    return table.filter(pa.array([key not in keys for key in found], pa.bool_()))


def _last_versions(table: pa.Table) -> pa.Table:
    """The rows of each edition's version that was made last."""
    found = table.select([*_VERSION_KEY, "made_at"]).group_by([*_VERSION_KEY, "made_at"]).aggregate([])
    rows = sorted(found.to_pylist(), key=lambda row: (row["made_at"], row["digest"]))
    last = {(row["tenant"], row["period"]): row["digest"] for row in rows}
    if len(last) == len(rows):
        return table
    earlier = {
        (row["tenant"], row["period"], row["digest"])
        for row in rows
        if last[row["tenant"], row["period"]] != row["digest"]
    }
    return _without(table, earlier)


def _write(table: pa.Table, folder: Path | UPath, period: str) -> Path | UPath:
    """Add a file of rows at once, under a name that its content gives."""
    ordered = table.sort_by([("name", "ascending"), ("tenant", "ascending"), ("position", "ascending")])
    content = io.BytesIO()
    pq.write_table(ordered, content, compression="zstd", row_group_size=65_536, write_page_checksum=True)
    name = f"{period}_{hashlib.sha256(content.getvalue()).hexdigest()[:16]}.parquet"
    try:
        if isinstance(folder, UPath):
            (folder / name).write_bytes(content.getvalue())
        else:
            folder.mkdir(parents=True, exist_ok=True)
            draft = folder / f".{name}.{os.getpid()}"
            draft.write_bytes(content.getvalue())
            os.replace(draft, folder / name)
    except OSError as error:
        raise ReportError(
            f"cannot be written ({error})",
            where=f"folder {folder}",
            remedy="make room there, or let this user write to it",
        ) from None
    return folder / name


def _compact(folder: Path | UPath, period: str) -> None:
    """Put one file in the place of a period's many."""
    if len(_files(folder, {period})) > _MOST_FILES:
        _replace_files(folder, period, without=set())


def _replace_files(folder: Path | UPath, period: str, without: set[tuple[str, str, str]]) -> None:
    """Put one file in the place of all of a period's, without some versions; readers find the others."""
    paths = _files(folder, {period})
    table = _without(_read_all(folder, {period}, None, []), without)
    kept = _write(table, folder, period) if table.num_rows else None
    for path in paths:
        if path != kept:
            path.unlink(missing_ok=True)
    for draft in folder.glob(".*.parquet.*"):  # of a writer that was killed
        if time.time() - draft.stat().st_mtime > _ABANDONED:
            draft.unlink(missing_ok=True)


def _files(folder: Path | UPath, periods: set[str] | None) -> list[Path | UPath]:
    return sorted(path for path in folder.glob("*.parquet") if periods is None or _period(path) in periods)


def _period(path: Path | UPath) -> str:
    return path.name.rpartition("_")[0]


def _rows_of(edition: ListedEdition) -> pa.Table | None:
    """The rows of a finished edition; None where its notebook is not the one that was made."""
    notebook = read_executed(edition.files.notebook)
    if notebook is None or notebook.digest != edition.digest or EDITION not in notebook.values:
        return None
    blocks = [block for name, value in notebook.values.items() for block in _blocks(name, value)]
    common = {
        "tenant": edition.tenant,
        "period": edition.period,
        "made_at": notebook.made_at,
        "version": _version(notebook),
        "digest": edition.digest,
        "seconds": notebook.seconds,
    }
    names = [*COLUMNS, *dict.fromkeys(key for block in blocks for key in block if key not in COLUMNS)]
    columns: dict[str, list] = {name: [] for name in names}
    for block in blocks:
        count = len(block["name"])
        for name in names:
            columns[name] += block[name] if name in block else [common.get(name)] * count
    columns["picture"] = [notebook.picture if name == EDITION else None for name in columns["name"]]
    return pa.table({name: pa.array(columns[name], COLUMNS.get(name, pa.string())) for name in names})


def _version(notebook: ReadNotebook) -> str | None:
    about = notebook.values[EDITION]
    return str(about.get("version")) if isinstance(about, dict) else None


def _blocks(name: str, value: Any) -> Iterator[dict[str, list]]:
    """A recorded value as rows, some columns of them at a time: one row for each number or text of it.

    Columns and not rows, for a thousand editions have a million of these.
    """
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        value = pa.Table.from_pylist(value)
    if isinstance(value, pa.Table):
        yield from _blocks_of_table(name, value)
    else:
        values = value if isinstance(value, list) else [value]
        are_numbers = [isinstance(one, bool | int | float) for one in values]
        yield {
            "name": [name] * len(values),
            "position": list(range(len(values))),
            "value": [
                _number(one) if is_one else None for one, is_one in zip(values, are_numbers, strict=True)
            ],
            "text": [
                None if is_one or one is None else _text(one)
                for one, is_one in zip(values, are_numbers, strict=True)
            ],
        }


def _blocks_of_table(name: str, table: pa.Table) -> Iterator[dict[str, list]]:
    place: dict[str, list] = {"name": [name] * table.num_rows, "position": list(range(table.num_rows))}
    measures = []
    for column, kind in zip(table.column_names, table.schema.types, strict=True):
        if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind):
            measures.append(column)
        elif column == "day" and (pa.types.is_timestamp(kind) or pa.types.is_date(kind)):
            place["day"] = table[column].cast(pa.timestamp("us")).cast(pa.date32()).to_pylist()
        else:
            key = column if column == "agent" or column not in COLUMNS else f"{column}_"
            place[key] = [None if one is None else _text(one) for one in table[column].to_pylist()]
    for column in measures:
        values = [_number(one) for one in table[column].to_pylist()]
        yield place | {"measure": [column] * table.num_rows, "value": values}
    if not measures:
        yield place


def _number(value: bool | int | float | None) -> float | None:
    return None if value is None or value != value else float(value)


def _text(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
