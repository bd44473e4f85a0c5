import base64
import io
import lzma
import re
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_notebook, new_output
from PIL import Image
from support.envelopes import ENVELOPE

from tidings.mail.html import MailExporter
from tidings.mail.message import build_message
from tidings.parts.part import Cards

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}{% raw %}",
    "--></style><b>",
    "x\x00\x08y",
    "&amp;",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_data_stays_text(make, text):
    html, _ = MailExporter().from_notebook_node(make.report(text, text))
    soup = BeautifulSoup(html, "html.parser")
    assert not soup.find(["script", "b"])
    assert {image["src"][:5] for image in soup("img")} == {"data:"}
    assert soup.get_text().count(text.replace("\x00", "").replace("\x08", "")) > 15


def test_what_has_no_line_of_its_own_stands_before_all_others_together(make):
    ranking = make.ranking(lines=tuple(make.line(f"<b>{number}") for number in range(9)))
    agents = make.agents(lines=(make.agents().lines[0],) * 12)
    html, _ = MailExporter().from_notebook_node(make.notebook(make.shown(ranking), make.shown(agents)))
    tables = BeautifulSoup(html, "html.parser").select("table.lines")
    ends = [[row.get_text(" ", strip=True) for row in table.select("tr")[-2:]] for table in tables]
    assert ends == [
        ["<b>6 681, <b>7 681 and <b>8 681", "2 others together 681 13%"],
        ["and 4 more agents", "2 others together 681 681"],
    ]


def test_a_drawing_and_a_photograph_are_parts_of_the_message(make):
    stream = io.BytesIO()
    Image.new("RGB", (300, 200), "red").save(stream, "JPEG")
    pictures = {
        "image/jpeg": base64.b64encode(stream.getvalue()).decode(),
        "image/svg+xml": '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"/>',
    }
    outputs = [
        new_output("display_data", {kind: data}, metadata={kind: {"alt": f"A {kind}"}})
        for kind, data in pictures.items()
    ]
    message = build_message(make.notebook(new_code_cell("plot()", outputs=outputs)), ENVELOPE)
    files = [(part.get_content_type(), part.get_filename()) for part in message.walk() if part["Content-ID"]]
    assert files == [("image/jpeg", "picture-1.jpeg"), ("image/png", "picture-2.png")]
    html = message.get_body(("html",)).get_content()
    shown = [image["alt"] for image in BeautifulSoup(html, "html.parser")("img")]
    assert shown == ["A image/jpeg", "A image/svg+xml"]
    ids = {part["Content-ID"].strip("<>") for part in message.walk() if part["Content-ID"]}
    assert set(re.findall(r'"cid:([^"]+)"', html)) == ids


def test_a_report_executed_by_the_version_before_is_mailed_whole():
    path = Path(__file__).parents[1] / "fixtures/report-1.ipynb.xz"
    notebook = nbformat.reads(lzma.decompress(path.read_bytes()).decode(), as_version=4)
    message = build_message(notebook, ENVELOPE)
    html = BeautifulSoup(message.get_body(("html",)).get_content(), "html.parser")
    text = message.get_body(("plain",)).get_content()
    before = [
        output.data["application/vnd.tidings.part+json"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "application/vnd.tidings.part+json" in output.get("data", {})
    ]
    charts = [part for part in before if part["kind"] == "chart"]
    cards = [card for part in before if part["kind"] == "cards" for card in part["cards"]]
    assert (len(charts), len(cards)) == (17, 10)
    seen = " ".join(html.get_text(" ").split())
    alts = [image["alt"] for image in html("img")]
    assert alts == [chart["alt"] for chart in charts]
    for words in (
        *(chart[name] for chart in charts for name in ("title", "finding", "definition")),
        *(card[name] for card in cards for name in ("label", "value", "definition")),
    ):
        assert " ".join(words.split()) in seen
    assert all(chart["finding"] in text for chart in charts)


def test_english_words_run_from_left_to_right_around_arabic_dates(make):
    """The words are English until there are some in the reader's language; dates are the reader's own."""
    header = replace(make.header, language="ar", period="الاثنين 9 نوفمبر 2026")
    cards = Cards((make.card("Peak Time", value="الثلاثاء 10, 10:00", change=None, before=None),))
    html, _ = MailExporter().from_notebook_node(new_notebook(cells=[make.shown(header), make.shown(cards)]))
    soup = BeautifulSoup(html, "html.parser")
    assert (soup.html["lang"], soup.html["dir"]) == ("en", "ltr")
    assert [alone.text for alone in soup("bdi")] == ["الاثنين 9 نوفمبر 2026", "الثلاثاء 10, 10:00"]
