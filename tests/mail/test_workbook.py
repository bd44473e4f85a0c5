"""The numbers as a workbook: what is on its sheets, and that no text in it is computed."""

import io
import sys
from datetime import datetime

import openpyxl
import pandas as pd
import pytest
from babel import Locale
from nbformat.v4 import new_code_cell, new_notebook, new_output
from scrapbook.encoders import registry
from scrapbook.schemas import GLUE_PAYLOAD_FMT
from scrapbook.scraps import Scrap, scrap_to_payload

from tidings.errors import ReportError
from tidings.mail.workbook import data_workbook

ENGLISH = Locale("en")
INTENTS = pd.DataFrame(
    {
        "day": pd.to_datetime(["2026-11-09", "2026-11-10"]),
        "intent": ['=cmd|" /C calc"!A1', "https://example.com"],
        "messages": [-3, 5],
        "share": [0.25, None],
    }
)


def _glued(name, value, encoder):
    scrap = registry.encode(Scrap(name, value, encoder))
    return new_output("display_data", {GLUE_PAYLOAD_FMT.format(encoder=encoder): scrap_to_payload(scrap)})


def _book(**tables):
    outputs = [
        _glued("report.edition", {"tenant": "demo", "period": "2026-W46", "services": ["activity"]}, "json"),
        _glued("activity.new_users", 367, "json"),
        _glued("activity.new_users.previous", 325, "json"),
        *(_glued(name, table, "pandas") for name, table in tables.items()),
    ]
    content = data_workbook(new_notebook(cells=[new_code_cell("open", outputs=outputs)]), ENGLISH)
    assert content == data_workbook(new_notebook(cells=[new_code_cell("open", outputs=outputs)]), ENGLISH)
    return openpyxl.load_workbook(io.BytesIO(content))


def _rows(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_a_table_is_a_sheet_of_its_label_with_types_and_without_formulas():
    book = _book(**{"chatbot.intents": INTENTS})
    assert book.sheetnames == ["Numbers", "Most Frequent Intents", "report.edition", "Definitions"]
    sheet = book["Most Frequent Intents"]
    assert _rows(sheet) == [
        ["day", "intent", "messages", "share"],
        [datetime(2026, 11, 9), '=cmd|" /C calc"!A1', -3, 0.25],
        [datetime(2026, 11, 10), "https://example.com", 5, None],
    ]
    assert [cell.data_type for cell in sheet[2]] == ["d", "s", "n", "n"]
    assert (sheet["A2"].number_format, sheet["D2"].number_format) == ("yyyy-mm-dd", "0.0%")
    assert sheet["B3"].hyperlink is None


def test_single_numbers_stand_on_the_first_sheet_and_what_they_mean_on_the_last():
    book = _book(**{"chatbot.intents": INTENTS})
    assert _rows(book["Numbers"]) == [["name", "value", "previous"], ["activity.new_users", 367, 325]]
    head, intents, users = _rows(book["Definitions"])
    assert head == ["name", "label", "unit", "definition"]
    assert intents[:3] == ["chatbot.intents", "Most Frequent Intents", "messages"]
    assert users == ["activity.new_users", "New Users", "users", users[3]]
    assert users[3].startswith("Users whose first ever")


def test_sheets_of_long_and_like_names_are_told_apart():
    name = "team.letters_of_all_kinds_that_came_"
    book = _book(**{f"{name}in": INTENTS, f"{name}out": INTENTS, "team.a": INTENTS, "TEAM.A": INTENTS})
    assert book.sheetnames[1:5] == [
        "team.letters_of_all_kinds_that_",
        "team.letters_of_all_kinds_th 2",
        "team.a",
        "TEAM.A 2",
    ]


def test_xlsxwriter_that_is_not_there_is_asked_for(monkeypatch):
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(ReportError, match="a workbook needs XlsxWriter") as caught:
        _book()
    assert caught.value.remedy == "pip install 'tidings[xlsx]', or take xlsx out of the tenant's attachments"
