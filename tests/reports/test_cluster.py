"""A batch on a Dask cluster: real worker processes, some of which are killed in the middle."""

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import dask
import psutil
import pytest
from distributed import LocalCluster
from support.batches import project_of, request_in, start_run, states, temporary_folder, until
from support.projects import NOW

from tidings.reports.batch import EditionOutcome, make_reports
from tidings.reports.workers import dask_workers

pytestmark = pytest.mark.slow

TENANTS = ("acme", "beta", "deadly", "once", "zeta")
DEADLY = """
import os, signal, psutil
from pathlib import Path
with open(Path(parameters).parent / f"{tenant}.tries", "a") as tries:
    tries.write("try\\n")
    first = tries.tell() == 4
if tenant == "deadly" or (tenant == "once" and first):
    os.kill(psutil.Process(os.getppid()).ppid(), signal.SIGKILL)
"""
WAITING = """
from pathlib import Path
import time
(Path(parameters).parent / f"{tenant}.began").touch()
time.sleep(60)
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    return project_of(tmp_path_factory.mktemp("cluster"), *TENANTS, cell=DEADLY)


@pytest.fixture(scope="module")
def scheduler(project) -> Iterator[str]:
    """The address of a cluster of two worker processes, which are started again when they die."""
    places = {"TIDINGS_HOME": str(project), "TIDINGS_NOW": NOW, "TMPDIR": temporary_folder(project)}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in places.items():
            patch.setenv(name, value)
        settings = {
            "distributed.scheduler.allowed-failures": 1,
            "distributed.logging.distributed": "critical",
        }
        with (
            dask.config.set(settings),
            LocalCluster(
                n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
            ) as cluster,
        ):
            yield cluster.scheduler_address


@pytest.fixture(scope="module")
def outcomes(project, scheduler) -> dict[str, EditionOutcome]:
    """A batch in which one worker dies once, and every worker that takes one tenant."""
    with dask_workers(scheduler, None) as workers:
        made = list(make_reports([request_in(project, tenant) for tenant in TENANTS], workers))
    assert len(made) == len(TENANTS)
    return {outcome.tenant: outcome for outcome in made}


def test_no_edition_is_lost_where_workers_die(project, outcomes):
    assert {tenant for tenant, outcome in outcomes.items() if outcome.state == "failed"} == {"deadly"}
    for tenant in set(TENANTS) - {"deadly"}:
        assert (project / "outputs" / tenant / "2026-W46" / "edition.json").exists()


def test_no_edition_is_executed_twice_but_what_was_under_way_as_a_worker_died(project, outcomes):
    tries = {tenant: len((project / f"{tenant}.tries").read_text().splitlines()) for tenant in TENANTS}
    assert tries.pop("deadly") > 1
    assert tries == {"acme": 1, "beta": 1, "once": 2, "zeta": 1}


def test_an_edition_that_kills_every_worker_fails_alone_and_is_told(outcomes):
    assert outcomes["deadly"].state == "failed"
    assert outcomes["deadly"].error == "the worker that made it died, and so did the next"


def test_the_command_line_takes_the_scheduler_and_finds_what_is_finished(project, scheduler, outcomes):
    run = start_run(project, "--scheduler", scheduler, "--tenants", "acme,beta,once")
    words, _ = run.communicate(timeout=60)
    assert (run.returncode, "Traceback" in words) == (0, False), words
    assert states(project) == {"acme": "up to date", "beta": "up to date", "once": "up to date"}


# A cluster that ends, or is left


@pytest.fixture
def begun(tmp_path) -> Iterator[tuple[Path, psutil.Popen, psutil.Popen]]:
    """A scheduler with one worker, and a run in the middle of its first edition there."""
    project = project_of(tmp_path, "acme", "beta", cell=WAITING)
    file = project / "scheduler.json"
    scheduler = _dask(project, "scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
    assert until(file.exists, 60)
    worker = _dask(project, "worker", "--nthreads", "1", "--no-nanny", "--scheduler-file", str(file))
    run = start_run(project, "--scheduler", json.loads(file.read_text())["address"])
    assert until((project / "acme.began").exists, 90)
    yield project, scheduler, run
    for process in (run, scheduler, worker):
        with suppress(psutil.NoSuchProcess):
            process.kill()
            process.wait()


def _dask(project: Path, *arguments: str) -> psutil.Popen:
    places = {"TIDINGS_HOME": str(project), "TIDINGS_NOW": NOW, "TMPDIR": temporary_folder(project)}
    with (project / f"{arguments[0]}.log").open("w") as log:
        command = [sys.executable, "-m", "dask", *arguments]
        return psutil.Popen(command, cwd=project, env=os.environ | places, stdout=log, stderr=log)


def test_ctrl_c_leaves_the_cluster_soon(begun):
    project, _, run = begun
    run.send_signal(signal.SIGINT)
    words, _ = run.communicate(timeout=15)
    assert (run.returncode, "Traceback" in words) == (130, False), words
    assert "not finished  2" in words
    assert states(project) == {}


def test_a_scheduler_that_dies_ends_the_run_with_a_message(begun):
    _, scheduler, run = begun
    scheduler.kill()
    words, _ = run.communicate(timeout=60)
    assert (run.returncode, "Traceback" in words) == (3, False), words
    assert "scheduler is gone" in words
    assert "not finished  2" in words
