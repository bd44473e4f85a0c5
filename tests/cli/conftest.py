"""What tests of the command line share."""

import sys
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from support.projects import NOW

from tidings.cli.main import main


@pytest.fixture
def tidings(monkeypatch, capsys):
    """Runs a command in a project as its users do, but in this process: an interpreter's start is saved."""

    def call(project: Path, *words: str) -> CompletedProcess:
        monkeypatch.setenv("TIDINGS_HOME", str(project))
        monkeypatch.setenv("TIDINGS_NOW", NOW)
        monkeypatch.chdir(project)
        monkeypatch.setattr(sys, "argv", ["tidings", *words])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        shown = capsys.readouterr()
        return CompletedProcess(words, ended.value.code or 0, shown.out, shown.err)

    return call
