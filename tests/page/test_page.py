import lzma
import re
from itertools import product
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from support.quick import slow_but

from tidings.page.page import page_html
from tidings.page.preprocessors import read_notebook
from tidings.parts.part import Cards, Column, DataTable, Notice


@pytest.fixture(scope="module")
def pages(make):
    return {
        "plain": page_html(make.report()),
        "hostile": page_html(make.report(make.hostile, tenant=make.hostile)),
    }


def test_the_page_is_one_document_that_asks_for_nothing(pages):
    soup = BeautifulSoup(pages["plain"], "html.parser")
    assert pages["plain"].startswith("<!DOCTYPE html>")
    assert soup.html["lang"] == "en"
    assert soup.title.text == "Demo Telecom · Mon 9 – Sun 15 November 2026"
    assert not soup.find(["script", "link", "iframe"])
    assert len(soup("style")) == 1
    assert not re.search(r"url\(|@import", soup.style.text)
    assert all(image["src"].startswith("data:image/png;base64,") and image["alt"] for image in soup("img"))


def test_text_of_data_adds_no_element(make, pages):
    plain, hostile = (BeautifulSoup(page, "html.parser") for page in pages.values())
    assert [tag.name for tag in hostile()] == [tag.name for tag in plain()]
    heading = new_markdown_cell("## &lt;script&gt;alert(1)&lt;/script&gt;")
    soup = BeautifulSoup(page_html(make.notebook(heading)), "html.parser")
    assert not soup.find("script")
    assert soup.section.h2.text == "<script>alert(1)</script>"


def test_landmarks_and_headings_give_its_structure(pages):
    soup = BeautifulSoup(pages["plain"], "html.parser")
    assert [soup.header.h1.text, len(soup("main")), len(soup("footer"))] == ["Demo Telecom", 1, 1]
    labelled = [soup.find(id=section["aria-labelledby"]).text for section in soup("section")]
    assert labelled == ["Activity", "Contact Center"]


def test_code_and_printed_text_do_not_show(make):
    cell = new_code_cell("secret_code()", outputs=[new_output("stream", name="stdout", text="printed")])
    html = page_html(make.notebook(cell))
    assert "secret_code" not in html
    assert "printed" not in html


def test_a_chart_without_a_neighbour_fills_its_row(make):
    charts = [make.shown(make.chart(wide=wide), make.png()) for wide in (False, False, False, True, False)]
    soup = BeautifulSoup(page_html(make.notebook(*charts)), "html.parser")
    assert ["lone" in figure["class"] for figure in soup("figure")] == [False, False, True, False, True]


def test_an_analyst_s_table_is_shown_without_what_could_act(make):
    html = '<table onclick="x()"><tbody><tr><th>queue</th><td>1</td></tr></tbody></table>'
    cell = new_code_cell("frame", outputs=[new_output("execute_result", {"text/html": html})])
    page = page_html(make.notebook(new_markdown_cell("# Own"), cell))
    assert "<td>1</td>" in page
    assert "onclick" not in page


def test_the_same_notebook_gives_the_same_page(make, pages):
    assert page_html(make.report()) == pages["plain"]


def test_a_notebook_that_was_read_for_the_mail_gives_the_same_page(make, pages):
    read = read_notebook(make.report())
    assert [page_html(read), page_html(read)] == [pages["plain"]] * 2


def test_nbconvert_knows_the_page_and_the_mail_by_name(make, tmp_path):
    from nbconvert.nbconvertapp import NbConvertApp  # which looks all exporters up

    nbformat.write(make.report(), tmp_path / "report.ipynb")
    for name in ("tidings-page", "tidings-mail"):
        command = NbConvertApp()
        command.initialize(["--to", name, str(tmp_path / "report.ipynb")])
        command.start()
    assert (tmp_path / "report.html").read_text("utf-8") == page_html(make.report())
    assert "<!DOCTYPE html>" in (tmp_path / "report.mail.html").read_text("utf-8")


def test_the_page_is_valid_html(pages, html_errors):
    assert html_errors(*pages.values()) == ""


@pytest.mark.parametrize(
    ("width", "scheme", "name"),
    slow_but(
        [(1280, "light", "plain"), (375, "dark", "hostile")],
        product([1280, 800, 375], ["light", "dark"], ["plain", "hostile"]),
    ),
)
def test_in_a_browser(pages, browser, violations, width, scheme, name):
    """Readable for everyone, nothing beside the screen, nothing fetched: with all data tables open."""
    size = {"width": width, "height": 900}
    with browser.new_context(viewport=size, color_scheme=scheme, bypass_csp=True) as context:
        page = context.new_page()
        requests = []
        page.on("request", lambda request: requests.append(request.url))
        page.on("dialog", lambda dialog: requests.append(dialog.message))
        page.set_content(pages[name])
        page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert [url for url in requests if not url.startswith("data:")] == []


@pytest.mark.parametrize("width", slow_but([375], [1280, 800, 375]))
def test_a_number_stands_on_one_line_of_its_card(make, browser, width):
    values = ("7", "118,446", "12,345,678", "99.99%", "14,865", "1,204")
    cards = Cards(tuple(make.card(value=value) for value in values))
    with browser.new_context(viewport={"width": width, "height": 900}) as context:
        page = context.new_page()
        page.set_content(page_html(make.notebook(make.shown(cards))))
        heights = page.eval_on_selector_all(".value", "all => all.map(one => one.clientHeight)")
    assert len(heights) == 6
    assert max(heights) < 50


def test_a_data_table_breaks_no_word_on_a_phone(make, browser):
    names = ("Entry point", "Start flow", "First intent")
    columns = (*(Column(name, numeric=False) for name in names), Column("Conversations", numeric=True))
    table = DataTable(columns, (("WhatsApp link", "Welcome menu", "Check balance", "80"),))
    broken = """() => [...document.querySelectorAll('td, th')].flatMap(cell => {
        const text = cell.firstChild, words = text.data.matchAll(/\\S+/g);
        return [...words].filter(word => {
            const range = document.createRange();
            range.setStart(text, word.index);
            range.setEnd(text, word.index + word[0].length);
            return range.getClientRects().length > 1;
        }).map(String);
    })"""
    with browser.new_context(viewport={"width": 375, "height": 900}) as context:
        page = context.new_page()
        page.set_content(page_html(make.notebook(make.shown(make.chart(table=table), make.png()))))
        page.eval_on_selector("details", "one => one.open = true")
        assert page.evaluate(broken) == []


def test_a_report_executed_by_the_version_before_is_shown_whole():
    path = Path(__file__).parents[1] / "fixtures/report-1.ipynb.xz"
    notebook = nbformat.reads(lzma.decompress(path.read_bytes()).decode(), as_version=4)
    page = BeautifulSoup(page_html(notebook), "html.parser")
    before = [
        output.data["application/vnd.tidings.part+json"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "application/vnd.tidings.part+json" in output.get("data", {})
    ]
    kinds = {
        kind: [part for part in before if part["kind"] == kind] for kind in ("chart", "cards", "highlights")
    }
    assert [image["alt"] for image in page("img")] == [chart["alt"] for chart in kinds["chart"]]
    assert [line.text for line in page.select(".finding")][: len(kinds["chart"])] == [
        chart["finding"] for chart in kinds["chart"]
    ]
    values = [card["value"] for part in kinds["cards"] for card in part["cards"]]
    assert [line.contents[0].strip() for line in page.select(".card .value, .card .absent")] == values
    assert [line.text for line in page.select(".highlights li")] == kinds["highlights"][0]["sentences"]


def test_control_characters_are_not_printed(make):
    frame = new_output("execute_result", {"text/html": "<table><tr><td>a\x08b</td></tr></table>"})
    notebook = make.notebook(new_markdown_cell("c\x08d"), new_code_cell("x", outputs=[frame]))
    html = page_html(notebook)
    assert "\x08" not in html
    assert "<td>a" in html


def test_a_section_of_nothing_is_one_sentence(make):
    card = make.card(value="0", change=None, before=None)
    notebook = make.notebook(
        new_markdown_cell("## Activity\n\nHow many people wrote."),
        make.shown(Cards((card,), empty=True)),
        make.shown(make.chart(empty=True), make.png()),
        make.shown(Notice("Hours", "Not available from this source.")),
        new_markdown_cell("## Chatbot"),
        make.shown(Cards((make.card(),))),
        make.shown(make.chart("Intents", empty=True), make.png()),
    )
    activity, chatbot = BeautifulSoup(page_html(notebook), "html.parser")("section")
    assert activity.get_text(" ", strip=True) == "Activity There was nothing to report in this period."
    assert chatbot.select_one("figure h3").text == "Intents"


def test_a_section_of_words_alone_or_of_what_is_absent_stays_as_it_is(make):
    notice = Notice("Hours", "Not available from this source.")
    notebook = make.notebook(new_markdown_cell("## Notes\n\nOurs."), make.shown(notice))
    assert "Not available from this source." in page_html(notebook)
