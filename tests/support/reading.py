"""What tells whether everyone can read a page: a browser, axe, and the Nu Html Checker."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from support.tools import missing

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_VNU = Path(__file__).parents[2] / "node_modules/vnu-jar/build/dist/vnu.jar"


def find_program() -> str:
    """The system's Chromium, as a program."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path:
        missing("Chromium", "install the system's package chromium, or name the program in $CHROMIUM")
    return path


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Open the system's Chromium, and close it in the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_program(), args=["--no-sandbox"])
        yield browser
        browser.close()


def find_violations(page: Page) -> list[str]:
    """What axe finds wrong with an open page by WCAG 2.2 AA, one line each."""
    try:
        script = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    except ModuleNotFoundError:
        missing("axe", "pip install axe-playwright-python")
    page.evaluate(script)
    found = page.evaluate("tags => axe.run({runOnly: tags})", _RULES)["violations"]
    return [f"{rule['id']}: {node['html']}" for rule in found for node in rule["nodes"]]


def find_html_errors(*documents: Path) -> str:
    """What the Nu Html Checker calls an error in files, or in all files of folders."""
    jar = Path(os.environ.get("VNU_JAR", _VNU))
    if not jar.is_file() or not shutil.which("java"):
        missing("Nu Html Checker", "install a Java runtime, and npm install vnu-jar or set $VNU_JAR")
    # It ends so soon that to compile it well would cost as much as it takes.
    quick = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
    command = ["java", "-Xss2m", *quick, "-jar", str(jar), "--errors-only", *map(str, documents)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr
