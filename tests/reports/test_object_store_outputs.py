"""Editions in an object store: the same files and names, and nothing taken for finished that is not."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
import s3fs
from support.batches import project_of, request_in
from support.object_stores import empty_bucket, s3_server
from support.projects import NOW, run
from upath import UPath

from tidings.reports import editions, render
from tidings.reports.report import find_up_to_date, make_report

OUTPUTS, PARAMETERS = "s3://reports/made", "s3://reports/tenants"
PLACES = ("--outputs", OUTPUTS, "--parameters", PARAMETERS)
FAILING = "if tenant == 'bad': 1 / 0"


@pytest.fixture(scope="module")
def patch() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as context:
        yield context


@pytest.fixture(scope="module")
def store(patch) -> Iterator[s3fs.S3FileSystem]:
    with s3_server() as address:
        yield empty_bucket(address, patch)


@pytest.fixture(scope="module")
def project(tmp_path_factory, store, patch) -> Path:
    """A project on this machine whose parameters are in the store."""
    project = project_of(tmp_path_factory.mktemp("project"), "acme", "bad", cell=FAILING)
    store.put(str(project / "parameters"), "reports/tenants", recursive=True)
    patch.setenv("TIDINGS_HOME", str(project))
    patch.setenv("TIDINGS_NOW", NOW)
    return project


@pytest.fixture(scope="module")
def batch(project, store) -> SimpleNamespace:
    """A run into the store, and what it left on this machine's own disk for temporary files."""
    temporary = project / "temporary"
    temporary.mkdir()
    done = run(project, "reports", "--jobs", "1", *PLACES, TMPDIR=str(temporary))
    return SimpleNamespace(
        status=done.returncode, words=done.stdout + done.stderr, left=os.listdir(temporary)
    )


def _files(store: s3fs.S3FileSystem, folder: str) -> list[str]:
    return sorted(path.removeprefix("reports/made/") for path in store.find(f"reports/made/{folder}"))


@pytest.mark.slow
def test_a_batch_writes_its_files_into_the_store_and_leaves_none_here(batch, store):
    store.invalidate_cache()
    assert (batch.status, "Traceback" in batch.words) == (3, False), batch.words
    assert _files(store, "acme") == [
        "acme/2026-W46/edition.json",
        "acme/2026-W46/message.eml",
        "acme/2026-W46/message.html",
        "acme/2026-W46/report.html",
        "acme/2026-W46/report.ipynb",
    ]
    assert "Mon 9 – Sun 15 November 2026" in store.cat("reports/made/acme/2026-W46/report.html").decode()
    assert batch.left == []


@pytest.mark.slow
def test_a_notebook_that_failed_is_kept_in_the_store(batch, store):
    store.invalidate_cache()
    assert _files(store, "bad") == ["bad/2026-W46/failed.ipynb"]
    assert "papermill-error-cell" in store.cat("reports/made/bad/2026-W46/failed.ipynb").decode()


@pytest.mark.slow
def test_run_json_is_there_too_and_says_where_each_edition_is(batch, store):
    about = json.loads(store.cat("reports/made/_run.json"))
    folders = {edition["tenant"]: edition["folder"] for edition in about["editions"]}
    assert folders == {"acme": f"{OUTPUTS}/acme/2026-W46", "bad": None}


@pytest.mark.slow
def test_what_is_up_to_date_is_left_alone_until_its_parameters_change(batch, project, store):
    done = run(project, "reports", *PLACES, "--tenants", "acme")
    assert (done.returncode, done.stdout.split()[:3]) == (0, ["up", "to", "date"])
    wanted = request_in(project, "acme", outputs=UPath(OUTPUTS), parameters=UPath(PARAMETERS))
    assert find_up_to_date(wanted)
    store.pipe("reports/tenants/acme.yaml", store.cat("reports/tenants/acme.yaml") + b"language: es\n")
    assert find_up_to_date(wanted) is None


def test_an_unknown_tenant_is_told_with_the_known_ones(project, tidings):
    done = tidings(project, "reports", *PLACES, "--tenants", "acne")
    assert done.returncode == 3
    assert f"{PARAMETERS}: there is no tenant 'acne'" in done.stdout
    assert "use one of acme" in done.stdout


def test_a_bucket_that_is_not_there_is_told_before_anything_is_made(project, tidings):
    done = tidings(project, "reports", "--outputs", "s3://nowhere/made", "--tenants", "acme")
    assert (done.returncode, done.stdout) == (2, "")
    assert "folder s3://nowhere/made: cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", [("mail",), ("due",), ("status",)])
def test_delivery_says_that_it_needs_a_folder_of_this_machine(project, command, tidings):
    done = tidings(project, *command, "--outputs", OUTPUTS)
    assert done.returncode == 2
    assert f"folder {OUTPUTS}: is in an object store" in done.stderr
    assert not (project / "s3:").exists()


# A worker that dies between two uploads


@pytest.fixture
def request_into_store(project, store, monkeypatch, tmp_path):
    """A request, the making of whose files costs nothing."""

    def render_files(request, order, draft, *making):
        for name in editions.FILES:
            (draft.folder / name).write_text(f"{name} of {order.tenant.id}")
        return render.Rendered()

    monkeypatch.setattr(render, "render_files", render_files)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    outputs = UPath(f"{OUTPUTS}/{tmp_path.name}")
    return request_in(project, "acme", outputs=outputs, parameters=project / "parameters")


@pytest.mark.parametrize("uploads", range(4))
def test_an_edition_is_finished_only_when_its_last_upload_is(request_into_store, monkeypatch, uploads):
    class Died(BaseException):
        pass

    put, done = editions._put, []

    def put_some(file, target):
        if len(done) == uploads:
            raise Died
        done.append(target)
        put(file, target)

    monkeypatch.setattr(editions, "_put", put_some)
    with pytest.raises(Died):
        make_report(request_into_store)
    assert len(done) == uploads
    assert find_up_to_date(request_into_store) is None
    monkeypatch.setattr(editions, "_put", put)
    assert make_report(request_into_store).is_new
    assert find_up_to_date(request_into_store)


def test_temporary_files_of_a_worker_that_was_killed_are_removed_by_the_next(request_into_store, tmp_path):
    gone = psutil.Popen(["true"])
    gone.wait()
    abandoned = tmp_path / f".draft-{os.uname().nodename}-{gone.pid}-x"
    abandoned.mkdir()
    make_report(request_into_store)
    assert os.listdir(tmp_path) == []
