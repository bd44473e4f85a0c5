"""What a notebook shows of other libraries: the examples of the documentation, each a cell of a report."""

import email
import re
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell
from support.batches import request_in
from support.projects import CHECKOUT, NOW, add_tenant, make_project, run
from support.tables import message

from tidings.errors import TidingsError
from tidings.reports.report import Report, make_report
from tidings.review.judge import judge_edition

PAGES = (CHECKOUT / "docs" / "own-charts.md", CHECKOUT / "README.md")
EXAMPLES = [
    example for page in PAGES for example in re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.S)
]


def _project(folder: Path, *sources: str) -> Path:
    """A project whose notebook has a cell for each source."""
    project = make_project(folder, short=True)
    add_tenant(project, "acme", tables={"messages": [message("2026-11-10 15:00")]})
    path = project / "notebooks" / "report.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].source += "\nfrom tidings import charts"
    notebook.cells += [new_code_cell(source) for source in sources]
    nbformat.write(notebook, path)
    return project


@pytest.fixture(scope="module")
def examples(tmp_path_factory, chromium):
    """The report of all examples, made once; its tests only read."""
    project = _project(tmp_path_factory.mktemp("examples"), *EXAMPLES)
    return run(project, "report", "acme"), project / "outputs" / "acme" / "2026-W46"


@pytest.fixture
def make_with(tmp_path, kernel, monkeypatch):
    """Makes the report of a notebook that has one cell more."""
    monkeypatch.setenv("TIDINGS_HOME", str(tmp_path))
    monkeypatch.setenv("TIDINGS_NOW", NOW)

    def make(source: str) -> Report:
        return make_report(request_in(_project(tmp_path, source), "acme"), kernel, judge_edition)

    return make


@pytest.mark.slow
def test_each_kind_of_figure_stands_on_the_page_under_its_title_with_a_text_in_its_place(examples):
    page = BeautifulSoup((examples[1] / "report.html").read_text(), "html.parser")
    shown = {figure.h3.get_text(): figure.img["alt"] for figure in page("figure") if figure.img and figure.h3}
    assert {title: shown[title] for title in list(shown)[1:]} == {
        "Messages by team, drawn by matplotlib": "Messages by team, drawn by matplotlib (Messages)",
        "Missed conversations by team": "Missed conversations by team (Share missed, team)",
        "Volume and misses": "Three teams by messages and share missed: Sales 310 and 4%, Claims 519 and 7%, "
        "Help 742 and 12%.",
        "Messages by team, drawn by Plotly": "Messages by team, drawn by Plotly (messages, team)",
        "Messages by team, drawn by Altair": "Messages by team, drawn by Altair (messages, team)",
        "Incoming messages, drawn by pandas": "Incoming messages, drawn by pandas (day)",
    }


@pytest.mark.slow
def test_the_mail_shows_them_too(examples):
    mail = email.message_from_bytes((examples[1] / "message.eml").read_bytes())
    html = next(part for part in mail.walk() if part.get_content_type() == "text/html")
    text = html.get_payload(decode=True).decode()
    for title in ("drawn by matplotlib", "Missed conversations", "Volume and", "by Plotly", "by Altair"):
        assert title in text
    assert sum(part.get_content_maintype() == "image" for part in mail.walk()) >= 5


@pytest.mark.slow
@pytest.mark.parametrize("name", ["report.html", "message.html"])
def test_tables_keep_their_colours_and_how_their_columns_are_set(examples, name):
    page = BeautifulSoup((examples[1] / name).read_text(), "html.parser")
    styles = {
        words: " | ".join(cell.get("style", "") for cell in page("td") if cell.get_text() == words)
        for words in ("12%", "742", "Help")
    }
    assert "background-color: #7f2704 !important" in styles["12%"]
    assert "linear-gradient(90deg" in styles["742"]
    assert "background-color: #0b6e4f !important" in styles["742"]
    assert "text-align: left" in styles["Help"]


@pytest.mark.slow
def test_what_was_made_of_titles_is_said_once_to_whoever_makes_the_report_and_never_to_readers(examples):
    done, folder = examples
    said = [line for line in done.stdout.splitlines() if "alternative text" in line]
    assert said == [
        "note: figures: cells 9, 10, 14, 15, 17: the alternative text of a figure was made of its title; "
        "charts.figure(figure, alt=what it shows) gives it one of its own"
    ]
    assert "alternative text" not in (folder / "report.html").read_text()


def test_a_figure_without_words_is_refused_with_its_cell(make_with):
    with pytest.raises(TidingsError) as refused:
        make_with("import matplotlib.pyplot as plt\nplt.plot([1, 2]);")
    assert "cell 7: a picture has no alternative text" in str(refused.value)
    assert "charts.figure(figure, title=…, alt=what it shows)" in str(refused.value)


def test_an_alternative_text_given_on_display_is_kept(make_with):
    given = 'display(figure, metadata={"image/png": {"alt": "Two points that rise"}})'
    report = make_with(f"from matplotlib.figure import Figure\nfigure = Figure()\n{given}")
    assert 'alt="Two points that rise"' in (report.folder / "report.html").read_text()
    assert not any("alternative text" in note for note in report.notes)


def test_a_figure_whose_picture_nothing_takes_is_refused_with_what_would(make_with, monkeypatch):
    monkeypatch.setenv("BROWSER_PATH", "/nowhere/chromium")
    with pytest.raises(TidingsError) as refused:
        make_with('import plotly.express as px\npx.bar(x=["a"], y=[2], title="Bars")')
    assert "cell 7: neither page nor mail can show a Plotly figure" in str(refused.value)
    assert "pip install 'tidings[plotly]', with Chrome or Chromium there" in str(refused.value)
