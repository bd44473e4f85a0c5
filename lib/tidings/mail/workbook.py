"""The numbers of a report as a workbook: a sheet a table, typed, and what each of them means."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
from babel import Locale
from nbformat import NotebookNode

from tidings.errors import ReportError
from tidings.language.catalogue import translate
from tidings.language.sentences import say
from tidings.mail.data_files import NUMBERS, head_columns, recorded_tables
from tidings.metrics import METRICS

_EPOCH = datetime(1980, 1, 1)  # the same numbers are the same bytes, whenever they are written
_LONGEST_TEXT = 32_767  # of a cell
_LONGEST_NAME = 31  # of a sheet
_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'"))


def data_workbook(notebook: NotebookNode, locale: Locale) -> bytes:
    """A workbook of all that an executed notebook has recorded: the same record gives the same bytes.

    Each table is a sheet, under its label. Single numbers are the rows of the first, with those of the period
    before; the last says what each of them means. Numbers and days are numbers and days, and texts are
    texts, whatever they begin with.

    Parameters
    ----------
    locale : Locale
        The reader's, in which sheets and columns are headed, as far as there are words.

    Raises
    ------
    ReportError
        The notebook recorded no edition, or XlsxWriter is not installed.
    """
    metrics = {compute.metric.name: compute.metric for compute in METRICS}
    tables = recorded_tables(notebook)
    numbers, sheets = tables.pop(NUMBERS), _Names()
    in_order = sorted(tables, key=lambda name: name.startswith("report."))  # what is about the report, last
    content = io.BytesIO()
    with open_workbook(content, "take xlsx out of the tenant's attachments") as book:
        write_sheet(book, sheets.add(say("Numbers", locale)), numbers, locale)
        meanings = []
        for name in [*in_order, *numbers["name"]]:
            metric = metrics.get(name)
            label = translate(metric.label, locale) if metric else name
            if name in tables:
                label = sheets.add(label)
                write_sheet(book, label, tables[name], locale)
            if metric:
                meanings.append(
                    (name, label, translate(metric.unit, locale), translate(metric.definition, locale))
                )
        definitions = pd.DataFrame(meanings, columns=["name", "label", "unit", "definition"], dtype=object)
        write_sheet(book, sheets.add(say("Definitions", locale)), definitions, locale)
    return content.getvalue()


@contextmanager
def open_workbook(file: Path | io.BytesIO, instead: str) -> Iterator[Any]:
    """A new workbook of XlsxWriter, in which no text becomes a formula, a link or a number.

    Parameters
    ----------
    file : Path or BytesIO
        Where it goes.
    instead : str
        What else the user can do where XlsxWriter is not installed.

    Raises
    ------
    ReportError
        It is not.
    """
    try:
        import xlsxwriter
    except ModuleNotFoundError:
        raise ReportError(
            "a workbook needs XlsxWriter, which is not installed",
            remedy=f"pip install 'tidings[xlsx]', or {instead}",
        ) from None
    options = {"constant_memory": True, "remove_timezone": True, "default_date_format": "yyyy-mm-dd hh:mm:ss"}
    texts = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options | texts) as book:
        book.set_properties({"created": _EPOCH})
        yield book


def write_sheet(book: Any, name: str, table: pd.DataFrame, locale: Locale | None = None) -> None:
    """A sheet of a workbook with a table: the heads stay in sight, days are days, shares percentages.

    Where there is a reader's language, the columns are headed in it.
    """
    sheet, bold = book.add_worksheet(name), book.add_format({"bold": True})
    day, share = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "0.0%"})
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(table), max(len(table.columns) - 1, 0))
    headed = head_columns(table, locale) if locale else table
    for place, column in enumerate(headed.columns):
        sheet.set_column(place, place, min(max(len(str(column)) + 2, 12), 40))
        sheet.write_string(0, place, str(column), bold)
    shares = [str(column) == "share" for column in table.columns]
    for row, values in enumerate(table.itertuples(index=False), start=1):
        for place, value in enumerate(values):
            _write_cell(sheet, (row, place), value, day, share if shares[place] else None)


def _write_cell(sheet: Any, place: tuple[int, int], value: Any, day: Any, number: Any) -> None:
    """One typed cell; nothing where the value is missing."""
    if isinstance(value, list | dict):
        sheet.write_string(*place, str(value)[:_LONGEST_TEXT])
    elif pd.isna(value) or value in (float("inf"), float("-inf")):
        return
    elif isinstance(value, pd.Timestamp):
        is_day = value.tzinfo is None and value == value.normalize()
        sheet.write_datetime(*place, value.to_pydatetime(), day if is_day else None)
    elif isinstance(value, date):
        sheet.write_datetime(*place, value, day)
    elif isinstance(value, str):
        sheet.write_string(*place, value[:_LONGEST_TEXT])
    else:
        sheet.write_number(*place, value, number)


class _Names:
    """The names of a workbook's sheets: short, of the marks that are allowed, and none of them twice."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def add(self, label: str) -> str:
        """A name for a sheet like its label."""
        plain = label.translate(_NOT_IN_NAMES)[:_LONGEST_NAME].strip() or "-"
        names = (plain, *(f"{plain[: _LONGEST_NAME - 3]} {number}" for number in range(2, 100)))
        name = next(name for name in names if name.casefold() not in self._taken)
        self._taken.add(name.casefold())
        return name
