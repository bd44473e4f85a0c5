"""Pictures of a page or a mail as readers see it, and what can be measured of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page
from support.reading import find_violations

from tidings.charts.style.theme import TEXT

_SMALLEST = """charts => {
    const shown = element => element.checkVisibility({visibilityProperty: true})
        && element.getBoundingClientRect().width > 1;
    const inWords = [], inPictures = [];
    const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (words.nextNode()) {
        const element = words.currentNode.parentElement;
        if (words.currentNode.data.trim() && shown(element))
            inWords.push(parseFloat(getComputedStyle(element).fontSize));
    }
    for (const image of document.images)
        if (image.alt in charts && shown(image))
            inPictures.push(charts[image.alt] * image.clientWidth);
    return [Math.min(...inWords), inPictures.length ? Math.min(...inPictures) : 0];
}"""


@dataclass(frozen=True)
class View:
    """A way to look at a page or a mail.

    Attributes
    ----------
    of : {"page", "mail"}
        What is looked at.
    width : int
        Of the window, in CSS pixels.
    scheme : {"light", "dark"}
        What the reader prefers.
    images : bool
        Whether pictures are shown.
    """

    of: Literal["page", "mail"]
    width: int
    scheme: Literal["light", "dark"] = "light"
    images: bool = True

    def __str__(self) -> str:
        return f"{self.of}-{self.width}-{self.scheme}{'' if self.images else '-without-images'}"


VIEWS = (
    View("page", 1280),
    View("page", 1280, "dark"),
    View("page", 800),
    View("page", 375),
    View("page", 375, "dark"),
    View("mail", 640),
    View("mail", 640, "dark"),
    View("mail", 640, images=False),
    View("mail", 360),
    View("mail", 360, "dark"),
)


@dataclass(frozen=True)
class Seen:
    """What was seen in a view.

    Attributes
    ----------
    view : View
        How it was looked at.
    height : int
        Of all of it, in CSS pixels.
    smallest : str
        The size of the smallest text as it is shown, in CSS pixels, among the words and in the pictures.
    faults : tuple of str
        What axe finds wrong, and that something stands beside the window.
    """

    view: View
    height: int
    smallest: str
    faults: tuple[str, ...]


def take(browser: Browser, page: Path, mail: Path, folder: Path) -> Iterator[Seen]:
    """Write a picture of each view as a PNG, and of the page as it is printed on A4 as a PDF.

    Parameters
    ----------
    browser : Browser
        Who looks.
    page, mail : Path
        A report's page, and its message as a page.
    folder : Path
        Where the pictures go.
    """
    documents = {"page": page, "mail": mail}
    charts: dict[str, float] = {}
    for view in VIEWS:
        with browser.new_context(
            viewport={"width": view.width, "height": 900}, color_scheme=view.scheme, bypass_csp=True
        ) as context:
            opened = context.new_page()
            opened.goto(documents[view.of].as_uri())
            if not view.images:
                opened.eval_on_selector_all("img", "all => all.forEach(one => one.src = 'cid:blocked')")
            charts |= _measure_charts(opened) if view.of == "page" else {}
            opened.screenshot(path=folder / f"{view}.png", full_page=True)
            yield _see(opened, view, charts)
            if view == VIEWS[0]:
                opened.pdf(path=folder / "page-a4.pdf", prefer_css_page_size=True)


def _measure_charts(page: Page) -> dict[str, float]:
    """By its alternative text, how large a picture's text is for each pixel that the picture is wide."""
    sizes = page.evaluate("() => [...document.images].map(one => [one.alt, one.getAttribute('width')])")
    return {alt: TEXT / 72 * 100 / int(width) for alt, width in sizes if width}


def _see(page: Page, view: View, charts: dict[str, float]) -> Seen:
    faults = find_violations(page)
    size = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    if size[0] > view.width:
        faults.append(f"something stands {size[0] - view.width} pixels beside the window")
    words, pictures = page.evaluate(_SMALLEST, charts if view.images else {})
    smallest = f"{words:.1f}" + (f", in pictures {pictures:.1f}" if pictures else "")
    return Seen(view, size[1], smallest, tuple(faults))
