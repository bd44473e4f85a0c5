"""CSV files, as programs and spreadsheets write them: a line of names, and quotes doubled inside quotes."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass

import duckdb
import ibis
import ibis.expr.types as ir

from tidings.errors import ContractError, SourceError
from tidings.sources.data_file import DataFile
from tidings.sources.quoting import names_in_words, shown

_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_SEPARATOR_LINE = re.compile(r"\s*sep=(.)\s*", re.IGNORECASE)  # by which Excel is told
_NOTHING = re.compile(r"[\s,;|]*")
_WIDTHS = re.compile(r"Expected Number of Columns: (\d+) Found: (\d+)")
_LINE = re.compile(r"CSV Error on Line: (\d+)")
_FAULTS = (
    (_WIDTHS, r"has \2 values where the first line has \1 names"),
    (re.compile(r"Invalid unicode"), "is not UTF-8 text"),
    (re.compile(r"unterminated quote"), "has a quote that is never closed"),
    (re.compile(r"Maximum line size"), "has a line that is too long"),
)
_REMEDY = "write the file again, whole: UTF-8, commas, one form of line end, quotes doubled inside quotes"


@dataclass(frozen=True)
class _Layout:
    """What the beginning of a file shows: how many lines stand above the names, and what parts these."""

    skipped: int
    delimiter: str
    names: tuple[str, ...]


def read_csv(
    connection: ibis.BaseBackend,
    file: DataFile,
    wanted: tuple[str, ...],
    keep: Callable[[ir.Table], ir.Table],
) -> ir.Table:
    """Keep the rows of a CSV file: they are read once, and wanted many times.

    Values are parted by commas, semicolons, tabs or bars: by what gives most of the wanted columns, or as a
    line ``sep=;`` above the names says. The text is UTF-8, or UTF-16. Names are taken in small letters and
    without blanks around them; columns without a name, and a name's second column, are left out.

    Parameters
    ----------
    connection : ibis DuckDB connection
        What reads the file.
    file : DataFile
        The file.
    wanted : tuple of str
        Names of columns, of which the file must have one, and none twice; empty: whatever it has.
    keep : callable
        Makes a table that is kept of one whose columns are text.

    Raises
    ------
    SourceError, ContractError
        The file is not well-formed, or has none of the wanted columns; or what ``keep`` raises.
    """
    layout = _layout(file, wanted)
    with file.as_utf8() as address:
        try:
            return keep(_read(connection, address, layout))
        except duckdb.InvalidInputException as error:
            found = _WIDTHS.search(str(error))
            is_named_too_far = not layout.names[-1] and found and int(found[2]) == len(layout.names) - 1
            if not is_named_too_far:
                raise _malformed(error, file.where, layout) from None
        try:  # a comma ends the line of names, and no other
            return keep(
                _read(connection, address, _Layout(layout.skipped, layout.delimiter, layout.names[:-1]))
            )
        except duckdb.InvalidInputException as error:
            raise _malformed(error, file.where, layout) from None


def _read(connection: ibis.BaseBackend, address: str, layout: _Layout) -> ir.Table:
    """Every column as text; the names are foreign, so that DuckDB knows columns by their positions."""
    text = connection.read_csv(
        address,
        auto_detect=False,
        columns={f"column_{position}": "VARCHAR" for position in range(len(layout.names))},
        header=True,
        skip=layout.skipped,
        delim=layout.delimiter,
        quote='"',
        escape='"',
        nullstr="",
    )
    first = {name: position for position, name in reversed([*enumerate(layout.names)]) if name}
    return text.select(**{name: text[f"column_{position}"] for name, position in first.items()})


def _layout(file: DataFile, wanted: tuple[str, ...]) -> _Layout:
    lines = list(io.StringIO(file.beginning(), newline=""))
    marks, skipped = [*_DELIMITERS], 0
    for line in lines:
        told = _SEPARATOR_LINE.fullmatch(line)
        if told:
            marks = [told[1]]
        elif not _NOTHING.fullmatch(line):
            break
        skipped += 1
    if skipped == len(lines):
        raise SourceError(
            "is empty", where=file.where, remedy="write at least the line that names the columns"
        )
    layouts = [_Layout(skipped, mark, _names(lines[skipped:], mark, file.where)) for mark in marks]
    layout = max(layouts, key=lambda each: (len(set(wanted) & set(each.names)), len(each.names)))
    _refuse_other_columns(layout, wanted, file)
    return layout


def _names(lines: list[str], delimiter: str, where: str) -> tuple[str, ...]:
    try:
        names = next(csv.reader(lines, delimiter=delimiter, strict=True))
    except (csv.Error, StopIteration) as error:
        raise SourceError(f"its first line is not CSV: {error}", where=where, remedy=_REMEDY) from None
    return tuple(name.strip().lower() for name in names)


def _refuse_other_columns(layout: _Layout, wanted: tuple[str, ...], file: DataFile) -> None:
    twice = sorted(name for name in set(layout.names) & set(wanted) if layout.names.count(name) > 1)
    if twice:
        raise ContractError(
            f"its first line names column {shown(twice[0])!r} twice",
            where=file.where,
            remedy="give each column a name of its own",
        )
    if wanted and not set(wanted) & set(layout.names):
        raise ContractError(
            f"has none of the columns of table {file.table}; it has {names_in_words(layout.names)}",
            where=file.where,
            remedy=f"name the columns in the first line: {','.join(wanted)}",
        )


def _malformed(error: Exception, where: str, layout: _Layout) -> SourceError:
    told = str(error)
    what = next((found.expand(words) for fault, words in _FAULTS if (found := fault.search(told))), None)
    if _WIDTHS.search(told) and layout.delimiter != ",":
        what = f"{what}, parted by {_DELIMITERS.get(layout.delimiter, shown(layout.delimiter))}"
    line = _LINE.search(told)
    place = f"{where}, line {int(line[1]):,}" if line else where
    return SourceError(what or "is not well-formed CSV", where=place, remedy=_REMEDY)
