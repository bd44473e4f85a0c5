"""Worker processes with real kernels: what befalls one tenant's edition befalls no other's."""

import os
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from multiprocessing import resource_tracker
from pathlib import Path

import nbformat
import psutil
import pytest
from support.batches import gone, left_behind, project_of, request_in, temporary_folder, until
from support.projects import NOW, add_tenant
from support.tables import message

from tidings.errors import UsageError
from tidings.reports import workers
from tidings.reports.batch import EditionOutcome, make_reports
from tidings.reports.editions import FILES
from tidings.reports.workers import Share, dask_workers, local_workers, make_edition

GIGABYTE = 10**9
TROUBLE = """
import os, signal, time
if tenant == "raises":
    raise LookupError("no such agent")
if tenant == "sleeps":
    time.sleep(120)
if tenant == "killed":
    os.kill(os.getpid(), signal.SIGKILL)
if tenant == "greedy":
    data = bytearray(8_000_000_000)
"""
KILLS_ITS_WORKER = """
import os, psutil, time
from pathlib import Path
mark = Path(parameters).parent / "killed"
if tenant == "deadly" and not mark.exists():
    mark.touch()
    coordinator = psutil.Process(os.getppid()).parent()  # whose server the kernel was forked from
    [worker] = [child for child in coordinator.children() if "spawn_main" in " ".join(child.cmdline())]
    worker.kill()
    time.sleep(60)
"""


def _project(folder: Path, *tenants: str, cell: str, patch: pytest.MonkeyPatch) -> Path:
    project = project_of(folder, *tenants, cell=cell)
    for name, value in {"HOME": project, "NOW": NOW}.items():
        patch.setenv(f"TIDINGS_{name}", str(value))
    patch.setenv("TMPDIR", temporary_folder(project))
    return project


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory) -> Iterator[tuple[Path, dict[str, EditionOutcome]]]:
    """One batch in which every kind of trouble befalls a tenant, and two are well."""
    tenants = ("acme", "bad-data", "greedy", "killed", "no-source", "raises", "sleeps", "zeta")
    with pytest.MonkeyPatch.context() as patch:
        project = _project(tmp_path_factory.mktemp("trouble"), *tenants, cell=TROUBLE, patch=patch)
        bad = [message("2026-11-10 15:00", direction="sideways")]
        add_tenant(project, "bad-data", tables={"messages": bad})
        add_tenant(project, "no-source").write_text(
            (project / "parameters" / "no-source.yaml").read_text().replace("data/no-source", "data/nowhere")
        )
        requests = [
            request_in(project, tenant, seconds=6 if tenant == "sleeps" else 300) for tenant in tenants
        ]
        run = make_reports(requests, local_workers(2, 2 * GIGABYTE))
        yield project, {outcome.tenant: outcome for outcome in run}


def test_the_tenants_that_are_well_have_their_reports(outcomes):
    project, made = outcomes
    for tenant in ("acme", "zeta"):
        folder = project / "outputs" / tenant / "2026-W46"
        assert (made[tenant].state, made[tenant].folder) == ("made", str(folder))
        assert set(os.listdir(folder)) == {*FILES, "edition.json"}


@pytest.mark.parametrize(
    ("tenant", "says"),
    [
        ("bad-data", "column direction of table messages has an unknown value"),
        ("greedy", "MemoryError"),
        ("killed", "its kernel died"),
        ("no-source", "source data/nowhere: there is no such folder"),
        ("raises", "LookupError: no such agent"),
        ("sleeps", "took longer than 6 seconds"),
    ],
)
def test_a_tenant_in_trouble_fails_and_is_told_why(outcomes, tenant, says):
    assert outcomes[1][tenant].state == "failed"
    assert says in outcomes[1][tenant].error
    assert not (outcomes[0] / "outputs" / tenant / "2026-W46" / "edition.json").exists()


def test_a_notebook_that_failed_is_kept_with_papermills_banner(outcomes):
    for tenant in ("raises", "greedy", "bad-data"):
        failed = outcomes[0] / "outputs" / tenant / "2026-W46" / "failed.ipynb"
        assert "papermill-error-cell" in failed.read_text()


@pytest.mark.parametrize("tenant", ["sleeps", "killed"])
def test_a_notebook_that_was_cut_short_is_kept_as_far_as_it_came(outcomes, tenant):
    failed = outcomes[0] / "outputs" / tenant / "2026-W46" / "failed.ipynb"
    counts = [cell.execution_count for cell in nbformat.read(failed, as_version=4).cells if cell.source]
    assert counts[:3] == [1, 2, 3]
    assert not any(counts[5:])


def test_nothing_is_left_behind(outcomes):
    assert until(lambda: not left_behind(outcomes[0]), seconds=5), left_behind(outcomes[0])


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_is_replaced_and_its_edition_made_once(tmp_path, monkeypatch):
    project = _project(tmp_path, "acme", "deadly", "zeta", cell=KILLS_ITS_WORKER, patch=monkeypatch)
    requests = [request_in(project, tenant) for tenant in ("acme", "deadly", "zeta")]
    resource_tracker.ensure_running()  # the standard library's own, which stays until this process ends
    before = set(psutil.Process().children(recursive=True))
    outcomes, receipts = [], {}
    with closing(make_reports(requests, local_workers(1, None))) as run:
        for outcome in run:
            assert outcome.state == "made", outcome
            outcomes.append((outcome.tenant, outcome.state))
            receipts[outcome.tenant] = _receipt(project, outcome.tenant)
    assert (project / "killed").exists()
    assert sorted(outcomes) == [("acme", "made"), ("deadly", "made"), ("zeta", "made")]
    assert receipts == {tenant: _receipt(project, tenant) for tenant in receipts}
    assert gone(set(psutil.Process().children(recursive=True)) - before, seconds=5)
    assert until(lambda: not left_behind(project), seconds=5), left_behind(project)


def _receipt(project: Path, tenant: str) -> tuple[int, int]:
    info = (project / "outputs" / tenant / "2026-W46" / "edition.json").stat()
    return info.st_ino, info.st_mtime_ns


@pytest.mark.parametrize(
    ("share", "memory", "threads"),
    [
        (Share(of=2), "40%", "4"),
        (Share(memory=3 * GIGABYTE, of=2), "1500000000B", "4"),
        (Share(of=100), "1%", "1"),
        (Share(), None, "1"),
    ],
)
def test_kernels_that_run_together_share_the_machine(share, memory, threads, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    assert share.environment.get("TIDINGS_MEMORY_LIMIT") == memory
    assert share.environment["TIDINGS_THREADS"] == threads


def test_what_the_environment_says_goes_before_a_share(tmp_path, monkeypatch):
    monkeypatch.setenv("TIDINGS_THREADS", "3")
    monkeypatch.setattr(workers, "_kernels", lambda limit: {})
    make_edition(request_in(tmp_path, "acme"), Share())
    assert os.environ["TIDINGS_THREADS"] == "3"


def test_whatever_goes_wrong_in_a_worker_is_the_editions_outcome(tmp_path, monkeypatch):
    def fail(request, kernel, judge):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setenv("TIDINGS_THREADS", "1")  # which would else stay set after this test
    monkeypatch.setattr(workers, "make_report", fail)
    monkeypatch.setattr(workers, "_kernels", lambda limit: {})
    outcome = make_edition(request_in(tmp_path, "acme"), Share())
    assert (outcome.state, outcome.error) == ("failed", "PermissionError: [Errno 13] Permission denied")


def test_without_dask_there_is_a_message_that_says_so(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(UsageError, match="Dask is not installed"), dask_workers("tcp://host:8786", None):
        pass


def test_workers_are_out_of_the_terminals_reach_and_end_with_the_block():
    with suppress(KeyboardInterrupt), local_workers(1, None).open() as executor:
        worker = executor.submit(os.getpid).result()
        assert os.getsid(worker) == worker
        raise KeyboardInterrupt
    assert not psutil.pid_exists(worker)


@pytest.mark.slow
def test_all_workers_have_their_kernels_from_one_server():
    with local_workers(2, None).open() as executor:
        seen = [executor.submit(_kernels_are_from, hold=1) for _ in range(2)]
        (one, server), (other, same) = [future.result() for future in seen]
    assert one != other
    assert server == same is not None


def _kernels_are_from(hold):
    time.sleep(hold)  # so that the other worker gets the other call
    return os.getpid(), workers._server
