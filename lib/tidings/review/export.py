"""The history as a file for other programs: CSV, Parquet, or a workbook."""

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from tidings.errors import ReportError
from tidings.mail.data_files import as_plain_cell

_MOST_ROWS = 1_048_576  # of a sheet, with its header
_LONGEST_TEXT = 32_767  # of a cell


def export(frame: pd.DataFrame, file: Path, form: str) -> None:
    """Write recorded values to a file, whole or not at all.

    Parameters
    ----------
    frame : pandas.DataFrame
        What `tidings.review.history.read_history` gives.
    file : Path
        Where it goes; what is there is replaced.
    form : {"csv", "parquet", "xlsx"}
        CSV is UTF-8 with a byte order mark and a line for each value; a text that a spreadsheet would compute
        begins with an apostrophe there. In Parquet and in a workbook numbers, days and instants have their
        types, and texts are texts, whatever they begin with; a workbook's instants are in UTC.

    Raises
    ------
    ReportError
        There is no such form, a sheet has no room for so many rows, or the file cannot be written.
    """
    if form not in FORMS:
        raise ReportError(
            f"{form!r} is not a form of export", where="option --format", remedy=f"write {', '.join(FORMS)}"
        )
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        FORMS[form](frame.drop(columns="picture", errors="ignore"), draft)
        os.replace(draft, file)
    except OSError as error:
        raise ReportError(
            f"cannot be written ({error.strerror})", where=f"file {file}", remedy="name another with TO="
        ) from None
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def _write_csv(frame: pd.DataFrame, file: Path) -> None:
    plain = frame.copy()
    for column in plain.select_dtypes(include=["object", "string"]):
        plain[column] = pd.Series([as_plain_cell(cell) for cell in plain[column]], dtype=object)
    plain.to_csv(
        file, index=False, encoding="utf-8-sig", lineterminator="\r\n", date_format="%Y-%m-%dT%H:%M:%SZ"
    )


def _write_parquet(frame: pd.DataFrame, file: Path) -> None:
    frame.to_parquet(file, index=False, compression="zstd")


def _write_xlsx(frame: pd.DataFrame, file: Path) -> None:
    if len(frame) >= _MOST_ROWS:
        raise ReportError(
            f"{len(frame):,} values have no room on a sheet, which has {_MOST_ROWS:,} rows",
            where="option --format",
            remedy="choose a tenant or a period (TENANT=, PERIOD=), or csv or parquet",
        )
    try:
        import xlsxwriter
    except ModuleNotFoundError:
        raise ReportError(
            "a workbook needs XlsxWriter, which is not installed",
            where="option --format",
            remedy="pip install 'tidings[xlsx]', or choose csv or parquet",
        ) from None
    options = {"constant_memory": True, "remove_timezone": True, "default_date_format": "yyyy-mm-dd hh:mm:ss"}
    texts = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options | texts) as book:
        sheet, day = book.add_worksheet("history"), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(frame), max(len(frame.columns) - 1, 0))
        for place, name in enumerate(frame.columns):
            sheet.set_column(place, place, min(max(len(name) + 2, 12), 40))
            sheet.write_string(0, place, name, book.add_format({"bold": True}))
        for row, values in enumerate(frame.itertuples(index=False), start=1):
            for place, value in enumerate(values):
                _write_cell(sheet, (row, place), value, day)


def _write_cell(sheet: Any, place: tuple[int, int], value: Any, day: Any) -> None:
    """One typed cell; nothing where the value is missing."""
    if pd.isna(value) or value in (float("inf"), float("-inf")):
        return
    if isinstance(value, pd.Timestamp):
        sheet.write_datetime(*place, value.to_pydatetime())
    elif isinstance(value, date):
        sheet.write_datetime(*place, value, day)
    elif isinstance(value, str):
        sheet.write_string(*place, value[:_LONGEST_TEXT])
    else:
        sheet.write_number(*place, value)


FORMS: dict[str, Callable[[pd.DataFrame, Path], None]] = {
    "csv": _write_csv,
    "parquet": _write_parquet,
    "xlsx": _write_xlsx,
}
"""How each form is written, by its name."""
