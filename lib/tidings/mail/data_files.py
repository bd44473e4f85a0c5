"""The numbers of a report as CSV files in one ZIP, for those who count on."""

import io
import zipfile
from typing import Any
from urllib.parse import quote

import pandas as pd
from babel import Locale
from nbformat import NotebookNode
from pandas.api.types import is_datetime64_any_dtype, is_numeric_dtype

from tidings.language.catalogue import ENGLISH, translate
from tidings.language.sentences import say
from tidings.metrics.metric import word_column
from tidings.metrics.observations import OBSERVATIONS
from tidings.notebook.scraps import recorded

NUMBERS = "report.numbers"

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_PREVIOUS = ".previous"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # of ZIP: the same numbers are the same bytes, whenever they are packed


def data_archive(notebook: NotebookNode, locale: Locale) -> bytes:
    """A ZIP of all that an executed notebook has recorded: the same record gives the same bytes.

    Each table is a file of its name, and so is a ranking of the period before; single numbers are the rows
    of ``report.numbers.csv``, with those of the period before. Columns are headed by their recorded names; in
    another language than English by its words for them. Files are in UTF-8, with a byte order mark by which
    spreadsheets know it, and lines end in CRLF. A text that a spreadsheet would take for a formula begins
    with an apostrophe; numbers are as they are.

    Raises
    ------
    ReportError
        The notebook recorded no edition.
    """
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        tables = {_file_name(name): table for name, table in recorded_tables(notebook).items()}
        for name, table in sorted(tables.items()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            file.writestr(entry, _csv(head_columns(table, locale)))
    return archive.getvalue()


def recorded_tables(notebook: NotebookNode) -> dict[str, pd.DataFrame]:
    """All that an executed notebook has recorded, as tables by their names; `NUMBERS` has the single numbers.

    Raises
    ------
    ReportError
        The notebook recorded no edition.
    """
    record = recorded(notebook)
    tables, numbers = {}, {}
    for name, value in record.items():
        if name == OBSERVATIONS:  # for those who judge the report, not for its readers
            continue
        if isinstance(value, pd.DataFrame):
            tables[name] = value
        elif isinstance(value, dict):
            tables[name] = pd.DataFrame(value.items(), columns=["key", "value"], dtype=object)
        elif isinstance(value, list):
            is_of_rows = bool(value) and all(isinstance(row, dict) for row in value)
            tables[name] = pd.DataFrame(value if is_of_rows else {"value": value}, dtype=object)
        elif not name.endswith(_PREVIOUS):
            numbers[name] = (value, record.get(f"{name}{_PREVIOUS}"))
    rows = [(name, *values) for name, values in sorted(numbers.items())]
    return {NUMBERS: pd.DataFrame(rows, columns=["name", "value", "previous"], dtype=object)} | tables


def _file_name(name: str) -> str:
    """A name that is no path, and that of no other table."""
    return f"{quote(name, safe='')}.csv"


def head_columns(table: pd.DataFrame, locale: Locale) -> pd.DataFrame:
    """A table with its columns headed in the reader's language, as far as they have words."""
    if locale.language == ENGLISH:
        return table
    words = {
        "key": say("Key", locale),
        "value": say("Value", locale),
        "name": say("Name", locale),
        "previous": say("Before", locale),
        "kind": say("Kind", locale),
        "score": say("Score", locale),
    }
    said = {name: translate(word_column(name), locale) for name in map(str, table)} | words
    headed = table.rename(columns={name: word for name, word in said.items() if word != word_column(name)})
    return headed if headed.columns.is_unique else table


def _csv(table: pd.DataFrame) -> bytes:
    columns = {as_plain_cell(name): _plain_column(column) for name, column in table.items()}
    return pd.DataFrame(columns).to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def _plain_column(column: pd.Series) -> pd.Series:
    if is_numeric_dtype(column) or is_datetime64_any_dtype(column):
        return column
    return pd.Series([as_plain_cell(cell) for cell in column], index=column.index, dtype=object)


def as_plain_cell(cell: Any) -> Any:
    """The cell as text, after an apostrophe where a spreadsheet would compute it: also after spaces."""
    is_formula = isinstance(cell, str) and (cell.startswith(_FORMULA) or cell.lstrip().startswith(_FORMULA))
    return f"'{cell}" if is_formula else cell
