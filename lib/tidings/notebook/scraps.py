"""Scraps: the names under which an executed notebook holds what it recorded; writing and reading them.

The one module that knows scrapbook. That reads them; a kernel writes them without it, since to import it, and
Papermill with it, is a tenth of what a kernel imports.
"""

import base64
import io
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd
from IPython.display import display

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
    """What an executed notebook has recorded: name → number, text, list, dict or data frame.

    Raises
    ------
    ReportError
        The notebook recorded no edition, or two, or two values of one name.
    """
    if recorded_edition(notebook) is None:
        raise ReportError(
            "the notebook recorded no numbers",
            where="report.ipynb",
            remedy="keep the cell that calls open_edition, and execute the notebook",
        )
    seen: dict[str, Any] = {}
    for name, value in _payloads(notebook):
        if seen.setdefault(name, value) != value:
            raise ReportError(
                f"the notebook recorded two values of {name}",
                where="report.ipynb",
                remedy="give each metric of the notebook a name of its own",
            )
    return {name: scrap.data for name, scrap in _scrapbook().models.Notebook(notebook).scraps.items()}


def recorded_edition(notebook: "nbformat.NotebookNode") -> dict[str, Any] | None:
    """The edition that a notebook records; None where it records none.

    Raises
    ------
    ReportError
        It records two: numbers of one tenant or period would stand among another's.
    """
    editions = [value for name, value in _payloads(notebook) if name == EDITION]
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


def _payloads(notebook: "nbformat.NotebookNode") -> Iterator[tuple[str, Any]]:
    """Each scrap's name and its data as they are stored."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            for mimetype, scrap in output.get("data", {}).items():
                if mimetype.startswith(_PREFIX):
                    yield scrap["name"], scrap["data"]


@cache
def _scrapbook() -> Any:
    """Scrapbook, which checks each value by a validator that is made once.

    Its own makes one, and looks whether the schema is one, for each value four times.
    """
    import scrapbook
    from jsonschema.exceptions import best_match
    from jsonschema.validators import validator_for
    from scrapbook.schemas import SCHEMAS

    validators = {id(schema): validator_for(schema)(schema) for schema in SCHEMAS.values()}

    def validate(payload: dict[str, Any], schema: dict[str, Any]) -> None:
        if error := best_match(validators[id(schema)].iter_errors(payload)):
            raise error

    scrapbook.scraps.json_validate = validate
    return scrapbook
