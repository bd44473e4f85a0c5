from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from tidings.parts.part import Cards, Footer, Mark, Unshown
from tidings.parts.render import render

KINDS = ["header", "highlights", "cards", "chart", "ranking", "agents", "table", "notice", "footer"]
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}{% raw %}",
    "--></style><b>",
    "x\x00\x08y",
    "&amp;",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("kind", KINDS)
def test_text_of_data_stays_text(make, kind, text):
    part = replace(make.parts(text)[kind], png=make.png(8, 8))
    soup = BeautifulSoup(render(part, "page"), "html.parser")
    assert not soup.find(["script", "b"])
    assert {image["src"][:5] for image in soup("img")} <= {"data:"}
    assert text.replace("\x00", "").replace("\x08", "") in soup.get_text()


def test_plain_text_says_the_number_with_its_change(make):
    text = render(Cards((make.card(), make.card("Peak", change=None))), "text")
    assert text.splitlines() == ["New Users: 1,204, up 8% from 1,115", "Peak: 1,204 (1,115 before)"]


def test_plain_text_has_what_else_is_known_of_a_number_in_brackets(make):
    goals = (Mark("goal of at most 8% missed", "bad"),)
    card = make.card("Missed", note="Missed Share: 10%", goals=goals)
    assert render(Cards((card,)), "text").splitlines() == [
        "Missed: 1,204, up 8% from 1,115 (Missed Share: 10%; goal of at most 8% missed)"
    ]


def test_plain_text_does_not_claim_the_definitions_that_it_lacks():
    lines = ("The data reach to Sunday.", "Each number is defined where it is shown.")
    assert render(Footer(lines), "text").splitlines() == ["The data reach to Sunday."]


def test_plain_text_of_a_chart_has_its_finding_and_first_rows(make):
    rows = tuple((f"day {number}", str(number)) for number in range(14))
    text = render(make.chart(table=replace(make.chart().table, rows=rows)), "text")
    assert text.startswith("Incoming Messages\nIncoming Messages: 28,705 in the week\n")
    assert "in the week\nIncoming Messages\n  Day: Incoming Messages\n  day 0  0\n" in text
    assert "  day 9  9\n  … 4 more\n" in text
    assert "day 10" not in text


def test_plain_text_says_nothing_of_the_rows_of_a_table_that_is_too_wide_for_it(make):
    wide = replace(make.chart().table, rows=tuple(("x" * 39, "9" * 39) for _ in range(14)))
    assert "more" not in render(make.chart(table=wide), "text")


def test_a_change_is_a_sign_for_the_eye_and_a_phrase_for_the_ear(make):
    html = render(Cards((make.card(),)), "page")
    change = BeautifulSoup(html, "html.parser").select_one(".change")
    assert change["class"] == ["change", "good"]
    assert change.select_one("[aria-hidden]").text == "▲ 8%"
    assert change.select_one(".spoken").text == "up 8% from 1,115"


def test_what_is_not_available_is_no_number(make):
    card = make.card(value="not available from this source", change=None, before=None, available=False)
    soup = BeautifulSoup(render(Cards((card,)), "page"), "html.parser")
    assert soup.select_one(".absent").text == "not available from this source"
    assert not soup.select(".value")


def test_a_chart_s_data_are_a_table_with_scopes_and_caption(make):
    soup = BeautifulSoup(render(make.chart(png=make.png()), "page"), "html.parser")
    assert soup.details.summary.text.startswith("Data")
    assert soup.caption.text == "Incoming Messages"
    assert [cell["scope"] for cell in soup("th")] == ["col", "col", "row", "row"]


def test_a_fragment_brings_its_style_and_its_picture(make):
    fragment = render(make.chart(png=make.png()), "page")
    assert fragment.count("<style>") == 1
    assert 'src="data:image/png;base64,' in fragment


def test_a_ranking_is_a_table_whose_bars_are_as_long_as_its_values(make):
    soup = BeautifulSoup(render(make.ranking(), "page"), "html.parser")
    table, folded = soup("table")
    assert [cell.text for cell in table.thead("th")] == ["Most Frequent Intents", "Messages", "Share"]
    assert [[cell.text for cell in row(["th", "td"])] for row in table.tbody("tr")] == [
        ["Check balance", "", "681", "13%"],
        ["Most Frequent Intents…", "", "681", "13%"],
        ["2 others together", "681", "13%"],
    ]
    assert [bar["style"] for bar in table.select(".bar")] == ["width: 100.0%", "width: 50.0%"]
    assert [bar["class"] for bar in table.select(".bar")] == [["bar"], ["bar", "pale"]]
    assert [row.th.text for row in folded.tbody("tr")] == ["Most Frequent Intents", "查询余额"]


def test_a_name_that_was_cut_is_whole_in_its_hint(make):
    part = make.ranking(lines=(make.line("faq/…/abroad", whole="faq/payments/abroad"), make.line("other")))
    names = BeautifulSoup(render(part, "page"), "html.parser").select("tbody bdi")
    assert [name.get("title") for name in names[:2]] == ["faq/payments/abroad", None]


def test_a_ranking_without_shares_has_no_column_for_them(make):
    part = make.ranking(
        columns=("Agent", "Hours"), lines=(make.line("Ana", share=None),), rest=None, folded=()
    )
    row = BeautifulSoup(render(part, "page"), "html.parser").tbody.tr
    assert [cell.text for cell in row(["th", "td"])] == ["Ana", "", "681"]


@pytest.mark.parametrize("kind", ["ranking", "agents"])
def test_what_a_mail_has_no_room_for_stands_before_all_others_together(make, kind):
    part = replace(make.parts("Names")[kind], unshown=Unshown((), "<b> 7 and c 6"))
    text = render(part, "text", rows=5)
    assert "<b> 7 and c 6\n  2 others together" in text
    alone = render(replace(part, rest=None), "text", rows=5)
    assert alone.rstrip().endswith("  <b> 7 and c 6")


def test_agents_are_one_table_whose_measures_are_headings(make):
    soup = BeautifulSoup(render(make.agents(), "page"), "html.parser")
    table, folded = soup("table")
    assert [cell.text for cell in table.thead("th")] == ["Agents", "Agents", "Total Connection Hours"]
    assert [cell.text for cell in table.tbody("th")] == ["Agents", "陈伟", "2 others together"]
    assert [bar["style"] for bar in table.select(".bar")] == [
        "width: 100.0%",
        "width: 50.0%",
        "width: 10.0%",
        "width: 0.0%; min-width: 0",
    ]
    assert [cell.text for cell in folded.tbody("th")] == ["Agents", "مريم"]
    assert [heading.text for heading in soup("h4")] == ["Agents", "Total Connection Hours"]


def test_plain_text_of_a_ranking_and_of_agents_adds_the_others_up(make):
    assert render(make.ranking(), "text").splitlines()[3:] == [
        "  Most Frequent Intents: Messages | Share",
        "  Check balance           681  13%",
        "  Most Frequent Intents…  681  13%",
        "  2 others together       681  13%",
    ]
    assert render(make.agents(), "text").splitlines()[3:] == [
        "  Agents: Agents | Total Connection Hours",
        "  Agents             681  681",
        "  陈伟               681  681",
        "  2 others together  681  681",
    ]


def test_where_no_card_is_left_nothing_is_shown():
    assert not BeautifulSoup(render(Cards(()), "page"), "html.parser")(["ul", "details"])
    assert render(Cards(()), "text") == ""
