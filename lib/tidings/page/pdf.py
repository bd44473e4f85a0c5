"""The page on paper: a PDF that Chromium prints of it, with a running head and numbered pages."""

import os
import re
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from nbformat import NotebookNode

from tidings.errors import ReportError
from tidings.page.page import page_html
from tidings.page.preprocessors import read_notebook

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
_SECONDS = 120
_OPTIONS = (
    *("--headless", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer", "--disable-extensions"),
    *("--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND"),
)
_REMEDY = "install Chromium (the package chromium), or name the program in the environment variable CHROMIUM"
_HEAD = """\
@page {{
  margin: 16mm 12mm;
  @top-left {{ content: {title}; {look} }}
  @bottom-right {{ content: counter(page) " / " counter(pages); {look} }}
}}
@page :first {{ margin-top: 11mm; @top-left {{ content: none; }} }}
"""
_LOOK = "font: 8pt sans-serif; color: #586577;"
_MADE_AT = re.compile(rb"/(CreationDate|ModDate) \(D:\d{14}[^)]*\)")


def page_pdf(notebook: NotebookNode) -> bytes:
    """The page of an executed notebook as a PDF: the same notebook gives the same bytes.

    Each sheet but the first is headed by tenant and period, and all are numbered.

    Raises
    ------
    ReportError
        The notebook cannot be shown: see `tidings.page.preprocessors.read_notebook`. Or there is no Chromium,
        or it fails.
    """
    read = read_notebook(notebook)
    head = _HEAD.format(title=_css_string(read.view.title), look=_LOOK)
    return _print(page_html(read).replace("</style>", f"{head}</style>", 1))


def find_chromium() -> str:
    """The program that prints: ``CHROMIUM`` where that is set, one of the system, or playwright's.

    Raises
    ------
    ReportError
        There is none.
    """
    if named := os.environ.get("CHROMIUM"):
        if found := shutil.which(named):
            return found
        raise ReportError("there is no such program", where=f"CHROMIUM={named}", remedy=_REMEDY)
    for program in filter(None, map(shutil.which, _PROGRAMS)):
        return program
    try:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            program = playwright.chromium.executable_path
    except ImportError:
        program = ""
    if not Path(program).is_file():
        raise ReportError("a PDF is printed by Chromium, which is not there", remedy=_REMEDY)
    return program


@lru_cache(maxsize=2)  # one message for each recipient has the same
def _print(html: str) -> bytes:
    """A document as Chromium prints it, which it gets in a folder of its own, and without a network."""
    program = find_chromium()
    with TemporaryDirectory(prefix="tidings-") as name:
        page, pdf = Path(name) / "page.html", Path(name) / "page.pdf"
        page.write_text(html, encoding="utf-8")
        # Chromium has no sandbox for the superuser, as in a container; the page runs no script.
        sandbox = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
        own = [f"--user-data-dir={name}/profile", f"--print-to-pdf={pdf}", page.as_uri()]
        try:
            done = subprocess.run(
                [program, *_OPTIONS, *sandbox, *own], capture_output=True, timeout=_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise _not_printed(program, f"it took longer than {_SECONDS} seconds") from None
        except OSError as error:
            raise _not_printed(program, error.strerror or "it cannot be started") from None
        if not pdf.is_file():
            *_, said = done.stderr.decode(errors="replace").splitlines() or ["it said nothing"]
            raise _not_printed(program, said[:200])
        return _MADE_AT.sub(_long_ago, pdf.read_bytes())


def _long_ago(found: re.Match[bytes]) -> bytes:
    """The time of making as long as it was, for a PDF knows where each thing in it stands."""
    return re.sub(rb"D:\d{14}", b"D:19800101000000", found[0])


def _css_string(text: str) -> str:
    """A text as CSS quotes it, whatever is in it: all but letters and digits by their numbers."""
    return '"' + "".join(mark if mark.isalnum() else f"\\{ord(mark):x} " for mark in text) + '"'


def _not_printed(program: str, reason: str) -> ReportError:
    return ReportError(f"Chromium did not print the page: {reason}", where=program, remedy=_REMEDY)
