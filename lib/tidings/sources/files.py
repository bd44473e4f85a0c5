"""The embedded default: Parquet and CSV files in a folder or an object store, read by DuckDB."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import duckdb
import ibis
import ibis.expr.types as ir
from upath import UPath

from tidings.errors import ContractError, SourceError
from tidings.sources.contract import TENANT_COLUMN, Column, Table, Window, row_in_words

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_FORMS = (".parquet", ".csv")


@dataclass(frozen=True)
class FileSource:
    """A folder of ``<table>.parquet``, ``<table>.csv`` or ``<table>/…/*.parquet`` (hive partitions).

    Partition keys that are used to read less: ``tenant_id``, and any key whose values are ISO dates
    (the date of the row's own first instant, in UTC or in the tenant's zone).
    """

    folder: UPath
    name: str
    connection: ibis.BaseBackend

    @classmethod
    def open(cls, location: str, name: str, memory_limit: str | None = None) -> "FileSource":
        """Open a folder.

        Parameters
        ----------
        location : str
            A path or an object-store prefix.
        name : str
            The location as the parameters write it: what messages may show.
        memory_limit : str, optional
            What DuckDB may use before it spills to disk, such as ``"4GB"``.
        """
        folder = UPath(location)
        if not folder.is_dir():
            raise SourceError(
                "there is no such folder",
                where=f"source {name}",
                remedy="mend the source in the parameters, or put the tables there",
            )
        connection = _connect(memory_limit)
        if folder.protocol not in ("", "file"):
            connection.con.register_filesystem(folder.fs)
        return cls(folder, name, connection)

    def has(self, table: Table) -> bool:
        return any(path.exists() for path in self._candidates(table))

    def read(self, table: Table, tenant_id: str, window: Window | None) -> ir.Table:
        """A table's rows, of at least the tenant and the window: its columns as the files have them."""
        paths = self.files(table, tenant_id, window)
        if not paths:
            return self._read_parquet([self._any(table)], table).limit(0)
        if paths[0].suffix == ".csv":
            return self._read_csv(paths[0], table)
        return self._read_parquet(paths, table)

    def files(self, table: Table, tenant_id: str, window: Window | None) -> list[UPath]:
        """The files that may hold rows of the tenant and the window."""
        path = self._only_candidate(table)
        if path.suffix in _FORMS:
            return [path]
        return sorted(_partition_files(path, tenant_id, window), key=str)

    def where(self, table: Table) -> str:
        """The table's place, for messages."""
        return f"source {self.name}, {self._only_candidate(table).name}"

    def fingerprint(self, tables: list[Table], tenant_id: str) -> list[list]:
        """What changes when the data change: each file's name, size and time of its last change."""
        paths = (path for table in tables if self.has(table) for path in self.files(table, tenant_id, None))
        return [[str(path), *_stamp(path)] for path in paths]

    def _candidates(self, table: Table) -> list[UPath]:
        return [self.folder / f"{table.name}{form}" for form in (*_FORMS, "")]

    def _only_candidate(self, table: Table) -> UPath:
        found = [path for path in self._candidates(table) if path.exists()]
        if len(found) > 1:
            raise SourceError(
                f"table {table.name} is there more than once: {', '.join(path.name for path in found)}",
                where=f"source {self.name}",
                remedy="keep one of them",
            )
        return found[0]

    def _any(self, table: Table) -> UPath:
        """Some file of a partitioned table, which tells its columns where no partition is wanted."""
        found = next(iter(self._only_candidate(table).rglob("*.parquet")), None)
        if found is None:
            raise SourceError(
                "holds no Parquet file",
                where=self.where(table),
                remedy=f"put the partitions of {table.name} there, or remove the folder",
            )
        return found

    def _read_parquet(self, paths: list[UPath], table: Table) -> ir.Table:
        try:
            return self.connection.read_parquet(
                [_duckdb_path(path) for path in paths],
                hive_partitioning=True,
                hive_types_autocast=False,
                union_by_name=True,
            )
        except (duckdb.Error, OSError) as error:
            raise unreadable(error, self.where(table)) from error

    def _read_csv(self, path: UPath, table: Table) -> ir.Table:
        """A CSV file, typed by the contract: read as text, then kept as a table, for it is read many times."""
        try:
            text = self.connection.read_csv(
                _duckdb_path(path),
                all_varchar=True,
                header=True,
                delim=",",
                quote='"',
                escape='"',
                nullstr="",
            )
            return self.connection.create_table(
                ibis.util.gen_name(table.name), self._parsed(text, table), temp=True
            )
        except (duckdb.Error, OSError) as error:
            raise unreadable(error, self.where(table)) from error

    def _parsed(self, text: ir.Table, table: Table) -> ir.Table:
        instants = [c for c in table.columns if c.kind == "instant" and c.name in text.columns]
        for column in instants:
            self._refuse_bad_instants(text, column, table)
        parsed = {column.name: _instant(text[column.name]) for column in instants}
        known = {c.name: text[c.name] for c in table.columns if c.name in text.columns}
        tenant = {TENANT_COLUMN: text[TENANT_COLUMN]} if TENANT_COLUMN in text.columns else {}
        if not known:
            raise ContractError(
                f"has none of the columns of table {table.name}",
                where=self.where(table),
                remedy=f"its first line names the columns: {', '.join(c.name for c in table.columns)}",
            )
        return text.select(**(known | parsed | tenant))

    def _refuse_bad_instants(self, text: ir.Table, column: Column, table: Table) -> None:
        value = text[column.name]
        bad = text.filter(value.notnull() & _instant(value).isnull()).limit(1).to_pandas()
        if len(bad):
            raise ContractError(
                f"column {column.name} of table {table.name} holds a bad timestamp in row {row_in_words(bad)}",
                where=self.where(table),
                remedy="write instants in UTC, such as 2026-11-09 14:03:00 or 2026-11-09T14:03:00Z",
            )


def _connect(memory_limit: str | None) -> ibis.BaseBackend:
    # Extensions are never fetched: a report makes no request that its source does not need.
    settings = {"autoinstall_known_extensions": "false"} | (
        {"memory_limit": memory_limit} if memory_limit else {}
    )
    connection = ibis.duckdb.connect(**settings)
    connection.raw_sql("SET TimeZone = 'UTC'")
    return connection


def _instant(value: ir.StringColumn) -> ir.TimestampColumn:
    """UTC, whether the text has an offset or none: the connection's own time zone is UTC."""
    return value.try_cast("timestamp('UTC')").cast("timestamp")


def _partition_files(folder: UPath, tenant_id: str, window: Window | None) -> Iterator[UPath]:
    for path in folder.iterdir():
        if path.name.startswith((".", "_")):  # what writers leave beside the data
            continue
        if path.suffix == ".parquet" and path.is_file():
            yield path
        elif _is_wanted(path.name, tenant_id, window) and path.is_dir():
            yield from _partition_files(path, tenant_id, window)


def _is_wanted(partition: str, tenant_id: str, window: Window | None) -> bool:
    key, _, value = partition.partition("=")
    if key == TENANT_COLUMN:
        return value == tenant_id
    day = _iso_date(value)
    return day is None or window is None or window.covers(day)


def _iso_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _ISO_DATE.fullmatch(text) else None
    except ValueError:
        return None


def _duckdb_path(path: UPath) -> str:
    return str(path) if path.protocol in ("", "file") else path.as_uri()


def _stamp(path: UPath) -> tuple[int, str]:
    info = path.stat()
    return info.st_size, str(info.st_mtime_ns if hasattr(info, "st_mtime_ns") else info.st_mtime)


def unreadable(error: Exception, where: str) -> SourceError:
    """The engine's refusal of a file, in one line."""
    return SourceError(
        f"cannot be read: {str(error).strip().splitlines()[0]}",
        where=where,
        remedy="the file is damaged, cut short or of another format: write it again",
    )
