"""The whole report in each language: page, message and its text, pictures' words among them."""

import re
from collections.abc import Callable
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from support.projects import TENANT, make_project, run
from support.pseudo import LONGER, RIGHT_TO_LEFT, disguise_names, write_pseudo_catalogues
from support.quick import slow_but

from tidings.demo import DemoSettings, write_demo_data
from tidings.language.catalogue import FOLDER

LANGUAGES = {"longer": LONGER, "rtl": RIGHT_TO_LEFT, "spanish": "es-CO", "portuguese": "pt-BR"}
TOGETHER = [("longer", "spanish"), ("rtl", "portuguese")]  # the first two at each run of the tests
WEEK = "2026-W46"
LATIN = re.compile("[A-Za-zÀ-ÿ]{2,}")
NAMES = re.compile(r"America/Bogota|Acme|Tidings|agent-\d+")


@pytest.fixture(scope="module")
def reported(tmp_path_factory) -> Callable[[str], Path]:
    """Makes one week's reports in two languages at a time; gives the folder of one.

    Their names have no Latin letter.
    """
    project = make_project(tmp_path_factory.mktemp("project"))
    write_demo_data(project / "data" / "demo", DemoSettings(end=date(2026, 11, 16), messages=6_000, weeks=3))
    disguise_names(project / "data" / "demo")
    for tenant, language in LANGUAGES.items():
        text = TENANT.format(services="activity, chatbot, contact-center", tenant="demo")
        (project / "parameters" / f"{tenant}.yaml").write_text(f"{text}language: {language}\n")
    catalogues = write_pseudo_catalogues(tmp_path_factory.mktemp("catalogues"))

    def report(tenant: str) -> Path:
        folder = project / "outputs" / tenant / WEEK
        if not folder.exists():
            tenants = ",".join(next(both for both in TOGETHER if tenant in both))
            words = ("--period", WEEK, "--tenants", tenants, "--jobs", "1")
            done = run(project, "reports", *words, TIDINGS_CATALOGUES=str(catalogues))
            assert done.returncode == 0, done.stdout + done.stderr
        return folder

    return report


def read_message(folder: Path) -> EmailMessage:
    return message_from_bytes((folder / "message.eml").read_bytes(), policy=default)


def shown_by(html: str) -> str:
    """What an HTML document says: its text, and what it says of pictures and to those who listen."""
    soup = BeautifulSoup(html, "html.parser")
    for node in soup(["style"]):
        node.decompose()
    names = ("alt", "aria-label", "title")
    spoken = [tag[name] for tag in soup.find_all() for name in names if tag.get(name)]
    return "\n".join([soup.get_text("\n"), *spoken])


def shown_in(folder: Path) -> dict[str, str]:
    """What page, message and its text say, without names that stay as they are."""
    message = read_message(folder)
    said = {
        "page": shown_by((folder / "report.html").read_text("utf-8")),
        "mail": shown_by(message.get_body(("html",)).get_content()),
        "text": message.get_body(("plain",)).get_content(),
        "subject": message["Subject"],
    }
    return {where: NAMES.sub("", text) for where, text in said.items()}


@pytest.mark.parametrize("tenant", slow_but(["longer"], ["longer", "rtl"]))
def test_nothing_is_said_that_no_catalogue_has(reported, tenant):
    ascii_words = re.compile("[A-Za-z]{2,}")
    for where, text in shown_in(reported(tenant)).items():
        left = sorted({line for line in text.splitlines() if ascii_words.search(line)})
        assert not left, f"{where}: {left}"


def words_of(texts) -> set[str]:
    return {word.casefold() for text in texts for word in LATIN.findall(re.sub(r"\{[^}]*\}", " ", text))}


@pytest.mark.parametrize(
    ("tenant", "language"), slow_but([("spanish", "es")], [("spanish", "es"), ("portuguese", "pt")])
)
def test_no_english_word_is_left(reported, tenant, language):
    with (FOLDER / f"{language}.po").open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    english = words_of(form for message in messages for form in _forms(message.id))
    own = words_of(form for message in messages for form in _forms(message.string))
    for where, text in shown_in(reported(tenant)).items():
        left = words_of([text]) & (english - own)
        assert not left, f"{where}: {left}"


def _forms(said) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said)


SAID = [
    ("longer", "el", "ltr"),
    ("rtl", "he", "rtl"),
    ("spanish", "es-CO", "ltr"),
    ("portuguese", "pt-BR", "ltr"),
]


@pytest.mark.parametrize(
    ("tenant", "language", "direction"),
    slow_but([said for said in SAID if said[0] in TOGETHER[0]], SAID),
)
def test_language_and_direction_are_those_of_the_words(reported, tenant, language, direction):
    mail = read_message(reported(tenant)).get_body(("html",)).get_content()
    for html in ((reported(tenant) / "report.html").read_text("utf-8"), mail):
        root = BeautifulSoup(html, "html.parser").html
        assert (root["lang"], root["dir"]) == (language, direction)


_GEOMETRY = """() => {
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement;
    const unseen = parent.closest('.spoken, .preheader, style, .scroll') || !parent.checkVisibility();
    if (!node.data.trim() || unseen) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) texts.push({text: node.data.trim(), box});
  }
  const found = [];
  for (const {text, box} of texts)
    if (box.left < -1 || box.right > innerWidth + 1) found.push(`cut off: ${text}`);
  for (const [place, one] of texts.entries())
    for (const other of texts.slice(place + 1)) {
      const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const high = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
      if (wide > 2 && high > one.box.height / 3) found.push(`upon each other: ${one.text} | ${other.text}`);
    }
  if (document.documentElement.scrollWidth > innerWidth) found.push('wider than the window');
  return found;
}"""


@pytest.mark.slow
@pytest.mark.parametrize("tenant", LANGUAGES)
@pytest.mark.parametrize(
    ("file", "width"),
    [
        ("report.html", 1280),
        ("report.html", 800),
        ("report.html", 375),
        ("message.html", 640),
        ("message.html", 360),
    ],
)
def test_longer_words_and_those_from_right_to_left_have_room(reported, browser, tenant, file, width):
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto((reported(tenant) / file).as_uri())
    assert page.evaluate(_GEOMETRY) == []
    page.close()


@pytest.mark.slow
def test_columns_of_a_report_from_right_to_left_change_places(reported, browser):
    """Names stand to the right of their numbers, as their readers read."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto((reported("rtl") / "report.html").as_uri())
    row = page.locator("table.bars tbody tr").first
    name, number = row.locator("th").bounding_box(), row.locator("td.number").first.bounding_box()
    page.close()
    assert name["x"] > number["x"]


@pytest.mark.slow
def test_pages_in_each_language_are_valid_and_accessible(reported, browser, violations, html_errors):
    pages = [reported(tenant) / "report.html" for tenant in LANGUAGES]
    for path in pages:
        page = browser.new_page()
        page.goto(path.as_uri())
        assert violations(page) == []
        page.close()
    assert html_errors(*(path.read_text("utf-8") for path in pages)) == ""
