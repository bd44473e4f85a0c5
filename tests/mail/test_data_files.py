import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_notebook, new_output
from scrapbook.encoders import registry
from scrapbook.schemas import GLUE_PAYLOAD_FMT
from scrapbook.scraps import Scrap, scrap_to_payload

from tidings.errors import ReportError
from tidings.language.locale import reader_locale
from tidings.mail.data_files import data_archive
from tidings.mail.envelope import Envelope
from tidings.mail.message import build_message

ENGLISH, SPANISH = reader_locale("en"), reader_locale("es-CO")
EDITION = {"tenant": "demo", "period": "2026-W46", "time_zone": "America/Bogota", "services": ["activity"]}
TABLE = pd.DataFrame(
    {
        "day": pd.to_datetime(["2026-11-09", "2026-11-10"]),
        "intent": ['=cmd|" /C calc"!A1', "Añadir, saldo"],
        "messages": [-3, 5],
        "share": [0.25, None],
    }
)


def _glued(name, value, encoder):
    scrap = registry.encode(Scrap(name, value, encoder))
    kind = GLUE_PAYLOAD_FMT.format(encoder=encoder)
    return new_output("display_data", {kind: scrap_to_payload(scrap)}, metadata={"scrapbook": {"name": name}})


def _notebook(**tables):
    outputs = [
        _glued("report.edition", EDITION, "json"),
        _glued("report.highlights", ["+1 is no formula"], "json"),
        _glued("report.findings", [{"name": "activity.new_users", "kind": "change", "score": 1.5}], "json"),
        _glued("activity.new_users", 367, "json"),
        _glued("activity.new_users.previous", 325, "json"),
        _glued("activity.peak_time", "2026-11-13T14:03:00-05:00", "text"),
        *(_glued(name, table, "pandas") for name, table in tables.items()),
    ]
    return new_notebook(cells=[new_code_cell("open_edition(tenant)", outputs=outputs)])


def _files(notebook, locale=ENGLISH):
    with zipfile.ZipFile(io.BytesIO(data_archive(notebook, locale))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _rows(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_a_table_is_a_file_with_harmless_text_and_real_numbers():
    data = _files(_notebook(**{"chatbot.intents": TABLE}))["chatbot.intents.csv"]
    assert data.startswith("\ufeff".encode())
    assert data.count(b"\r\n") == 3
    assert _rows(data) == [
        ["day", "intent", "messages", "share"],
        ["2026-11-09", '\'=cmd|" /C calc"!A1', "-3", "0.25"],
        ["2026-11-10", "Añadir, saldo", "5", ""],
    ]


def test_columns_are_headed_in_the_readers_language():
    files = _files(_notebook(**{"chatbot.intents": TABLE.assign(own_words=0)}), SPANISH)
    assert _rows(files["chatbot.intents.csv"])[0] == [
        "Día",
        "Intención",
        "Mensajes",
        "Porcentaje",
        "own_words",
    ]
    assert _rows(files["report.numbers.csv"])[:2] == [
        ["Nombre", "Valor", "Antes"],
        ["activity.new_users", "367", "325"],
    ]


def test_no_column_is_lost_that_is_headed_like_another():
    table = TABLE[["day"]].assign(messages=1, Mensajes=2)
    assert _rows(_files(_notebook(table=table), SPANISH)["table.csv"])[0] == ["day", "messages", "Mensajes"]


def test_single_numbers_stand_beside_those_of_the_period_before():
    assert _rows(_files(_notebook())["report.numbers.csv"]) == [
        ["name", "value", "previous"],
        ["activity.new_users", "367", "325"],
        ["activity.peak_time", "2026-11-13T14:03:00-05:00", ""],
    ]


def test_a_ranking_of_the_period_before_is_a_file_beside_it():
    files = _files(_notebook(**{"chatbot.intents": TABLE, "chatbot.intents.previous": TABLE.head(1)}))
    assert len(_rows(files["chatbot.intents.csv"])) == 3
    assert len(_rows(files["chatbot.intents.previous.csv"])) == 2


def test_a_ranking_without_one_before_is_one_file():
    notebook = _notebook(**{"chatbot.intents": TABLE})
    null = scrap_to_payload(Scrap("chatbot.intents.previous", "null", "json"))
    kind = GLUE_PAYLOAD_FMT.format(encoder="json")
    notebook.cells[0].outputs.append(new_output("display_data", {kind: null}))
    assert [name for name in _files(notebook) if name.startswith("chatbot.")] == ["chatbot.intents.csv"]


def test_the_edition_and_the_highlights_are_files_too():
    files = _files(_notebook())
    assert ["time_zone", "America/Bogota"] in _rows(files["report.edition.csv"])
    assert _rows(files["report.highlights.csv"]) == [["value"], ["'+1 is no formula"]]
    assert _rows(files["report.findings.csv"]) == [
        ["name", "kind", "score"],
        ["activity.new_users", "change", "1.5"],
    ]


def test_the_same_record_is_the_same_bytes():
    assert data_archive(_notebook(a=TABLE, b=TABLE), ENGLISH) == data_archive(
        _notebook(b=TABLE, a=TABLE), ENGLISH
    )


@pytest.mark.parametrize("name", ["../etc/passwd", "a/b", "C:\\x", "a\x00b", "ä"])
def test_a_file_s_name_is_no_path(name):
    (written,) = [file for file in _files(_notebook(**{name: TABLE})) if not file.startswith("report.")]
    assert written.isascii()
    assert not set("/\\:\x00") & set(written)


@given(st.text(max_size=20))
def test_no_cell_begins_like_a_formula(text):
    frame = pd.DataFrame({text or "x": [text]})
    for row in _rows(_files(_notebook(table=frame))["table.csv"]):
        assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for cell in row)


def test_a_message_carries_the_data_under_the_edition_s_name(make):
    notebook = _notebook(table=TABLE)
    notebook.cells.insert(0, make.shown(make.header))
    draft = Envelope("a@example.com", None, "Demo", datetime(2026, 11, 16, tzinfo=UTC), "<1@example.com>")
    (file,) = build_message(notebook, replace(draft, attachments=("data",))).iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == ("demo-2026-W46-data.zip", "application/zip")
    assert file.get_content() == data_archive(notebook, ENGLISH)


def test_a_notebook_that_recorded_nothing_has_no_data():
    with pytest.raises(ReportError, match="recorded no numbers"):
        data_archive(new_notebook(), ENGLISH)


def test_the_numbers_are_those_of_the_notebook(tmp_path):
    path = tmp_path / "report.ipynb"
    path.write_text(json.dumps(_notebook(table=TABLE)))
    (tmp_path / "table.csv").write_bytes(_files(_notebook(table=TABLE))["table.csv"])
    read = pd.read_csv(tmp_path / "table.csv", parse_dates=["day"])
    pd.testing.assert_frame_equal(read[["day", "messages", "share"]], TABLE[["day", "messages", "share"]])
