"""The page on paper: its running head, its sheets, and what happens where nothing prints it."""

import io
from dataclasses import replace
from unicodedata import normalize

import nbformat
import pytest
from pypdf import PdfReader
from support.batches import request_in
from support.projects import NOW, add_tenant, make_project
from support.quick import slow_but
from support.tables import message

from tidings.errors import ReportError
from tidings.page.pdf import page_pdf
from tidings.parts.part import Amount, Cards, Footer, Line, Measure, Row
from tidings.reports.report import make_report
from tidings.review.judge import judge_edition

pytestmark = pytest.mark.usefixtures("chromium")


def _sheets(pdf: bytes) -> list[str]:
    """The words of each sheet, with ligatures taken apart."""
    texts = (page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return [" ".join(normalize("NFKC", text).split()) for text in texts]


def test_each_sheet_but_the_first_is_headed_by_tenant_and_period_and_all_are_numbered(make):
    report = make.report()
    report.cells[6:6] = [nbformat.v4.new_markdown_cell("words " * 2_000)]
    first, second, *_ = sheets = _sheets(page_pdf(report))
    head = "Demo Telecom · Mon 9 – Sun 15 November 2026"
    assert head not in first
    assert second.startswith(head)
    assert f"1 / {len(sheets)}" in first
    assert f"2 / {len(sheets)}" in second


def test_what_the_numbers_mean_is_on_paper_and_the_charts_data_are_not(make):
    text = " ".join(_sheets(page_pdf(make.report())))
    assert "people who wrote for the first time." in text
    assert "What these figures mean" not in text


def test_a_section_begins_on_the_sheet_of_its_figures_wherever_that_is(make):
    cells = []
    for lines in range(1, 60, 4):
        cells += [
            nbformat.v4.new_markdown_cell("\n".join(["## Before", *["\nA line."] * lines])),
            nbformat.v4.new_markdown_cell(f"## Section {lines} begins\n\nWhat reached the team."),
            make.shown(Cards(tuple(make.card(f"Figure {lines}") for _ in range(6)))),
        ]
    sheets = _sheets(page_pdf(make.notebook(*cells)))
    for lines in range(1, 60, 4):
        (sheet,) = (text for text in sheets if f"Section {lines} begins" in text)
        assert sheet.count(f"Figure {lines}: people") == 6


def test_six_cards_abreast_break_no_word_of_their_labels(make):
    cards = Cards(tuple(make.card("Conversaciones perdidas", definition="–") for _ in range(6)))
    text = " ".join(_sheets(page_pdf(make.notebook(make.shown(cards)))))
    assert text.count("Conversaciones perdidas") == 12  # on the card, and with what it means


@pytest.mark.parametrize("hours", slow_but(["1,240 h 15 min"], ["40 h 10 min", "1,240 h 15 min"]))
def test_thirteen_agents_what_their_numbers_mean_and_a_statement_fit_on_a_sheet(make, hours):
    measures = tuple(
        Measure(name, f"Total {name}", f"What {name} means.") for name in ("talks", "minutes", "hours")
    )
    amounts = (Amount("59", 1), Amount("7 h 25 min", 0.5), Amount(hours, 0.9))
    lines = tuple(Line(f"Agent {place}", None, amounts, None) for place in range(13))
    agents = make.agents(measures=measures, lines=lines, rest=None, folded=())
    steps = tuple(Row(f"Step {place}", "Why it is so.", "9", total=place == 4) for place in range(5))
    statement = replace(make.parts("Total")["table"], rows=steps)
    before = nbformat.v4.new_markdown_cell("## Agents\n\nA line.")
    (sheet,) = _sheets(page_pdf(make.notebook(before, make.shown(agents), make.shown(statement))))
    assert sheet.count(hours) == 13
    assert "What hours means." in sheet
    assert "Step 4 Why it is so." in sheet


@pytest.mark.parametrize("lines", slow_but([22], [20, 22, 24]))
def test_the_last_lines_of_a_report_never_stand_on_a_sheet_alone(make, lines):
    report = make.notebook(
        nbformat.v4.new_markdown_cell("\n".join(["## Activity", *["\nA line."] * lines])),
        make.shown(make.parts("A word")["notice"]),
        make.shown(make.parts("Total")["table"]),
        make.shown(Footer(("The data reach to Sunday.",))),
    )
    last = _sheets(page_pdf(report))[-1]
    assert "The data reach to Sunday." in last
    assert "Total Conversations" in last


@pytest.mark.slow
def test_a_name_cannot_leave_the_running_head(make):
    name = '"} </style><b>x</b>'
    report = make.report(tenant=name)
    report.cells[6:6] = [nbformat.v4.new_markdown_cell("words " * 2_000)]
    assert _sheets(page_pdf(report))[1].startswith(name)


@pytest.mark.slow
def test_the_command_prints_the_same_bytes_each_time(tmp_path, monkeypatch, kernel, tidings):
    project = make_project(tmp_path, short=True)
    add_tenant(project, "acme", tables={"messages": [message("2026-11-10 15:00")]})
    monkeypatch.setenv("TIDINGS_HOME", str(project))
    monkeypatch.setenv("TIDINGS_NOW", NOW)
    make_report(request_in(project, "acme"), kernel, judge_edition)
    done = tidings(project, "pdf", "acme")
    file = project / "outputs" / "acme-2026-W46.pdf"
    assert done.stdout == f"printed: {file}\n", done.stderr
    before = file.read_bytes()
    assert before.startswith(b"%PDF-")
    assert tidings(project, "pdf", "acme", "--to", "other.pdf").returncode == 0
    assert (project / "other.pdf").read_bytes() == before


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("/nowhere/chromium", "CHROMIUM=/nowhere/chromium: there is no such program"),
        ("false", "Chromium did not print the page: it said nothing"),
    ],
)
def test_where_nothing_prints_it_that_is_said(make, monkeypatch, program, words):
    monkeypatch.setenv("CHROMIUM", program)
    with pytest.raises(ReportError, match=words) as caught:
        page_pdf(make.notebook(nbformat.v4.new_markdown_cell(f"Printed by {program}.")))
    assert "install Chromium" in caught.value.remedy
