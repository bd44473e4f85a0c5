"""A folder, or object-store prefix, of tables in files: which files there are, without reading any."""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import ClassVar

from upath import UPath

from tidings.errors import SourceError, trouble_of_store
from tidings.sources.contract import TABLES, TENANT_COLUMN, WATERMARK, Table, Window
from tidings.sources.forms import is_data, order_of, table_and_form
from tidings.sources.location import Location
from tidings.sources.quoting import names_in_words, shown

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_BEGINNING = date(1, 1, 2)


@dataclass(frozen=True)
class TableFolder:
    """A folder of files, such as ``<table>.parquet`` or ``<table>.csv.gz``, or of folders of many files.

    The many are ``<table>/…/*.parquet``, or of another form; ``forms`` knows these, and case does not matter.
    Partition keys that are used to read less: ``tenant_id``, and any key whose values are ISO dates
    (the date of the row's own first instant, in UTC or in the tenant's zone).
    """

    SCHEMES: ClassVar[frozenset[str]] = frozenset(["", "file", "s3", "gs", "az", "abfs", "abfss"])

    path: UPath
    location: Location

    @classmethod
    def open(cls, location: Location, root: Path) -> "TableFolder":
        """Find a folder.

        Parameters
        ----------
        location : Location
            A path or an object-store prefix.
        root : Path
            What a path is relative to.

        Raises
        ------
        SourceError
            There is no such folder, or it cannot be reached.
        """
        return cls(_folder(location, root), location)

    @property
    def is_remote(self) -> bool:
        """Whether it is in an object store."""
        return _is_remote(self.path)

    def has(self, table: Table) -> bool:
        """Whether there is anything of a table.

        Raises
        ------
        SourceError
            All that there is of it is a file in a form that is not read.
        """
        named = self._named(table)
        found = [path for path in named if _is_read(path)]
        other = [path.name for path in named if is_data(path.name)]
        if other and not found:
            raise SourceError(
                f"table {table.name} is there as {shown(other[0])}, in a form that is not read",
                where=f"source {self.location.written}",
                remedy=f"save it as {table.name}.parquet, {table.name}.csv (in Excel: CSV UTF-8), "
                f"or {table.name}.json; text may be compressed by gzip or zstd",
            )
        return bool(found)

    def files(self, table: Table, tenant_id: str, window: Window | None) -> list[UPath]:
        """The files that may hold rows of the tenant and the window."""
        path = self._only_candidate(table)
        if table_and_form(path.name)[1]:
            return [path]
        found = sorted(_partition_files(path, tenant_id, window), key=str)
        if not found and next(_partition_files(path, None, None), None) is None:
            raise SourceError(
                "holds no file that is read",
                where=self.where(table),
                remedy=f"put the files of {table.name} there, such as Parquet, or remove the folder",
            )
        _refuse_two_forms(found, self.where(table))
        return found

    def left_out(self, table: Table, tenant_id: str, window: Window, most: int) -> list[UPath]:
        """The files of partitions that ``files`` leaves out by their dates: so many, the nearest first."""
        path = self._only_candidate(table)
        if table_and_form(path.name)[1]:
            return []
        partitions = sorted(_partitions_left_out(path, tenant_id, window), key=lambda found: found[0])
        files = (file for _, folder in partitions for file in _partition_files(folder, tenant_id, None))
        return list(islice(files, most))

    def where(self, table: Table, file: str | None = None) -> str:
        """The table's place, for messages: the very file, where one is given by its address."""
        path = self._only_candidate(table)
        inside = file.removeprefix(str(path)) if file else ""
        return f"source {self.location.written}, {path.name}{inside}"

    def data_files(self) -> dict[str, list[UPath]]:
        """The files that are of a form that is read, by the name of the table that they hold.

        A folder in the folder has the files of one table, as far as it has any.

        Raises
        ------
        SourceError
            A table is there more than once, or in two forms.
        """
        found: dict[str, UPath] = {}
        for path in sorted(self.path.iterdir(), key=lambda path: path.name):
            name = table_and_form(path.name)[0]
            if not name or name.startswith("_") or not _is_read(path):
                continue
            if name in found:
                raise self._there_twice(name, [found[name], path])
            found[name] = path
        files = {name: _files_of(path) for name, path in found.items()}
        for name, paths in files.items():
            _refuse_two_forms(paths, self.place_of(found[name]))
        return {name: paths for name, paths in files.items() if paths}

    def place_of(self, path: UPath) -> str:
        """A file's place, for messages."""
        return f"source {self.location.written}, {path.relative_to(self.path).as_posix()}"

    def fingerprint_of_all(self) -> list[list]:
        """What changes when any of its files changes: of those that a mapping may read."""
        return [[str(path), *stamp(path)] for paths in self.data_files().values() for path in paths]

    def fingerprint(self, tenant_id: str, last: date) -> list[list]:
        """What changes when the data up to a day change: each file's name, size and last change.

        Partitions of later days count only where later rows change what earlier ones mean.
        """
        until = Window(_BEGINNING, last)
        windows = {
            table: None if table.judged_later or table is WATERMARK else until
            for table in (*TABLES.values(), WATERMARK)
            if self.has(table)
        }
        paths = (path for table, window in windows.items() for path in self.files(table, tenant_id, window))
        return [[str(path), *stamp(path)] for path in paths]

    def _named(self, table: Table) -> list[UPath]:
        """What is in the folder by a table's name, in the order of the forms."""
        there = [path for path in self.path.iterdir() if table_and_form(path.name)[0] == table.name]
        return sorted(there, key=lambda path: (order_of(path.name), path.name))

    def _only_candidate(self, table: Table) -> UPath:
        found = [path for path in self._named(table) if _is_read(path)]
        if len(found) > 1:
            raise self._there_twice(table.name, found)
        return found[0]

    def _there_twice(self, name: str, found: list[UPath]) -> SourceError:
        return SourceError(
            f"table {name} is there more than once: {', '.join(path.name for path in found)}",
            where=f"source {self.location.written}",
            remedy="keep one of them",
        )


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
        what, remedy = trouble_of_store(error) or (
            f"cannot be reached: {location.quote(error)}",
            "see whether the address and the credentials are right, and the store can be reached",
        )
        raise SourceError(what, where=where, remedy=remedy) from None
    if not is_there:
        raise SourceError(
            "there is no such folder",
            where=where,
            remedy="mend the source in the parameters, or put the tables there",
        )
    return folder


def _is_read(path: UPath) -> bool:
    """Whether it is a file of a form that is read, or a folder of partitions."""
    return table_and_form(path.name)[1] is not None or ("." not in path.name and path.is_dir())


def _files_of(path: UPath) -> list[UPath]:
    """The file, or the files below the folder."""
    return [path] if path.is_file() else sorted(_partition_files(path, None, None), key=str)


def _refuse_two_forms(paths: list[UPath], where: str) -> None:
    by_form = {table_and_form(path.name)[1]: path.name for path in paths}
    if len(by_form) > 1:
        raise SourceError(
            f"holds files of more than one form: {names_in_words(sorted(by_form.values()))}",
            where=where,
            remedy="keep the files of one form, and put the others elsewhere",
        )


def _partition_files(folder: UPath, tenant_id: str | None, window: Window | None) -> Iterator[UPath]:
    """Files below a folder, without partitions of other tenants or days; None: of any."""
    for name in _names(folder, tenant_id):
        path = folder / name
        if table_and_form(name)[1] and path.is_file():
            yield path
        elif _is_of_window(name, window) and path.is_dir():
            yield from _partition_files(path, tenant_id, window)


def _partitions_left_out(folder: UPath, tenant_id: str, window: Window) -> Iterator[tuple[timedelta, UPath]]:
    """Partitions of other days than a window's, each with its distance from it."""
    for name in _names(folder, tenant_id):
        path = folder / name
        day = _iso_date(name.partition("=")[2])
        if day is not None and not window.covers(day):
            yield max(window.first - day, day - window.last), path
        elif not table_and_form(name)[1] and path.is_dir():
            yield from _partitions_left_out(path, tenant_id, window)


def _names(folder: UPath, tenant_id: str | None) -> list[str]:
    """What is in a folder, without partitions of other tenants."""
    if _is_remote(folder):
        by_tenant = _grouped(path.name for path in folder.iterdir())
    else:
        by_tenant = _listed(str(folder), folder.stat().st_mtime_ns)
    wanted = by_tenant if tenant_id is None else (None, tenant_id)
    return [name for tenant in wanted for name in by_tenant.get(tenant, ())]


@lru_cache(maxsize=64)  # what many tenants share is listed once, and not for each of them
def _listed(folder: str, changed: int) -> dict[str | None, list[str]]:
    return _grouped(os.listdir(folder))


def _grouped(names: Iterable[str]) -> dict[str | None, list[str]]:
    """Names by the tenant whose partition they are; under None, those that are no tenant's."""
    groups: dict[str | None, list[str]] = {}
    for name in names:
        if not name.startswith((".", "_")):  # what writers leave beside the data
            key, _, value = name.partition("=")
            groups.setdefault(value if key == TENANT_COLUMN else None, []).append(name)
    return groups


def _is_of_window(partition: str, window: Window | None) -> bool:
    day = _iso_date(partition.partition("=")[2])
    return day is None or window is None or window.covers(day)


def _iso_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _ISO_DATE.fullmatch(text) else None
    except ValueError:
        return None


def _is_remote(path: UPath) -> bool:
    return path.protocol not in ("", "file")


def stamp(path: UPath) -> tuple[int, str]:
    """What changes when a file does: its size, and when it was written last."""
    info = path.stat()
    return info.st_size, str(info.st_mtime_ns if hasattr(info, "st_mtime_ns") else info.st_mtime)
