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
    frame = show_fewer_rows(Frame("Table", Markup(html), "n 0 1 2 3 4 5 6"), ENGLISH, has_page=False)
    assert frame.text == "n 0 1 2 3 4 2 more rows are not shown here."
    assert frame.html.startswith("<table><thead><tr><th>n</th></tr></thead><tbody><tr><td>0</td></tr>")
    empty = Frame("Table", Markup("<table></table>"), "")
    assert show_fewer_rows(empty, ENGLISH, has_page=False).html == "<table></table>"


def test_a_ranking_keeps_its_first_lines_and_names_those_that_are_missing(make):
    names = ["Greeting", "Balance", "Invoice", "جورج", "Roaming rates"]
    ranking = make.ranking(lines=tuple(map(make.line, names)))
    assert show_first_lines(ranking, 4, ENGLISH, has_page=False) == ranking, (
        "one line is no longer than its name"
    )
    shown = show_first_lines(ranking, 2, ENGLISH, has_page=False)
    assert [line.name for line in shown.lines] == names[:2]
    assert shown.unshown.words == "Invoice 681, \u2068جورج\u2069 681 and Roaming rates 681"
    assert (shown.notes, shown.rest) == (ranking.notes, ranking.rest)


def test_where_the_names_would_take_too_much_room_they_are_counted(make):
    ranking = make.ranking(lines=tuple(make.line(f"{number} {LONG}") for number in range(9)))
    assert show_first_lines(ranking, 6, ENGLISH, has_page=False).unshown.words.count("…") == 3
    shown = show_first_lines(ranking, 5, ENGLISH, has_page=False)
    assert shown.unshown.words == "4 more rows are not shown here."


def test_what_is_made_shorter_twice_knows_all_that_is_missing(make):
    ranking = make.ranking(lines=tuple(make.line(f"n{number}") for number in range(11)))
    once = show_first_lines(ranking, 7, ENGLISH, has_page=False)
    twice = show_fewer_rows(once, ENGLISH, has_page=False)
    assert len(twice.lines) == MAX_ROWS
    assert twice.unshown.words.startswith("n5 681, n6 681, n7 681")
    assert [line.name for line in twice.unshown.lines] == [f"n{number}" for number in range(5, 11)]
    assert cut_words(twice, ENGLISH).unshown.words == twice.unshown.words


def test_agents_are_on_the_page_only_for_those_who_have_it(make):
    agents = make.agents(lines=(make.agents().lines[0],) * 8)
    assert show_fewer_rows(agents, ENGLISH, has_page=True).unshown.words == "3 more agents are on the page"
    assert show_fewer_rows(agents, ENGLISH, has_page=False).unshown.words == "and 3 more agents"
    assert show_fewer_rows(make.header, ENGLISH, has_page=True) == make.header


def test_definitions_are_left_to_the_page(make):
    agents = leave_out_definitions(make.agents(), ENGLISH)
    assert [measure.definition for measure in agents.measures] == ["", ""]
    assert agents.lines == make.agents().lines
    assert leave_out_definitions(make.chart(), ENGLISH).definition == ""
    assert leave_out_definitions(Definitions((("New Users", "People."),)), ENGLISH) is None
    assert leave_out_definitions(make.header, ENGLISH) == make.header
