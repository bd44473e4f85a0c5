"""Scraps: the names under which an executed notebook holds what it recorded; writing and reading them.

They are what scrapbook writes and reads, and the tests hold them against it. It is not used itself: to import
it, and Papermill with it, is a tenth of what a kernel imports, and to read by it takes four times as long.
"""

import base64
import io
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from tidings.errors import ReportError

if TYPE_CHECKING:
    import nbformat

EDITION = "report.edition"
HIGHLIGHTS = "report.highlights"
FINDINGS = "report.findings"
_PREFIX = "application/scrapbook.scrap"
_VERSION = 1


def write_scrap(name: str, value: Any) -> None:
    """Record a value under a name, as a hidden output of the cell that is running.

    Parameters
    ----------
    value : number, str, list, dict, pandas.DataFrame or None
        What scrapbook keeps. Its schema forbids null, which is recorded as JSON text that it decodes to
        None on reading.
    """
    from IPython.display import display  # only here: whoever reads a thousand records needs no IPython

    encoder, data = _encode(value)
    payload = {"name": name, "data": data, "encoder": encoder, "version": _VERSION}
    about = {"scrapbook": {"name": name, "data": True, "display": False}}
    display({f"{_PREFIX}.{encoder}+json": payload}, metadata=about, raw=True)


def _encode(value: Any) -> tuple[str, Any]:
    """The name that scrapbook has for a way to write a value, and the value so written."""
    if value is None:
        return "json", "null"
    if isinstance(value, pd.DataFrame):
        file = io.BytesIO()
        value.to_parquet(file, engine="pyarrow")
        return "pandas", base64.b64encode(file.getvalue()).decode()
    return "text" if isinstance(value, str) else "json", value


def recorded(notebook: "nbformat.NotebookNode") -> dict[str, Any]:
    """What an executed notebook has recorded: name → number, text, list, dict, data frame or None.

    Raises
    ------
    ReportError
        The notebook recorded no edition, or two, or two values of one name, or something that is no value.
    """
    if recorded_edition(notebook) is None:
        raise ReportError(
            "the notebook recorded no numbers",
            where="report.ipynb",
            remedy="keep the cell that calls open_edition, and execute the notebook",
        )
    seen: dict[str, Mapping[str, Any]] = {}
    for scrap in scraps_of(notebook):
        if seen.setdefault(scrap["name"], scrap) != scrap:
            raise ReportError(
                f"the notebook recorded two values of {scrap['name']}",
                where="report.ipynb",
                remedy="give each metric of the notebook a name of its own",
            )
    values = {name: decode(scrap) for name, scrap in seen.items()}
    return {
        name: value.to_pandas() if isinstance(value, pa.Table) else value for name, value in values.items()
    }


def recorded_edition(notebook: "nbformat.NotebookNode") -> dict[str, Any] | None:
    """The edition that a notebook records; None where it records none.

    Raises
    ------
    ReportError
        It records two: numbers of one tenant or period would stand among another's.
    """
    editions = [scrap["data"] for scrap in scraps_of(notebook) if scrap["name"] == EDITION]
    for other in editions[1:]:
        if other != editions[0]:
            first, second = (
                f"tenant {one['tenant']}, period {one['period']}" for one in (editions[0], other)
            )
            raise ReportError(
                f"the notebook recorded two editions: {first}, and {second}",
                where="report.ipynb",
                remedy="open one edition in a notebook, and execute it from the top",
            )
    return editions[0] if editions else None


def is_scrap(data: Mapping[str, Any]) -> bool:
    """Whether the MIME bundle of an output is a scrap, which no reader sees."""
    return any(mimetype.startswith(_PREFIX) for mimetype in data)


def scraps_of(notebook: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Each scrap of an executed notebook, or of its JSON: a name, data, and the encoder that wrote these."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            for mimetype, scrap in output.get("data", {}).items():
                if mimetype.startswith(_PREFIX):
                    yield scrap


def decode(scrap: Mapping[str, Any]) -> Any:
    """The value of a scrap: a number, text, list, dict or None; of a data frame, the `pyarrow.Table`.

    Raises
    ------
    ReportError
        It has none.
    """
    from pyarrow.parquet import ParquetFile  # only here: it is imported while cells are executed

    match scrap:
        case {"encoder": "json", "data": str(text)}:
            try:
                return json.loads(text)
            except ValueError:
                return text
        case {"encoder": "json" | "text", "data": value}:
            return value
        case {"encoder": "pandas", "data": str(text)}:
            with suppress(ValueError, OSError, pa.ArrowException):
                return ParquetFile(pa.BufferReader(base64.b64decode(text))).read(use_threads=False)
    raise ReportError(
        f"the notebook recorded no value of {scrap['name']}",
        where="report.ipynb",
        remedy="record it by a metric",
    )
