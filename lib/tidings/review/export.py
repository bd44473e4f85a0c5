"""The history as a file for other programs: CSV, Parquet, or a workbook."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from tidings.errors import ReportError
from tidings.mail.data_files import as_plain_cell
from tidings.mail.workbook import open_workbook, write_sheet
from tidings.review.files import write_whole

_MOST_ROWS = 1_048_576  # of a sheet, with its header


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
    with write_whole(file, "name another with TO=") as draft:
        file.parent.mkdir(parents=True, exist_ok=True)
        FORMS[form](frame.drop(columns="picture", errors="ignore"), draft)


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
    with open_workbook(file, "choose csv or parquet") as book:
        write_sheet(book, "history", frame)


FORMS: dict[str, Callable[[pd.DataFrame, Path], None]] = {
    "csv": _write_csv,
    "parquet": _write_parquet,
    "xlsx": _write_xlsx,
}
"""How each form is written, by its name."""
