"""Finished and failed editions written by hand: notebooks with what they recorded, and their receipts."""

import base64
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pandas as pd
from nbformat.v4 import new_code_cell, new_notebook, new_output

NOTEBOOK, PAGE, MESSAGE, MESSAGE_PAGE = ("report.ipynb", "report.html", "message.eml", "message.html")


def write_edition(
    outputs: Path,
    tenant: str,
    period: str,
    values: dict[str, Any],
    *,
    made_at: str = "2026-11-16T06:00:00+00:00",
    pictures: tuple[bytes, ...] = (),
    **receipt: Any,
) -> str:
    """Write an edition that recorded these values, and give the digest of its notebook.

    A value is a number, a text, None, a list, a dict, or a data frame; ``receipt`` is added to its receipt.
    """
    folder = outputs / tenant / period
    folder.mkdir(parents=True, exist_ok=True)
    about = {"tenant": tenant, "period": period, "services": ["activity"], "version": "0.1.0"}
    outputs_of_cells = [_scrap(name, value) for name, value in ({"report.edition": about} | values).items()]
    outputs_of_cells += [
        new_output("display_data", {"image/png": base64.b64encode(picture).decode()}) for picture in pictures
    ]
    notebook = new_notebook(cells=[new_code_cell("record(edition)", outputs=outputs_of_cells, id="record")])
    notebook.metadata["papermill"] = {"end_time": made_at, "duration": 1.5}
    content = {NOTEBOOK: json.dumps(notebook), PAGE: f"<title>{tenant}</title>", MESSAGE: "Subject: report"}
    content |= {MESSAGE_PAGE: f"<title>{tenant}</title>"}
    for name, text in content.items():
        (folder / name).write_text(text, "utf-8")
    digests = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in content.items()}
    (folder / "edition.json").write_text(json.dumps({"fingerprint": "x", "files": digests} | receipt))
    return digests[NOTEBOOK]


def write_failure(outputs: Path, tenant: str, period: str, name: str, message: str) -> None:
    """Write the notebook of an edition whose last run failed with an error."""
    folder = outputs / tenant / period
    folder.mkdir(parents=True, exist_ok=True)
    error = new_output("error", ename=name, evalue=message, traceback=[])
    notebook = new_notebook(cells=[new_code_cell("open_edition()", outputs=[error])])
    (folder / "failed.ipynb").write_text(json.dumps(notebook), "utf-8")


def days(name: str, numbers: list[float], first: str = "2026-11-09") -> pd.DataFrame:
    """A table with a number for each day."""
    return pd.DataFrame({"day": pd.date_range(first, periods=len(numbers)), name: numbers})


def _scrap(name: str, value: Any):
    if isinstance(value, pd.DataFrame):
        stream = io.BytesIO()
        value.to_parquet(stream)
        data, encoder = base64.b64encode(stream.getvalue()).decode(), "pandas"
    elif value is None:
        data, encoder = "null", "json"
    else:
        data, encoder = value, "text" if isinstance(value, str) else "json"
    payload = {"name": name, "data": data, "encoder": encoder, "version": 1}
    about = {"scrapbook": {"name": name, "data": True, "display": False}}
    return new_output(
        "display_data", {f"application/scrapbook.scrap.{encoder}+json": payload}, metadata=about
    )
