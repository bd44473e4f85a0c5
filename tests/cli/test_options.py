"""What a shell completes: commands, options, and the ids of tenants."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.projects import add_tenant, make_project


def completed(project: Path, *words: str) -> list[str]:
    """What bash is offered in place of the last word."""
    asked = {
        "_TIDINGS_COMPLETE": "complete_bash",
        "COMP_WORDS": " ".join(words),
        "COMP_CWORD": str(len(words) - 1),
    }
    environment = os.environ | {"TIDINGS_HOME": str(project)} | asked
    program = Path(sys.executable).with_name("tidings")
    return subprocess.run(
        [program], env=environment, capture_output=True, text=True, check=True
    ).stdout.split()


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    project = make_project(tmp_path_factory.mktemp("completion"))
    for tenant in ("acme", "acorn", "beta"):
        add_tenant(project, tenant)
    return project


def test_commands_are_completed(project):
    assert completed(project, "tidings", "pre") == ["preview"]


@pytest.mark.parametrize("command", ["report", "preview", "check", "explain"])
def test_tenants_are_completed(project, command):
    assert completed(project, "tidings", command, "ac") == ["acme", "acorn"]


def test_where_there_are_no_parameters_nothing_is_completed(tmp_path):
    assert completed(tmp_path, "tidings", "report", "ac") == []
