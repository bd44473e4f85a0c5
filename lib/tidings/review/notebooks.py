"""Executed notebooks read as fast as a thousand of them have to be: as JSON, without a model of cells."""

import base64
import hashlib
import io
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image, UnidentifiedImageError
from upath import UPath

_SCRAP = "application/scrapbook.scrap"
_WIDTH, _HEIGHT, _PICTURES = 240, 150, 4


@dataclass(frozen=True)
class ReadNotebook:
    """What the review needs of an executed notebook.

    Attributes
    ----------
    digest : str
        The SHA-256 of the file.
    values : dict
        What was recorded: name → number, text, list, dict, `pyarrow.Table`, or None.
    made_at : datetime
        When its execution ended, in UTC.
    seconds : float or None
        How long it took.
    picture : bytes or None
        Its first charts on one small PNG of 240 × 150 pixels.
    """

    digest: str
    values: dict[str, Any]
    made_at: datetime
    seconds: float | None
    picture: bytes | None


def read_executed(path: Path | UPath, *, with_picture: bool = True) -> ReadNotebook | None:
    """Read an executed notebook, with its picture or without.

    None where there is none, or no notebook can be made of it.
    """
    try:
        content = path.read_bytes()
        notebook = json.loads(content)
        outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", ())]
        data = [output["data"] for output in outputs if "data" in output]
        papermill = notebook["metadata"].get("papermill", {})
        ended = papermill.get("end_time")
        return ReadNotebook(
            digest=hashlib.sha256(content).hexdigest(),
            values=_values(data),
            made_at=datetime.fromisoformat(ended) if ended else _changed_at(path),
            seconds=papermill.get("duration"),
            picture=_picture([one["image/png"] for one in data if "image/png" in one])
            if with_picture
            else None,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, pa.ArrowException):
        return None


def read_error(path: Path | UPath) -> tuple[str, str]:
    """The name of the error with which a notebook failed, and its message; both empty where it has none."""
    try:
        cells = json.loads(path.read_bytes())["cells"]
        outputs = [output for cell in cells for output in cell.get("outputs", ())]
        error = next(output for output in outputs if output.get("output_type") == "error")
        return str(error["ename"]), str(error["evalue"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, StopIteration):
        return "", ""


def _values(data: list[dict[str, Any]]) -> dict[str, Any]:
    values = {}
    for bundle in data:
        for mime, scrap in bundle.items():
            if mime.startswith(_SCRAP):
                values[scrap["name"]] = _decoded(scrap["data"], scrap["encoder"])
    return values


def _decoded(value: Any, encoder: str) -> Any:
    if encoder == "pandas":
        table = pq.ParquetFile(pa.BufferReader(base64.b64decode(value))).read(use_threads=False)
        return table.select([name for name in table.column_names if not name.startswith("__index")])
    if encoder == "json" and isinstance(value, str):  # as scrapbook itself does, which writes null so
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _changed_at(path: Path | UPath) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _picture(pngs: list[str | list[str]]) -> bytes | None:
    """The first pictures that can be read, two by two on one sheet; None where there is none."""
    sheet, shown = Image.new("RGB", (_WIDTH, _HEIGHT), "white"), 0
    width, height = _WIDTH // 2, _HEIGHT // 2
    for png in pngs:
        try:
            picture = Image.open(io.BytesIO(base64.b64decode("".join(png)))).convert("RGB")
        except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
            continue
        picture.thumbnail((width - 4, height - 4), reducing_gap=2.0)
        sheet.paste(picture, (shown % 2 * width + 2, shown // 2 * height + 2))
        shown += 1
        if shown == _PICTURES:
            break
    content = io.BytesIO()
    sheet.quantize(16).save(content, "PNG")
    return content.getvalue() if shown else None
