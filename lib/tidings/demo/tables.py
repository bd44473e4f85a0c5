"""The tables of the data contract as Parquet files, written from rows of numbers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tidings.demo.rows import HOUR, NEVER

_ROW_GROUP = 262_144
_DIGITS = np.array([f"{number:04}" for number in range(10_000)], dtype="S4").view(np.uint32)


@dataclass(frozen=True)
class Table:
    """How the rows of one table become columns.

    Attributes
    ----------
    name : str
        The table's name in the data contract.
    rows : numpy.dtype
        The kind of its rows.
    columns : dict of str to callable
        For each column what makes an Arrow array of rows; in the order of the contract.
    """

    name: str
    rows: np.dtype
    columns: dict[str, Callable[[np.ndarray], pa.Array]]

    def arrow(self, rows: np.ndarray) -> pa.Table:
        return pa.table({name: column(rows) for name, column in self.columns.items()})


def identifier(prefix: str, field: str, groups: int = 3) -> Callable[[np.ndarray], pa.Array]:
    """A column of ids: a prefix and the number, counted from 1, in groups of four digits; -1 is null."""
    layout = np.dtype([("prefix", f"S{len(prefix)}"), *((f"{group}", "u4") for group in range(groups))])

    def column(rows: np.ndarray) -> pa.Array:
        numbers = rows[field].astype(np.int64)
        valid = np.packbits(numbers >= 0, bitorder="little")
        rest = numbers + 1
        text = np.empty(len(rows), layout)
        text["prefix"] = prefix.encode("ascii")
        for group in reversed(range(groups)):
            rest, digits = np.divmod(rest, 10_000)
            text[f"{group}"] = _DIGITS[digits]
        offsets = np.arange(len(rows) + 1, dtype=np.int32) * layout.itemsize
        return pa.StringArray.from_buffers(
            len(rows), pa.py_buffer(offsets), pa.py_buffer(text), pa.py_buffer(valid)
        )

    return column


def repeated(column: Callable[[np.ndarray], pa.Array]) -> Callable[[np.ndarray], pa.Array]:
    """A column of few distinct values, each of which a file holds once, as most writers do unasked."""
    return lambda rows: column(rows).dictionary_encode()


def short_identifier(prefix: str, field: str) -> Callable[[np.ndarray], pa.Array]:
    """A column of ids that people read: a prefix and the number, counted from 1; -1 is null."""

    def column(rows: np.ndarray) -> pa.Array:
        numbers = rows[field].astype(np.int64)
        texts = pc.cast(pa.array(numbers + 1, mask=numbers < 0), pa.string())
        return pc.binary_join_element_wise(prefix, texts, "")

    return column


def instant(field: str) -> Callable[[np.ndarray], pa.Array]:
    """A column of instants in UTC, without a zone and to the microsecond; ``NEVER`` is null."""

    def column(rows: np.ndarray) -> pa.Array:
        values = np.ascontiguousarray(rows[field])
        return pa.array(values, pa.timestamp("us"), mask=values == NEVER)

    return column


def word(field: str, known: tuple[str, ...]) -> Callable[[np.ndarray], pa.Array]:
    """A column of words, by their codes, of which several may mean one word; -1 is null."""
    distinct = list(dict.fromkeys(known))
    place = np.array([distinct.index(name) for name in known], dtype=np.int32)

    def column(rows: np.ndarray) -> pa.Array:
        codes = rows[field]
        places = pa.array(place[codes], mask=codes < 0)
        return pa.DictionaryArray.from_arrays(places, pa.array(distinct, pa.string()))

    return column


class TableFile:
    """One Parquet file that grows by row groups; at most one row group waits in memory."""

    def __init__(self, path: Path, table: Table):
        self.path, self.table = path, table
        self.rows = 0
        self._waiting: list[np.ndarray] = []
        self._writer: pq.ParquetWriter | None = None

    def write(self, rows: np.ndarray) -> None:
        for first in range(0, len(rows), _ROW_GROUP):
            self._waiting.append(rows[first : first + _ROW_GROUP])
            if sum(map(len, self._waiting)) >= _ROW_GROUP:
                self._flush()

    def _flush(self) -> None:
        rows = np.concatenate([np.empty(0, self.table.rows), *self._waiting])
        self._waiting = []
        arrow = self.table.arrow(rows)
        if self._writer is None:
            words = [
                name for name in arrow.column_names if pa.types.is_dictionary(arrow.schema.field(name).type)
            ]
            self._writer = pq.ParquetWriter(
                self.path, arrow.schema, compression="zstd", compression_level=1,
                use_dictionary=words, store_schema=False,
            )  # fmt: skip
        self._writer.write_table(arrow)
        self.rows += len(rows)

    def close(self) -> None:
        if self._waiting or self._writer is None:
            self._flush()
        if self._writer:
            self._writer.close()


class DatedFiles:
    """A table as hive partitions ``date=YYYY-MM-DD`` by UTC date; rows come in the order of their instant."""

    def __init__(self, folder: Path, table: Table, at: str):
        self.folder, self.table, self.at = folder, table, at
        self.rows = 0
        self._date: date | None = None
        self._file: TableFile | None = None

    def write(self, rows: np.ndarray) -> None:
        days = rows[self.at] // (24 * HOUR)
        bounds = np.flatnonzero(np.diff(days, prepend=-1)).tolist()
        for first, last in zip(bounds, [*bounds[1:], len(rows)], strict=False):
            self._file_of(date(1970, 1, 1) + timedelta(days=int(days[first]))).write(rows[first:last])

    def _file_of(self, day: date) -> TableFile:
        """The file of a day; with the next day's, the one before is closed."""
        if self._file is None or day != self._date:
            self.close()
            path = self.folder / f"date={day}" / "part-0000.parquet"
            path.parent.mkdir(parents=True)
            self._date, self._file = day, TableFile(path, self.table)
        return self._file

    def close(self) -> None:
        if self._file:
            self._file.close()
            self.rows += self._file.rows


class InOrder:
    """Puts rows in the order of an instant before they are written, as far as that is already certain.

    Parameters
    ----------
    file : TableFile or DatedFiles
        Where the rows go.
    at : str
        The field with the instant.
    number : str, optional
        A field to fill with each row's number in that order.
    """

    def __init__(self, file: TableFile | DatedFiles, at: str, number: str | None = None):
        self.file, self.at, self.number = file, at, number
        self._later = np.empty(0, file.table.rows)
        self._numbered = 0

    def write(self, rows: np.ndarray, until: int) -> None:
        """Take rows in any order; write those before ``until``, which no row still to come precedes."""
        rows = np.concatenate([self._later, rows])
        rows = rows[np.argsort(rows[self.at], kind="stable")]
        certain, self._later = np.split(rows, [np.searchsorted(rows[self.at], until)])
        if self.number:
            certain[self.number] = self._numbered + np.arange(len(certain))
            self._numbered += len(certain)
        self.file.write(certain)
