"""The history as CSV, Parquet and a workbook."""

import csv
import zipfile
from datetime import date

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from support.editions import days, write_edition

from tidings.errors import ReportError
from tidings.review.export import export
from tidings.review.history import read_history, update_history

FORMULA = '=HYPERLINK("http://x.invalid")'


@pytest.fixture
def frame(tmp_path) -> pd.DataFrame:
    values = {
        "activity.total_messages": 80,
        "activity.incoming_messages": days("incoming_messages", [30.5]),
        "chatbot.intents": pd.DataFrame({"intent": [FORMULA], "messages": [7]}),
    }
    write_edition(tmp_path / "outputs", "acme", "2026-W46", values)
    update_history(tmp_path / "outputs")
    return read_history(tmp_path / "outputs")


def test_csv_has_a_line_for_each_value_and_no_formula(frame, tmp_path):
    export(frame, tmp_path / "x.csv", "csv")
    content = (tmp_path / "x.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines()))
    assert len(rows) == len(frame) == 4
    by_name = {row["name"]: row for row in rows}
    assert by_name["chatbot.intents"]["intent"] == f"'{FORMULA}"
    assert by_name["activity.total_messages"]["value"] == "80.0"
    assert by_name["activity.incoming_messages"]["day"] == "2026-11-09"
    assert by_name["activity.total_messages"]["made_at"] == "2026-11-16T06:00:00Z"
    assert "picture" not in rows[0]


def test_parquet_keeps_types_and_texts(frame, tmp_path):
    export(frame, tmp_path / "x.parquet", "parquet")
    table = pq.read_table(tmp_path / "x.parquet")
    assert table.schema.field("value").type == pa.float64()
    assert table.schema.field("day").type == pa.date32()
    assert FORMULA in table["intent"].to_pylist()


def test_a_workbook_has_typed_cells_and_executes_nothing(frame, tmp_path):
    export(frame, tmp_path / "x.xlsx", "xlsx")
    sheet = pd.read_excel(tmp_path / "x.xlsx", engine="openpyxl").set_index("name")
    assert sheet.loc["activity.total_messages", "value"] == 80
    assert sheet.loc["activity.incoming_messages", "day"] == pd.Timestamp("2026-11-09")
    assert sheet.loc["activity.total_messages", "made_at"] == pd.Timestamp("2026-11-16 06:00:00")
    assert sheet.loc["chatbot.intents", "intent"] == FORMULA
    with zipfile.ZipFile(tmp_path / "x.xlsx") as book:
        xml = "".join(
            book.read(name).decode() for name in book.namelist() if name.endswith((".xml", ".rels"))
        )
    assert "<f>" not in xml
    assert "<hyperlink " not in xml


def test_a_text_too_long_for_a_cell_is_cut_there(tmp_path):
    frame = pd.DataFrame({"name": ["x" * 40_000], "value": [float("inf")], "day": [date(2026, 11, 9)]})
    export(frame, tmp_path / "x.xlsx", "xlsx")
    sheet = pd.read_excel(tmp_path / "x.xlsx", engine="openpyxl")
    assert len(sheet["name"].iloc[0]) == 32_767
    assert pd.isna(sheet["value"].iloc[0])


def test_a_form_that_is_none_is_refused_with_those_there_are(frame, tmp_path):
    with pytest.raises(ReportError, match="csv, parquet, xlsx"):
        export(frame, tmp_path / "x.pdf", "pdf")
    assert not (tmp_path / "x.pdf").exists()


def test_more_values_than_a_sheet_has_rows_are_refused_and_nothing_is_written(tmp_path):
    frame = pd.DataFrame({"value": range(1_048_576)})
    with pytest.raises(ReportError, match="no room on a sheet"):
        export(frame, tmp_path / "x.xlsx", "xlsx")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_is_told_in_words_and_leaves_nothing(frame, tmp_path):
    (tmp_path / "there").write_text("a file")
    with pytest.raises(ReportError, match="cannot be written"):
        export(frame, tmp_path / "there" / "x.csv", "csv")
    assert (tmp_path / "there").read_text() == "a file"
