"""The forms of files that rows are kept in, by their names."""

import re
from enum import Enum


class Form(Enum):
    """How a file keeps its rows."""

    PARQUET = "Parquet"
    CSV = "CSV"
    JSON = "JSON"


_PACKED = ("", ".gz", ".zst")
_ENDINGS = (
    dict.fromkeys((".parquet", ".pq"), Form.PARQUET)
    | {text + packed: Form.CSV for text in (".csv", ".tsv") for packed in _PACKED}
    | {text + packed: Form.JSON for text in (".json", ".ndjson", ".jsonl") for packed in _PACKED}
)
_OTHERS = re.compile(
    r"\.(xls[xmb]?|ods|numbers|txt|tab|psv|dat|html?|xml|sql|rds|sav|dta|orc|avro|feather|arrow|db|sqlite3?"
    r"|zip|t?gz|gzip|zst|bz2|xz|lz4|br|7z|tar)$",
    re.IGNORECASE,
)


def table_and_form(name: str) -> tuple[str, Form | None]:
    """The table that a file of this name holds, in small letters, and its form; None: none that is read."""
    lower = name.lower()
    for ending, form in _ENDINGS.items():
        if lower.endswith(ending):
            return lower.removesuffix(ending), form
    return lower.partition(".")[0], None


def order_of(name: str) -> int:
    """The place of a file among those of one table: Parquet, CSV, JSON, and then what is read in none."""
    form = table_and_form(name)[1]
    return [*Form, None].index(form)


def is_data(name: str) -> bool:
    """Whether a file's name is that of data in a form that is not read, such as a workbook's."""
    return bool(_OTHERS.search(name))


def has_lines(name: str) -> bool:
    """Whether a JSON file of this name has a line for each row, so that one without any has no rows."""
    return not re.search(r"\.json(\.gz|\.zst)?$", name.lower())
