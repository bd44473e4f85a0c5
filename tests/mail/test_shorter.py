from dataclasses import replace

from babel import Locale
from markupsafe import Markup

from tidings.mail.digest import Definitions, Digest, Entry, Group
from tidings.mail.shorter import (
    MAX_ROWS,
    MAX_WORDS,
    cut_words,
    leave_out_definitions,
    show_fewer_rows,
    show_first_lines,
)
from tidings.parts.part import Frame, Prose

ENGLISH = Locale.parse("en")
LONG = "x" * 300
SHORT = "x" * (MAX_WORDS - 1) + "…"


def test_every_text_of_a_part_is_cut_but_what_it_means_and_where_it_leads(make):
    cut = cut_words(make.chart(LONG, finding=LONG, notes=(LONG, "note"), alt=LONG), ENGLISH)
    assert (cut.title, cut.finding, cut.notes, cut.alt) == (SHORT, SHORT, (SHORT, "note"), SHORT)
    assert cut.definition == f"{LONG}, per day."
    link = f"https://example.com/{LONG}"
    digest = cut_words(Digest((Group(LONG, (Entry(make.card(LONG), ()),)),), link), ENGLISH)
    assert (digest.groups[0].title, digest.groups[0].entries[0].card.label) == (SHORT, SHORT)
    assert digest.page_url == link


def test_an_analyst_s_own_words_stay_whole():
    prose = Prose(Markup(f"<p>{LONG}</p>"), "short")
    assert cut_words(prose, ENGLISH) == prose


def test_a_table_keeps_its_head_and_its_first_rows():
    rows = "".join(f"<tr><td>{number}</td></tr>" for number in range(7))
    html = f"<table><thead><tr><th>n</th></tr></thead><tbody>{rows}</tbody></table>"
    frame = show_fewer_rows(Frame("Table", Markup(html), "n 0 1 2 3 4 5 6"), ENGLISH)
    assert frame.text == "n 0 1 2 3 4 2 more rows are not shown here."
    assert frame.html.startswith("<table><thead><tr><th>n</th></tr></thead><tbody><tr><td>0</td></tr>")
    assert show_fewer_rows(Frame("Table", Markup("<table></table>"), ""), ENGLISH).html == "<table></table>"


def test_a_ranking_keeps_its_first_lines_and_says_how_many_are_missing(make):
    ranking = make.ranking()
    long = replace(ranking, lines=(ranking.lines[0],) * 8, notes=())
    assert show_first_lines(long, 7, ENGLISH) == long, "one line takes no more room than to say it is missing"
    shown = show_first_lines(long, 6, ENGLISH)
    assert (len(shown.lines), shown.notes) == (6, ("2 more rows are not shown here.",))
    assert shown.rest == ranking.rest
    assert len(show_fewer_rows(long, ENGLISH).lines) == MAX_ROWS


def test_definitions_are_left_to_the_page(make):
    agents = leave_out_definitions(make.agents(), ENGLISH)
    assert [measure.definition for measure in agents.measures] == ["", ""]
    assert agents.lines == make.agents().lines
    assert leave_out_definitions(make.chart(), ENGLISH).definition == ""
    assert leave_out_definitions(Definitions((("New Users", "People."),)), ENGLISH) is None
    assert leave_out_definitions(make.header, ENGLISH) == make.header
