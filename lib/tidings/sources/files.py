"""The embedded default: Parquet and CSV files in a folder or an object store, read by DuckDB."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import ClassVar

import duckdb
import ibis
import ibis.expr.types as ir
from upath import UPath

from tidings.errors import SourceError
from tidings.sources.comma_separated import read_csv
from tidings.sources.contract import FILE_COLUMN, TABLES, TENANT_COLUMN, Table, Window, empty
from tidings.sources.location import Location

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_FORMS = (".parquet", ".csv")
_BEGINNING = date(1, 1, 2)


@dataclass(frozen=True)
class FileSource:
    """A folder of ``<table>.parquet``, ``<table>.csv`` or ``<table>/…/*.parquet`` (hive partitions).

    Partition keys that are used to read less: ``tenant_id``, and any key whose values are ISO dates
    (the date of the row's own first instant, in UTC or in the tenant's zone).
    """

    SCHEMES: ClassVar[frozenset[str]] = frozenset(["", "file", "s3", "gs", "az", "abfs", "abfss"])

    folder: UPath
    location: Location
    memory_limit: str | None = None
    _opened: dict[tuple, ir.Table] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def open(cls, location: Location, root: Path, memory_limit: str | None = None) -> "FileSource":
        """Open a folder.

        Parameters
        ----------
        location : Location
            A path or an object-store prefix.
        root : Path
            What a path is relative to.
        memory_limit : str, optional
            What DuckDB may use before it spills to disk, such as ``"4GB"``.

        Raises
        ------
        SourceError
            There is no such folder, or it cannot be reached.
        """
        return cls(_folder(location, root), location, memory_limit)

    @cached_property
    def connection(self) -> ibis.BaseBackend:
        """An embedded DuckDB, begun when it is first needed: to see whether data changed needs none."""
        connection = _connect(self.memory_limit)
        if _is_remote(self.folder):
            connection.con.register_filesystem(self.folder.fs)
        return connection

    def has(self, table: Table) -> bool:
        return any(path.exists() for path in self._candidates(table))

    def read(self, table: Table, tenant_id: str, window: Window | None) -> ir.Table:
        """A table's rows, of at least the tenant and the window: its columns as the files have them."""
        paths = self.files(table, tenant_id, window)
        key = (table.name, *map(str, paths))
        if key not in self._opened:
            self._opened[key] = self._open(paths, table)
        return self._opened[key]

    def files(self, table: Table, tenant_id: str, window: Window | None) -> list[UPath]:
        """The files that may hold rows of the tenant and the window."""
        path = self._only_candidate(table)
        if path.suffix in _FORMS:
            return [path]
        found = sorted(_partition_files(path, tenant_id, window), key=str)
        if not found:
            self._refuse_without_parquet(path, table)
        return found

    def where(self, table: Table, file: str | None = None) -> str:
        """The table's place, for messages: the very file, where one is given by its address."""
        path = self._only_candidate(table)
        inside = file.removeprefix(str(path)) if file else ""
        return f"source {self.location.written}, {path.name}{inside}"

    def fingerprint(self, tenant_id: str, last: date) -> list[list]:
        """What changes when the data up to a day change: each file's name, size and last change.

        Partitions of later days count only where later rows change what earlier ones mean.
        """
        until = Window(_BEGINNING, last)
        windows = {
            table: None if table.judged_later else until for table in TABLES.values() if self.has(table)
        }
        paths = (path for table, window in windows.items() for path in self.files(table, tenant_id, window))
        return [[str(path), *_stamp(path)] for path in paths]

    def _candidates(self, table: Table) -> list[UPath]:
        return [self.folder / f"{table.name}{form}" for form in (*_FORMS, "")]

    def _only_candidate(self, table: Table) -> UPath:
        found = [path for path in self._candidates(table) if path.exists()]
        if len(found) > 1:
            raise SourceError(
                f"table {table.name} is there more than once: {', '.join(path.name for path in found)}",
                where=f"source {self.location.written}",
                remedy="keep one of them",
            )
        return found[0]

    def _refuse_without_parquet(self, folder: UPath, table: Table) -> None:
        if next(_partition_files(folder, None, None), None) is None:
            raise SourceError(
                "holds no Parquet file",
                where=self.where(table),
                remedy=f"put the partitions of {table.name} there, or remove the folder",
            )

    def _open(self, paths: list[UPath], table: Table) -> ir.Table:
        if not paths:  # the table has partitions, of other tenants or days: whatever they hold, none is read
            return empty(table)
        try:
            if paths[0].suffix == ".csv":
                return read_csv(self.connection, paths[0], _address(paths[0]), table, self.where(table))
            return self._read_parquet(paths)
        except (duckdb.Error, OSError) as error:
            raise SourceError(
                f"cannot be read: {self.location.quote(error)}",
                where=self.where(table),
                remedy="the file is damaged, cut short or of another format: write it again",
            ) from None

    def _read_parquet(self, paths: list[UPath]) -> ir.Table:
        rows = self.connection.read_parquet(
            [_address(path) for path in paths],
            hive_partitioning=True,
            hive_types_autocast=False,
            union_by_name=True,
            filename=FILE_COLUMN,
        )
        return rows.mutate(**_types_unknown_to_ibis(rows))


def _folder(location: Location, root: Path) -> UPath:
    where = f"source {location.written}"
    local = not location.scheme
    try:
        folder = UPath(root / Path(location.resolved).expanduser() if local else location.resolved)
        is_there = folder.is_dir()
    except ImportError:
        raise SourceError(
            f"no package that reads {location.scheme}:// is installed",
            where=where,
            remedy='pip install "tidings[s3]" for S3, gcsfs for Google Cloud, adlfs for Azure',
        ) from None
    except Exception as error:  # each object store has a family of errors of its own
        raise SourceError(
            f"cannot be reached: {location.quote(error)}",
            where=where,
            remedy="see whether the address and the credentials are right, and the store can be reached",
        ) from None
    if not is_there:
        raise SourceError(
            "there is no such folder",
            where=where,
            remedy="mend the source in the parameters, or put the tables there",
        )
    return folder


def _connect(memory_limit: str | None) -> ibis.BaseBackend:
    # Extensions are never fetched: a report makes no request that its source does not need.
    settings = {"autoinstall_known_extensions": "false"} | (
        {"memory_limit": memory_limit} if memory_limit else {}
    )
    connection = ibis.duckdb.connect(**settings)
    connection.raw_sql("SET TimeZone = 'UTC'")
    return connection


def _types_unknown_to_ibis(rows: ir.Table) -> dict[str, ir.Column]:
    """Columns of two types of DuckDB's that Ibis has no name for, as the nearest that it has."""
    unknown = {name: kind.raw_type.sql("duckdb") for name, kind in rows.schema().items() if kind.is_unknown()}
    nulls = {name: ibis.null() for name, kind in unknown.items() if kind == '"NULL"'}
    instants = [name for name, kind in unknown.items() if kind == "TIMESTAMPTZ_NS"]
    return nulls | {name: rows[name].cast("timestamp('UTC')") for name in instants}


def _partition_files(folder: UPath, tenant_id: str | None, window: Window | None) -> Iterator[UPath]:
    """Parquet files below a folder, without partitions of other tenants or days; None: of any."""
    for path in folder.iterdir():
        if path.name.startswith((".", "_")):  # what writers leave beside the data
            continue
        if path.suffix == ".parquet" and path.is_file():
            yield path
        elif _is_wanted(path.name, tenant_id, window) and path.is_dir():
            yield from _partition_files(path, tenant_id, window)


def _is_wanted(partition: str, tenant_id: str | None, window: Window | None) -> bool:
    key, _, value = partition.partition("=")
    if key == TENANT_COLUMN:
        return tenant_id in (None, value)
    day = _iso_date(value)
    return day is None or window is None or window.covers(day)


def _iso_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _ISO_DATE.fullmatch(text) else None
    except ValueError:
        return None


def _is_remote(path: UPath) -> bool:
    return path.protocol not in ("", "file")


def _uri(path: UPath) -> str:
    if not _is_remote(path):
        return str(path)
    # By the name s3, Ibis would fetch an extension of DuckDB's; by the other one, s3fs reads, as registered.
    return re.sub("^s3://", "s3a://", path.as_uri())


def _address(path: UPath) -> str:
    """A path as DuckDB names one file, and no pattern of files."""
    return re.sub(r"([*?[])", r"[\1]", _uri(path))


def _stamp(path: UPath) -> tuple[int, str]:
    info = path.stat()
    return info.st_size, str(info.st_mtime_ns if hasattr(info, "st_mtime_ns") else info.st_mtime)
