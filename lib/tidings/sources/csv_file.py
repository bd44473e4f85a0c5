"""CSV files, as programs and spreadsheets write them: a line of names, and quotes doubled inside quotes."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import duckdb
import ibis
import ibis.expr.types as ir

from tidings.errors import ContractError, SourceError
from tidings.language.english import counted
from tidings.sources.checks import refuse_missing
from tidings.sources.contract import FILE_COLUMN, Table
from tidings.sources.data_file import DataFile, address
from tidings.sources.naming import plain_name, union_by_name
from tidings.sources.quoting import names_in_words, shown
from tidings.sources.typed_text import names_of

_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
# By which Excel is told; once it has been saved as a row, there are quotes and delimiters around it.
_SEPARATOR_LINE = re.compile(r'\s*"?sep *= *(\\t|.)"?[\s,;|]*', re.IGNORECASE)
_NOTHING = re.compile(r'[\s,;|"]*')
_GAPS = ["", r"\N"]  # the second is what MySQL, PostgreSQL and Hive write for null
_WIDTHS = re.compile(r"Expected Number of Columns: (\d+) Found: (\d+)")
_LINE = re.compile(r"CSV Error on Line: (\d+)")
_NO_TEXT = "Invalid unicode"
_FAULTS = (
    (re.compile(r"unterminated quote"), "has a quote that is never closed"),
    (re.compile(r"Maximum line size"), "has a line that is too long"),
)
_REMEDY = "write the file again, whole: UTF-8, commas, one form of line end, quotes doubled inside quotes"


@dataclass(frozen=True)
class _Layout:
    """What the beginning of a file shows: how many lines stand above the names, and what parts these.

    ``is_spaced`` where a blank follows each delimiter, which is then none of the values'; ``is_mixed`` where
    these lines end in more than one way, of which DuckDB would find no row below lines that it skips.
    """

    skipped: int
    delimiter: str
    names: tuple[str, ...]
    is_spaced: bool
    is_mixed: bool


def read_csv(
    connection: ibis.BaseBackend,
    files: list[DataFile],
    table: Table | None,
    keep: Callable[[ir.Table], ir.Table],
) -> ir.Table:
    """Keep the rows of CSV files as one table: they are read once, and wanted many times.

    Values are parted by commas, semicolons, tabs or bars: by what gives most of the wanted columns, or as a
    line ``sep=;`` above the names says. The text is UTF-8, UTF-16 or UTF-32. Names are taken as
    ``plain_name`` has them; columns without a name, and a name's second column, are left out.

    Parameters
    ----------
    connection : ibis DuckDB connection
        What reads the files.
    files : list of DataFile
        The files; of several, each is UTF-8.
    table : Table or None
        The contract's table that they hold: each file has the columns that its rows need, and none twice.
        None: a table of another kind, with whatever columns it has.
    keep : callable
        Makes a table that is kept of one whose columns are text; ``FILE_COLUMN`` among them.

    Raises
    ------
    SourceError, ContractError
        A file is not well-formed, or lacks columns; or what ``keep`` raises.
    """
    layouts: dict[_Layout, list[DataFile]] = {}
    for file in files:
        layouts.setdefault(_layout(file, table), []).append(file)
    if len(files) == 1 or any(layout.is_mixed for layout in layouts):
        return union_by_name(
            [
                _read_one(connection, file, layout, keep, layout.is_mixed)
                for layout, alike in layouts.items()
                for file in alike
            ]
        )
    parts = [
        _read(connection, [address(file.path) for file in alike], layout) for layout, alike in layouts.items()
    ]
    try:
        return keep(union_by_name(parts))
    except duckdb.InvalidInputException as error:
        raise _malformed(error, files[0], next(iter(layouts))) from None


def _read_one(
    connection: ibis.BaseBackend,
    file: DataFile,
    layout: _Layout,
    keep: Callable[[ir.Table], ir.Table],
    with_one_line_end: bool,
) -> ir.Table:
    try:
        with file.as_utf8(with_one_line_end) as place:
            return keep(
                _read(connection, [place], layout).mutate(**{FILE_COLUMN: ibis.literal(str(file.path))})
            )
    except duckdb.InvalidInputException as error:
        told = error
    found = _WIDTHS.search(str(told))
    if found and not layout.names[-1] and int(found[2]) == len(layout.names) - 1:
        # a comma ends the line of names, and no other
        return _read_one(connection, file, replace(layout, names=layout.names[:-1]), keep, with_one_line_end)
    if "invalid state" in str(told) and not with_one_line_end:
        return _read_one(connection, file, layout, keep, with_one_line_end=True)
    raise _malformed(told, file, layout) from None


def _read(connection: ibis.BaseBackend, places: list[str], layout: _Layout) -> ir.Table:
    """Every column as text; the names are foreign, so that DuckDB knows columns by their positions."""
    text = connection.read_csv(
        places,
        auto_detect=False,
        columns={f"column_{position}": "VARCHAR" for position in range(len(layout.names))},
        header=True,
        skip=layout.skipped,
        delim=layout.delimiter,
        quote='"',
        escape='"',
        nullstr=_GAPS,
        filename=FILE_COLUMN,
    )
    first = {name: position for position, name in reversed([*enumerate(layout.names)]) if name}
    values = {name: text[f"column_{position}"] for name, position in first.items()}
    if layout.is_spaced:
        values = {name: value.lstrip().nullif("") for name, value in values.items()}
    return text.select(**values, **{FILE_COLUMN: text[FILE_COLUMN]})


def _layout(file: DataFile, table: Table | None) -> _Layout:
    lines = list(io.StringIO(file.beginning(), newline=""))
    told, skipped = "", 0
    for line in lines:
        if found := _SEPARATOR_LINE.fullmatch(line):
            told = found[1].replace(r"\t", "\t")
        elif not _NOTHING.fullmatch(line):
            break
        skipped += 1
    if skipped == len(lines):
        raise SourceError(
            "is empty", where=file.where, remedy="write at least the line that names the columns"
        )
    wanted = names_of(table) if table else ()
    marks = {told or ",", *_DELIMITERS}
    layouts = [_layout_of(lines, skipped, mark, wanted) for mark in sorted(marks)]
    layout = max(
        filter(None, layouts),
        key=lambda each: (len({*wanted} & {*each.names}), each.delimiter == told, len(each.names)),
        default=None,
    )
    if layout is None:
        raise SourceError("its first line is not CSV", where=file.where, remedy=_REMEDY)
    if table:
        _refuse_other_columns(layout, table, file)
    return layout


def _layout_of(lines: list[str], skipped: int, mark: str, wanted: tuple[str, ...]) -> _Layout | None:
    """The layout by one delimiter; None where the first line is not CSV by it."""
    try:
        written = next(csv.reader(lines[skipped:], delimiter=mark, skipinitialspace=True, strict=True))
    except (csv.Error, StopIteration):
        return None
    names = tuple(plain_name(name, wanted) for name in written)
    is_spaced = len(names) > 1 and lines[skipped].count(f"{mark} ") == len(names) - 1
    ends = {line[len(line.rstrip("\r\n")) :] for line in lines[: skipped + 2]} - {""}
    return _Layout(skipped, mark, names, is_spaced, is_mixed=len(ends) > 1)


def _refuse_other_columns(layout: _Layout, table: Table, file: DataFile) -> None:
    wanted = names_of(table)
    twice = sorted(name for name in set(layout.names) & set(wanted) if layout.names.count(name) > 1)
    if twice:
        raise ContractError(
            f"its first line names column {shown(twice[0])!r} twice",
            where=file.where,
            remedy="give each column a name of its own",
        )
    if not set(wanted) & set(layout.names):
        raise ContractError(
            f"has none of the columns of table {table.name}; it has {names_in_words(layout.names)}",
            where=file.where,
            remedy=f"name the columns in the first line: {','.join(wanted)}",
        )
    refuse_missing(filter(None, layout.names), table, file.where)


def _malformed(error: Exception, file: DataFile, layout: _Layout) -> SourceError:
    told = str(error)
    line = _LINE.search(told)
    place = f"{file.where}, line {int(line[1]):,}" if line else file.where
    if _NO_TEXT in told:
        return file.no_text(place)
    what = next((words for fault, words in _FAULTS if fault.search(told)), None)
    if widths := _WIDTHS.search(told):
        named, found = map(int, widths.groups())
        what = f"has {counted(found, 'value')} where the first line has {counted(named, 'name')}"
        if layout.delimiter != ",":
            what = f"{what}, parted by {_DELIMITERS.get(layout.delimiter, shown(layout.delimiter))}"
    return SourceError(what or "is not well-formed CSV", where=place, remedy=_REMEDY)
