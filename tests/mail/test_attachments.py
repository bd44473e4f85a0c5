"""The files that go with a message, beside its page."""

import io
from datetime import UTC, datetime

import openpyxl
from nbformat.v4 import new_code_cell, new_output
from pypdf import PdfReader

from tidings.mail.envelope import Envelope
from tidings.mail.message import build_message, message_bytes

SCRAP = "application/scrapbook.scrap.json+json"
ABOUT = {"tenant": "demo", "period": "2026-W46", "services": ["activity"]}
RECORD = {"report.edition": ABOUT, "activity.new_users": 367, "activity.new_users.previous": 325}
ENVELOPE = Envelope(
    sender="Tidings <tidings@example.com>",
    recipient="ana@example.com",
    subject="Demo",
    date=datetime(2026, 11, 16, tzinfo=UTC),
    message_id="<demo@example.com>",
    attachments=("pdf", "xlsx"),
)


def _message(make):
    scraps = [
        new_output("display_data", {SCRAP: {"name": name, "data": data, "encoder": "json", "version": 1}})
        for name, data in RECORD.items()
    ]
    report = make.report()
    report.cells.insert(0, new_code_cell("open_edition(tenant)", outputs=scraps))
    return build_message(report, ENVELOPE)


def test_the_report_on_paper_and_its_workbook_go_with_a_message_that_names_them(make, chromium):
    message = _message(make)
    pdf, workbook = message.iter_attachments()
    assert pdf.get_filename() == "demo-2026-W46.pdf"
    assert "Demo Telecom" in PdfReader(io.BytesIO(pdf.get_content())).pages[0].extract_text()
    assert workbook.get_filename() == "demo-2026-W46-data.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(workbook.get_content()))
    assert [cell.value for cell in book["Numbers"][2]] == ["activity.new_users", 367, 325]
    text = message.get_body(("plain",)).get_content()
    assert "Attached is the report to print: demo-2026-W46.pdf" in text
    assert "Attached are the numbers as a workbook: demo-2026-W46-data.xlsx" in text
    assert message_bytes(_message(make)) == message_bytes(message)
