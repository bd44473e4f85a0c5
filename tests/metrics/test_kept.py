"""Kept queries in a file: written by one process after a rehearsal, read by those that come after it."""

import os
import shutil
import subprocess
import sys

import pytest
from support.projects import CHECKOUT

# What every process here imports is bytecode already: only what is kept goes to a folder of the test's own.
_BEGINS = """
import sys
import tidings.kernels.preload
sys.pycache_prefix = sys.argv[1]
"""
_WRITES = "import tidings.kernels.rehearsed"
_READS = """
from tidings.metrics.kept import read_kept
from tidings.metrics.outline import KEPT
import tidings.kernels.rehearsal as rehearsal

def told():
    return {
        (query.__module__, query.__qualname__, arguments): sorted(
            (each.query.sql, sorted(each.parameters), repr(each.facts.values())) for each in those
        )
        for (query, *arguments), those in ((key, KEPT[key]) for key in KEPT)
        for arguments in [repr(arguments)]
    }

read_kept()
read, before = told(), {key: list(those) for key, those in KEPT.items()}
rehearsal.rehearse()
compiled_none = before == KEPT
KEPT.clear()
rehearsal.rehearse()
print(len(read) > 30, compiled_none, read == told())
"""
_READS_ANY = """
from tidings.metrics.kept import read_kept
from tidings.metrics.outline import KEPT
read_kept()
print(bool(KEPT))
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """A library of its own, so that its modules can be changed."""
    folder = tmp_path_factory.mktemp("library")
    shutil.copytree(CHECKOUT / "lib", folder / "lib")
    return folder / "lib"


@pytest.fixture(scope="module")
def run(library):
    def run(program, kept, **environment):
        given = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        done = subprocess.run(
            [sys.executable, "-c", _BEGINS + program, str(kept)],
            env=given | {"PYTHONPATH": str(library)} | environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run


@pytest.fixture(scope="module")
def kept(run, tmp_path_factory):
    """Where a rehearsal has put what it kept."""
    folder = tmp_path_factory.mktemp("kept")
    run(_WRITES, folder)
    return folder


def _files(folder):
    return list(folder.rglob("queries-*"))


def test_what_is_read_is_what_a_rehearsal_compiles_so_that_nothing_is_compiled(run, kept):
    assert len(_files(kept)) == 1
    assert run(_READS, kept) == "True True True"


def test_a_file_that_is_damaged_is_as_none(run, kept, tmp_path):
    copy = shutil.copytree(kept, tmp_path / "kept")
    (file,) = _files(copy)
    file.write_bytes(file.read_bytes()[:-100])
    assert run(_READS_ANY, copy) == "False"


def test_once_a_module_has_changed_of_which_queries_are_made_no_earlier_file_is_read(run, kept, library):
    module = library / "tidings" / "metrics" / "days.py"
    before = module.stat().st_mtime_ns
    os.utime(module, ns=(before, before + 1_000_000_000))
    try:
        assert run(_READS_ANY, kept) == "False"
    finally:
        os.utime(module, ns=(before, before))


@pytest.mark.slow
def test_the_file_of_earlier_modules_goes_when_another_is_written(run, kept, library, tmp_path):
    copy = shutil.copytree(kept, tmp_path / "kept")
    module = library / "tidings" / "metrics" / "days.py"
    before = module.stat().st_mtime_ns
    os.utime(module, ns=(before, before + 1_000_000_000))
    try:
        run(_WRITES, copy)
    finally:
        os.utime(module, ns=(before, before))
    assert len(_files(copy)) == 1
    assert _files(copy)[0].name != _files(kept)[0].name


@pytest.mark.slow
def test_where_python_writes_no_bytecode_none_is_written(run, tmp_path):
    run(_WRITES, tmp_path, PYTHONDONTWRITEBYTECODE="1")
    assert _files(tmp_path) == []
