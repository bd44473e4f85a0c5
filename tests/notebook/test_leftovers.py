"""What a killed run leaves behind is gone after the next; what runs is left alone."""

import os
import subprocess
import sys
import tempfile
import time

import pytest

from tidings.notebook.leftovers import MARK, end_marked, folder_prefix, new_mark, sweep

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture
def gone() -> int:
    """The number of a process that is no more."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


@pytest.fixture
def start():
    """Starts a process in a session of its own, as a cell may, under a mark."""
    started = []

    def run(mark: str) -> subprocess.Popen:
        started.append(subprocess.Popen(SLEEP, start_new_session=True, env={**os.environ, MARK: mark}))
        time.sleep(0.2)  # until its environment is its own
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.wait()


def test_a_detached_child_ends_with_its_kernel_and_another_kernels_child_does_not(start):
    mine, other = new_mark(), new_mark()
    child, spared = start(mine), start(other)
    end_marked(mine)
    assert child.wait(10) == -9
    assert spared.poll() is None


def test_folders_and_processes_of_a_killed_run_are_gone_and_those_of_a_live_one_stay(
    start, gone, tmp_path, monkeypatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    prefix = folder_prefix()
    left = tmp_path / f"{prefix.replace(str(os.getpid()), str(gone))}x"
    live, foreign = tmp_path / f"{prefix}x", tmp_path / f"tidings-0000ff-{gone}-x"
    for folder in (left, live, foreign):
        folder.mkdir()
        (folder / "kernel.json").write_text("{}")
    orphan, child = start(f"{gone}-abc"), start(new_mark())
    sweep()
    assert (left.exists(), live.exists(), foreign.exists()) == (False, True, True)
    assert orphan.wait(10) == -9
    assert child.poll() is None
