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
from PIL import Image
from upath import UPath

from tidings.errors import ReportError
from tidings.notebook.scraps import decode, scraps_of
from tidings.parts.unreadable import UNREADABLE

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
            values={scrap["name"]: _without_index(decode(scrap)) for scrap in scraps_of(notebook)},
            made_at=datetime.fromisoformat(ended) if ended else _changed_at(path),
            seconds=papermill.get("duration"),
            picture=_picture([one["image/png"] for one in data if "image/png" in one])
            if with_picture
            else None,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ReportError):
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


def _without_index(value: Any) -> Any:
    if not isinstance(value, pa.Table):
        return value
    return value.select([name for name in value.column_names if not name.startswith("__index")])


def _changed_at(path: Path | UPath) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _picture(pngs: list[str | list[str]]) -> bytes | None:
    """The first pictures that can be read, two by two on one sheet; None where there is none."""
    sheet, shown = Image.new("RGB", (_WIDTH, _HEIGHT), "white"), 0
    width, height = _WIDTH // 2, _HEIGHT // 2
    for png in pngs:
        try:
            picture = Image.open(io.BytesIO(base64.b64decode("".join(png)))).convert("RGB")
        except UNREADABLE:
            continue
        picture.thumbnail((width - 4, height - 4), reducing_gap=2.0)
        sheet.paste(picture, (shown % 2 * width + 2, shown // 2 * height + 2))
        shown += 1
        if shown == _PICTURES:
            break
    content = io.BytesIO()
    sheet.quantize(16).save(content, "PNG")
    return content.getvalue() if shown else None
