"""Hive partitions: what the names of a file's folders say of its rows."""

import re
from collections.abc import Callable, Iterable
from pathlib import PurePath

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
from upath import UPath

from tidings.errors import ContractError
from tidings.sources import values
from tidings.sources.contract import DAY_COLUMN, FILE_COLUMN, TENANT_COLUMN, Table
from tidings.sources.quoting import shown

_NULL = "__HIVE_DEFAULT_PARTITION__"  # what Hive and Spark call a folder for null


def with_partitions(
    rows: ir.Table, paths: Iterable[PurePath | UPath], table: Table, where: Callable[[Table, str], str]
) -> ir.Table:
    """Rows with the contract's columns that the folders name, and ``DAY_COLUMN`` where one is a date.

    Parameters
    ----------
    rows : ibis table
        The rows of some files, in DuckDB; ``FILE_COLUMN`` has the address of each row's file.
    paths : iterable of path
        The files.
    table : Table
        What they hold.
    where : callable
        The place of a table's file, by its address, for messages.

    Raises
    ------
    ContractError
        A file has such a column too, and says otherwise than its folder.
    """
    places = [path.as_posix() for path in paths]
    file = rows[FILE_COLUMN]
    named = {column.name for column in table.columns if column.kind != "instant"} | {TENANT_COLUMN}
    for key in sorted(named):
        folder = _folder_of(key)
        if not any(re.search(folder, place) for place in places):
            continue
        given = url_decode(file.re_extract(folder, 1)).nullif("").nullif(_NULL)
        own = next((name for name in rows.columns if name.lower() == key), None)
        if own:
            _refuse_contradiction(rows, rows[own], given, key, table, where)
            rows = rows.drop(own)
        rows = rows.mutate(**{key: given})
    day = _day_of(table)
    if any(re.search(day, place) for place in places):
        rows = rows.mutate(**{DAY_COLUMN: file.re_extract(day, 1).try_cast(dt.date)})
    return rows


@ibis.udf.scalar.builtin(signature=((dt.string,), dt.string))
def url_decode(text):
    """Text without percent signs for characters that no folder's name may have: a function of DuckDB's."""


def _folder_of(key: str) -> str:
    return rf".*/{key}=([^/]*)/"


def _day_of(table: Table) -> str:
    """Inside the table's own folder: those above it say nothing of its rows."""
    return rf".*/{table.name}/(?:[^/]+/)*?[^/=]+=(\d{{4}}-\d{{2}}-\d{{2}})/"


def _refuse_contradiction(
    rows: ir.Table,
    own: ir.Column,
    given: ir.StringColumn,
    key: str,
    table: Table,
    where: Callable[[Table, str], str],
) -> None:
    told = values.text(own) if values.is_text(own.type()) else own.cast(dt.string)
    other = rows.filter(told != given).select(file=FILE_COLUMN, given=given)
    found = other.order_by("file").limit(1).to_pandas()
    if len(found):
        raise ContractError(
            f"column {key} of table {table.name} is another in a row than in the name of the partition, "
            f"{key}={shown(found['given'][0])}",
            where=where(table, found["file"][0]),
            remedy=f"put each row into the partition of its own {key}, or leave the column out of the files",
        )
