"""The preview as it is served: to its own user alone, and gone without a trace when it ends."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from email.message import Message
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell
from support.batches import until
from support.projects import NOW, STARTER, add_tenant, make_project
from support.tables import message

from tidings.demo import DemoSettings, write_demo_data

SECONDS = 120


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    folder = make_project(tmp_path_factory.mktemp("preview"), short=True)
    add_tenant(folder, "acme", tables={"messages": [message("2026-11-10 15:00")]})
    return folder


class Served:
    """A preview that is running: its process, its address, and what it says."""

    def __init__(self, process: subprocess.Popen, said: Path):
        self.process, self.said = process, said
        self.address = self.wait_for(r"http://\S+")

    def wait_for(self, pattern: str, after: int = 0) -> str:
        """The first text that it says after so many characters and that has this form."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            if found := re.search(pattern, self.said.read_text()[after:]):
                return found[0]
            time.sleep(0.02)
        raise AssertionError(self.said.read_text())

    def get(self, path: str = "", **headers: str) -> tuple[int, Message, str]:
        """The status, headers and text of an answer."""
        try:
            answer = urlopen(Request(self.address + path, headers=headers), timeout=SECONDS)
        except HTTPError as error:
            answer = error
        return answer.status, answer.headers, answer.read().decode()


@contextmanager
def served(project: Path, tenant: str, folder: Path) -> Iterator[Served]:
    said = folder / "preview.log"
    temporary = folder / "tmp"
    temporary.mkdir()
    with said.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tidings", "preview", tenant, "--port", "0"],
            cwd=project,
            env=os.environ
            | {"TIDINGS_HOME": str(project), "TIDINGS_NOW": NOW, "TMPDIR": str(temporary), "COLUMNS": "200"},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield Served(process, said)
    finally:
        process.kill()
        process.wait(10)


def save_as_jupyterlab(path: Path, notebook: nbformat.NotebookNode) -> None:
    """Write another file, and put it in the notebook's place: so does JupyterLab's server."""
    other = path.with_name(f".~{path.name}")
    other.write_text(json.dumps(notebook))
    os.replace(other, path)


@pytest.fixture(scope="module")
def preview(project, tmp_path_factory) -> Iterator[Served]:
    with served(project, "acme", tmp_path_factory.mktemp("said")) as found:
        found.wait_for("all cells executed")
        yield found


def test_it_is_served_on_this_machine_alone(preview):
    listening = [
        each for each in psutil.Process(preview.process.pid).net_connections() if each.status == "LISTEN"
    ]

    assert [each.laddr.ip for each in listening] == ["127.0.0.1"]


def test_it_answers_to_no_other_name_of_this_machine(preview):
    assert preview.get()[0] == 200
    assert preview.get(Host="localhost:80")[0] == 200
    assert preview.get(Host="evil.example")[0] == 400


def test_it_answers_at_no_path_but_the_one_that_it_told(preview):
    beginning = preview.address.rsplit("/", 2)[0]

    assert len(preview.address.rstrip("/").rsplit("/", 1)[1]) >= 16
    for path in ("/", "/page", "/other/page", "/events"):
        with pytest.raises(HTTPError, match="404"):
            urlopen(beginning + path, timeout=SECONDS)


def test_page_and_mail_run_no_script_and_ask_for_nothing(preview):
    for path in ("page", "mail?dark=1&print=1"):
        status, headers, html = preview.get(path)
        assert (status, headers["Cache-Control"]) == (200, "no-store")
        assert headers["Content-Security-Policy"].startswith(
            "default-src 'none'; style-src 'unsafe-inline'; "
        )
        assert "img-src data:" in headers["Content-Security-Policy"]
        assert "data:image/png;base64," in html
        assert "cid:" not in html


def test_images_off_has_none_loaded(preview):
    assert "img-src 'none'" in preview.get("mail?bare=1")[1]["Content-Security-Policy"]


def test_a_port_that_is_taken_is_one_error(project, tidings):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = tidings(project, "preview", "acme", "--port", str(port))

    assert done.returncode == 2
    assert done.stderr.startswith(f"error: port {port}: cannot be listened at: Address already in use\n")
    assert "choose another port (PORT=8766" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_tenant_that_does_not_exist_is_told_before_anything_is_served(project, tidings):
    done = tidings(project, "preview", "acne", "--port", "0")

    assert done.returncode == 1
    assert "there is no tenant 'acne'" in done.stderr
    assert "http://" not in done.stdout


@pytest.mark.slow
def test_ctrl_c_ends_it_with_its_kernels_and_leaves_nothing_behind(project, tmp_path):
    with served(project, "acme", tmp_path) as preview:
        preview.wait_for("all cells executed")
        children = psutil.Process(preview.process.pid).children(recursive=True)
        events = urlopen(preview.address + "events", timeout=SECONDS)
        events.readline()
        preview.process.send_signal(signal.SIGINT)
        assert preview.process.wait(20) == 0
        _, alive = psutil.wait_procs(children, timeout=10)

    assert children
    assert not alive
    assert list((tmp_path / "tmp").glob("tidings-*")) == []
    assert "Traceback" not in preview.said.read_text()


def test_a_cell_without_an_end_is_ended_by_the_next_save(project, preview, tmp_path):
    path, begun = project / "notebooks" / "report.ipynb", tmp_path / "begun"
    whole = nbformat.read(path, as_version=4)
    endless = nbformat.from_dict(whole)
    endless.cells = [*whole.cells[:3], new_code_cell(f"open({str(begun)!r}, 'w')\nwhile True:\n    pass")]
    try:
        save_as_jupyterlab(path, endless)
        assert until(begun.exists, SECONDS)
        said = len(preview.said.read_text())
    finally:
        save_as_jupyterlab(path, whole)
    preview.wait_for("all cells executed", said)
    assert "died" not in preview.said.read_text()


@pytest.mark.slow
@pytest.mark.parametrize("messages", [120_000, 1_000_000])
def test_a_browser_sees_each_save(messages, tmp_path, browser, capsys):
    """The times are printed; the bound here is for a crowded machine."""
    project = make_project(tmp_path / "project")
    tenant, path = project / "parameters" / "demo.yaml", project / "notebooks" / "report.ipynb"
    shutil.copy(STARTER / "parameters" / "demo.yaml", tenant)
    write_demo_data(project / "data" / "demo", DemoSettings(end=date(2026, 11, 16), messages=messages))
    with served(project, "demo", tmp_path) as preview:
        page = browser.new_page(viewport={"width": 1500, "height": 900})
        page.goto(preview.address)
        frame, mail = (
            page.frame_locator("#page iframe:not(.next)"),
            page.frame_locator("#mail iframe:not(.next)"),
        )
        frame.get_by_role("heading", name="Activity").wait_for(timeout=SECONDS * 1000)

        def see(what: str, save, heading: str) -> None:
            said = len(preview.said.read_text())
            save()
            for each in (frame, mail):
                each.get_by_text(heading, exact=True).first.wait_for(timeout=60_000)
            told = preview.wait_for(r"seen \S+ s after it was saved", said)
            with capsys.disabled():
                print(f"\n{messages:,} messages, {what}: {told}", end="")

        notebook = nbformat.read(path, as_version=4)
        chart = next(cell for cell in notebook.cells if cell.id == "intents")
        chart.source = 'charts.ranking(chatbot.intents(edition), title="What they ask")'
        see("a chart in the middle", lambda: save_as_jupyterlab(path, notebook), "What they ask")
        words = next(cell for cell in notebook.cells if cell.cell_type == "markdown")
        words.source = "## All that went on"
        see("words", lambda: save_as_jupyterlab(path, notebook), "All that went on")
        renamed = tenant.read_text().replace("Demo Telecom", "Other Telecom")
        see("the tenant's file", lambda: tenant.write_text(renamed), "Other Telecom")

        notebook.cells.append(new_code_cell("fine = 1\nfine / 0"))
        save_as_jupyterlab(path, notebook)
        page.get_by_text("ZeroDivisionError: division by zero").wait_for(timeout=60_000)
        assert page.get_by_text("fine / 0").is_visible()
        assert (
            page.locator("#where").inner_text()
            == f"notebook report.ipynb, cell {len(notebook.cells)}, line 2"
        )
        assert frame.get_by_text("What they ask").first.is_visible()

        page.get_by_label("Dark").check()
        page.get_by_label("Phone").check()
        page.wait_for_function("document.querySelectorAll('iframe').length === 2")
        ground = (
            "getComputedStyle(document.querySelector('#page iframe').contentDocument.body).backgroundColor"
        )
        page.wait_for_function(f"{ground} === 'rgb(15, 20, 27)'")
        assert page.locator("#page iframe").bounding_box()["width"] <= 390
        page.close()
