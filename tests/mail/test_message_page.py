"""A message as a page: what is mailed, in one file that loads nothing."""

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from support.envelopes import ENVELOPE

from tidings.mail.message import build_message
from tidings.mail.message_page import make_message_page


@pytest.fixture
def shown(make):
    """The page of a message about a text, and the HTML that is mailed."""

    def show(text: str = "Incoming Messages", **changes) -> tuple[BeautifulSoup, BeautifulSoup]:
        message = build_message(make.report(text), replace(ENVELOPE, **changes))
        page = make_message_page(message)
        mailed = message.get_body(("html",)).get_content()
        return tuple(BeautifulSoup(html, "html.parser") for html in (page, mailed))

    return show


def test_it_says_what_is_mailed(shown):
    page, mailed = shown()
    assert page.body.get_text() == mailed.body.get_text()
    assert "28,705 in the week" in page.body.get_text()


def test_its_pictures_stand_in_it(shown):
    page, mailed = shown()
    assert [image["src"][:4] for image in mailed("img")] == ["cid:"] * len(page("img"))
    assert {image["src"].partition(",")[0] for image in page("img")} == {"data:image/png;base64"}


def test_a_page_that_is_attached_is_not_taken_for_the_message(shown):
    page, mailed = shown(attachments=("page",))
    assert page.body.get_text() == mailed.body.get_text()


def test_nothing_but_its_own_pictures_and_style_can_be_loaded(shown):
    page, _ = shown()
    policy = page.head.find("meta", attrs={"http-equiv": "Content-Security-Policy"})
    assert page.head.find() is policy, "it holds from the first byte on"
    assert policy["content"].startswith("default-src 'none'; img-src data:; ")


def test_a_hostile_text_stays_text(shown, make):
    page, _ = shown(make.hostile)
    assert page("script") == []
    assert "<script>alert(1)</script>" in page.body.get_text()
