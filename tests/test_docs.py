"""The documentation: every command of the README runs, every link leads somewhere, every target is real."""

import contextlib
import json
import os
import re
import shlex
import signal
import subprocess
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from support.projects import CHECKOUT, NOW, STARTER, make_project

README = (CHECKOUT / "README.md").read_text("utf-8")
PAGES = [
    CHECKOUT / name
    for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")
]
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", README, re.S) for line in block.splitlines()]
# These are not run whole here: they run the tests themselves, take minutes, or wait for a user.
_LONG = ("make test", "make bench", "make lab", "make preview")


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A project in which README's commands write, so that none touches the checkout's own outputs."""
    project = make_project(tmp_path_factory.mktemp("readme"))
    (project / "docs").mkdir()
    (project / "parameters" / "demo.yaml").write_text((STARTER / "parameters" / "demo.yaml").read_text())
    return project


def _run(command: str, project: Path) -> subprocess.CompletedProcess:
    words = shlex.split(command)
    if words[0] == "make":
        words[1:1] = [
            "--no-print-directory",
            "-C",
            str(CHECKOUT),
            *(["--dry-run"] if command.startswith(_LONG) else []),
        ]
    else:
        words[0] = str(CHECKOUT / words[0])
        words = [
            str(match) for word in words for match in (sorted(project.glob(word)) if "*" in word else [word])
        ]
    environment = os.environ | {"TIDINGS_HOME": str(project), "TIDINGS_NOW": NOW}
    return subprocess.run(words, env=environment, capture_output=True, text=True, check=False, timeout=280)


def test_the_readme_has_commands():
    assert COMMANDS[:2] == ["make demo", "make test"]


@pytest.mark.slow
def test_every_command_of_the_readme_runs_in_order(project):
    for command in COMMANDS:
        done = _run(command, project)
        assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        if command == "make demo":
            assert "In short" in done.stdout
            assert "Seconds" in done.stdout
            for name in ("report.html", "message.eml", "report.ipynb"):
                assert (project / "outputs" / "demo" / "2026-W46" / name).is_file()


def _served(lab: subprocess.Popen, said: Path) -> dict:
    """What a starting JupyterLab says of the master notebook, as soon as it answers."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and lab.poll() is None:
        if found := re.search(r"(http://\S+)/lab\S*\?token=(\w+)", said.read_text()):
            with contextlib.suppress(URLError):
                address = f"{found[1]}/api/contents/notebooks/report.ipynb?content=0&token={found[2]}"
                return json.load(urlopen(address, timeout=30))
        time.sleep(0.2)
    raise AssertionError(said.read_text())


def test_lab_serves_the_master_notebook(project, tmp_path):
    # A port of its own, and no browser: what `make lab` adds to that is the notebook.
    arguments = ["make", "-C", str(CHECKOUT), "lab", "LAB_OPTIONS=--no-browser --allow-root --port=0"]
    said = tmp_path / "lab.log"
    with said.open("w") as log:
        environment = os.environ | {"TIDINGS_HOME": str(project)}
        lab = subprocess.Popen(arguments, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        assert _served(lab, said)["type"] == "notebook"
    finally:
        os.killpg(lab.pid, signal.SIGKILL)
        lab.wait(10)


@pytest.mark.parametrize(
    "page", [*PAGES, *sorted((CHECKOUT / "docs").glob("*.md"))], ids=lambda page: page.name
)
def test_links_lead_somewhere_and_targets_are_real(page):
    text = page.read_text("utf-8")
    for target in re.findall(r"\]\(([^)#]+)", text):
        assert target.startswith("https://") or (page.parent / target).exists(), target
    makefile = (CHECKOUT / "Makefile").read_text()
    for target in re.findall(r"`make ([a-z-]+)", text):
        assert re.search(rf"^{target}:", makefile, re.M), target


def test_every_target_is_listed_with_one_line():
    makefile = (CHECKOUT / "Makefile").read_text()
    listed = subprocess.run(["make", "-C", str(CHECKOUT)], capture_output=True, text=True, check=True).stdout
    targets = re.findall(r"^([a-z-]+):", makefile, re.M)
    assert targets
    for target in targets:
        assert re.search(rf"^  make {target} +\S", listed, re.M), target
