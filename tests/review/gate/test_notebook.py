"""The executed notebook: whose it is, that its numbers agree, that all of it was rendered."""

import base64
import io
import struct
import zlib
from datetime import UTC, datetime

import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from PIL import Image
from support.tables import tenant

from tidings.periods.period import parse_period
from tidings.review.gate import Evidence, Severity, judge_notebook
from tidings.review.gate.notebook import figures, glyphs, invariants, isolation, rendered

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
WHO = tenant("data/acme")
WEEK = parse_period("2026-W47", WHO, NOW)
ABOUT = {"tenant": "acme", "period": "2026-W47"}


def scrap(name: str, data) -> dict:
    about = {"name": name, "data": data, "encoder": "json", "version": 1}
    return new_output("display_data", {"application/scrapbook.scrap.json+json": about})


def cell(*outputs, ran: int | None = 1):
    return new_code_cell("show()", outputs=list(outputs), execution_count=ran)


def chart(*, ink: bool = True, **changes):
    picture = Image.new("RGB", (40, 20), "white")
    if ink:
        picture.putpixel((3, 3), (0, 0, 0))
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    part = {"kind": "chart", "title": "Messages", "alt": "Messages by day", "table": {"rows": [["Mon", "3"]]}}
    data = {"application/vnd.tidings.part+json": part | changes}
    return new_output("display_data", data | {"image/png": base64.b64encode(stream.getvalue()).decode()})


def evidence(*cells, **recorded) -> Evidence:
    values = {"report.edition": ABOUT} | recorded
    return Evidence(WHO, WEEK, values, (), NOW, new_notebook(cells=list(cells)))


def sentences(findings) -> list[str]:
    assert {finding.severity for finding in findings} <= {Severity.REFUSE}
    return [finding.sentence for finding in findings]


def test_a_notebook_of_the_ordered_edition_is_let_through():
    assert isolation(evidence(cell(scrap("report.edition", ABOUT)))) == []


@pytest.mark.parametrize("other", [{"tenant": "globex"}, {"period": "2026-W46"}])
def test_an_edition_of_another_tenant_or_period_is_refused(other):
    [sentence] = sentences(isolation(evidence(**{"report.edition": ABOUT | other})))
    assert "where it is to be 2026-W47 of acme" in sentence


def test_another_edition_is_refused_at_whatever_cell_it_was_opened():
    cells = (
        cell(scrap("report.edition", ABOUT)),
        cell(),
        cell(scrap("report.edition", ABOUT | {"tenant": "b"})),
    )
    assert sentences(isolation(evidence(*cells))) == [
        "the notebook records the edition 2026-W47 of b, where it is to be 2026-W47 of acme"
    ]


def test_a_notebook_that_records_no_edition_is_refused():
    verdict = judge_notebook(new_notebook(cells=[cell()]), WHO, WEEK, [], NOW)
    assert (verdict.state, verdict.may_be_made) == ("refuse", False)


def test_shares_that_do_not_add_up_are_refused():
    intents = pd.DataFrame({"intent": ["a", "b"], "messages": [1, 1], "share": [0.5, 0.4]})
    [sentence] = sentences(invariants(evidence(**{"chatbot.intents": intents})))
    assert sentence == "the shares of chatbot.intents add up to 0.9, not 1"


def test_a_number_without_those_that_it_has_to_agree_with_is_refused():
    [sentence] = sentences(invariants(evidence(**{"activity.total_messages": 5})))
    assert "does not record activity.peak_volume" in sentence


def test_a_chart_with_data_text_and_ink_is_let_through():
    assert rendered(evidence(cell(chart()))) == []


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        (chart(ink=False), "the picture of the chart 'Messages' of cell 1 is blank"),
        (chart(alt=" "), "the chart 'Messages' of cell 1 has no text in place of its picture"),
        (chart(table={"rows": []}), "the chart 'Messages' of cell 1 has no data"),
        (new_output("error", ename="KeyError", evalue="'day'"), "cell 1 ended in KeyError: 'day'"),
    ],
)
def test_a_chart_that_lacks_something_is_refused(output, sentence):
    assert sentences(rendered(evidence(cell(output)))) == [sentence]


def broken_chunk(png: bytes) -> bytes:
    """The picture with eight bytes of its pixels, and after these what is no chunk."""
    at = png.index(b"IDAT")
    pixels = b"IDAT" + png[at + 4 : at + 12]
    return (
        png[: at - 4] + struct.pack(">I", 8) + pixels + struct.pack(">I", zlib.crc32(pixels)) + b"\xe2" * 12
    )


@pytest.mark.parametrize(
    "damage", [lambda png: png[:60], lambda png: b"no picture", broken_chunk, lambda png: png[4:]]
)
def test_a_damaged_picture_is_refused_in_words(damage):
    output = chart()
    whole = base64.b64decode(output.data["image/png"])
    output.data["image/png"] = base64.b64encode(damage(whole)).decode()
    sentence = "the picture of the chart 'Messages' of cell 1 cannot be read"
    assert sentences(rendered(evidence(cell(output)))) == [sentence]
    output.data["image/png"] = "A"  # no Base64
    assert sentences(rendered(evidence(cell(output)))) == [sentence]


@pytest.mark.parametrize("part", [[], "chart", 1])
def test_what_is_no_part_is_left_to_the_page_to_refuse(part):
    given = evidence(cell(new_output("display_data", {"application/vnd.tidings.part.v2+json": part})))
    assert [*rendered(given), *figures(given), *glyphs(given)] == []


def test_a_cell_that_did_not_run_is_refused():
    assert sentences(rendered(evidence(cell(ran=None)))) == ["cell 1 was not executed"]


def test_characters_that_no_font_has_are_noted_with_the_package_that_has_them():
    drawn = chart(undrawn=["ሀ", "查", "询", "\U0001f642"])
    [ethiopic, chinese, emoji] = glyphs(evidence(cell(drawn, chart(undrawn=["查"]))))
    assert ethiopic.severity == Severity.NOTE
    assert ethiopic.sentence == "no font for ሀ: install fonts-noto-core, and make the report again"
    assert chinese.sentence == "no font for 查 询: install fonts-noto-cjk, and make the report again"
    assert emoji.sentence == "no font for \U0001f642: install fonts-symbola, and make the report again"


def test_a_picture_that_shows_every_character_is_not_noted():
    assert list(glyphs(evidence(cell(chart(undrawn=[]), chart())))) == []


def test_figures_whose_text_was_made_of_their_titles_are_noted_once_for_all_cells():
    def picture(made: bool, **metadata):
        part = {"kind": "picture", "alt": "Waits", "alt_is_made": made}
        data = {"application/vnd.tidings.part.v2+json": part, "image/png": "iVBO"}
        return cell(new_output("display_data", data, metadata=metadata))

    own = picture(True, **{"image/png": {"alt": "A line that rises"}})
    [found] = figures(evidence(picture(True), picture(False), own, picture(True)))
    assert found.severity == Severity.NOTE
    assert found.sentence.startswith("cells 1, 4: the alternative text of a figure was made of its title")
    assert figures(evidence(picture(False), own)) == []
