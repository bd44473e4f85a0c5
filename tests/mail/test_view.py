from nbformat.v4 import new_markdown_cell

from tidings.mail.view import mail_view
from tidings.page.preprocessors import read_notebook
from tidings.parts.part import Cards, Highlights


def _shown(notebook, page_url=None):
    """The titles of the sections that a mail shows, each with the kinds of its parts."""
    view = mail_view(read_notebook(notebook).view, page_url)
    return [(section.title, [part.kind for part in section.parts]) for section in view.sections]


def test_the_digest_comes_after_the_news_and_no_card_is_repeated(make):
    assert _shown(make.report()) == [
        (None, ["highlights", "digest"]),
        ("Activity", ["prose", "chart", "chart", "notice", "ranking", "ranking"]),
        ("Contact Center", ["agents", "table"]),
        (None, ["definitions"]),
    ]


def test_a_section_of_headline_numbers_alone_is_in_the_digest(make):
    notebook = make.notebook(new_markdown_cell("## Activity"), make.shown(Cards((make.card(),))))
    assert _shown(notebook) == [(None, ["digest"]), (None, ["definitions"])]


def test_the_page_has_more_agents_where_it_is_linked_or_attached(make):
    agents = make.agents(lines=(make.agents().lines[0],) * 12)
    view = read_notebook(make.notebook(make.shown(agents))).view

    def said(*page_url, **options):
        return mail_view(view, *page_url, **options).sections[-1].parts[0].unshown.words

    assert said() == "and 4 more agents"
    assert said("https://example.com/demo") == said(is_attached=True) == "4 more agents are on the page"


def test_without_headline_numbers_there_is_no_digest(make):
    notebook = make.notebook(make.shown(Highlights("In short", ("Friday was busiest.",))))
    assert _shown(notebook) == [(None, ["highlights"])]
    assert _shown(notebook, "https://example.com/demo") == [(None, ["highlights", "digest"])]
