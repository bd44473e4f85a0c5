"""The one family of errors: what an object store refuses is told in it, and never with a key."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import s3fs
from botocore.exceptions import ClientError
from s3fs.errors import translate_boto_error
from support.batches import project_of, request_in
from support.object_stores import empty_bucket, s3_server
from support.projects import NOW
from support.quick import slow_but
from support.tables import tenant
from upath import UPath

from tidings.errors import ReportError, SourceError, TidingsError
from tidings.reports.editions import write_run
from tidings.reports.workers import Share, make_edition
from tidings.sources.source import open_source

KEY = "AKIAMARK7QXK"
SECRET = "MARK7Qsecret"
NONE = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}
WRONG = {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET}


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """The address of a store that lets in whom it knows, with a bucket ``reports``."""
    with s3_server() as address, pytest.MonkeyPatch.context() as patch:
        empty_bucket(address, patch)
        yield address


@pytest.fixture
def project(store, tmp_path, monkeypatch) -> Path:
    """A project of one tenant, on a machine that has no credentials but those of its environment."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", store)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("TIDINGS_NOW", NOW)
    project = project_of(tmp_path / "project", "acme")
    monkeypatch.setenv("TIDINGS_HOME", str(project))
    return project


@pytest.fixture
def credentials(store, monkeypatch):
    """Gives this process other credentials, of which the store judges whether they are any."""

    def give(variables: dict[str, str | None]) -> None:
        for name, value in variables.items():
            monkeypatch.setenv(name, value) if value else monkeypatch.delenv(name, raising=False)
        s3fs.S3FileSystem.clear_instance_cache()
        requests.post(f"{store}/moto-api/reset-auth", data=b"0", timeout=10)

    yield give
    requests.post(f"{store}/moto-api/reset-auth", data=b"inf", timeout=10)
    s3fs.S3FileSystem.clear_instance_cache()


WHO = [
    pytest.param(
        NONE, "this machine has no credentials for the object store", id="none", marks=pytest.mark.slow
    ),
    pytest.param(WRONG, "the object store does not", id="wrong"),  # by some questions, it cannot say more
]


@pytest.mark.parametrize(("given", "told"), WHO)
@pytest.mark.parametrize("place", slow_but(["outputs"], ["outputs", "parameters"]))
def test_a_worker_that_is_not_let_into_the_store_says_why(project, credentials, given, told, place):
    credentials(given)
    outcome = make_edition(request_in(project, "acme", **{place: UPath("s3://reports/made")}), Share(None))
    assert outcome.state == "failed"
    assert told in outcome.error
    assert "To mend it: " in outcome.error
    assert outcome.trace is None
    assert "MARK7Q" not in outcome.error


@pytest.mark.parametrize(("given", "told"), WHO)
def test_a_source_that_does_not_let_a_machine_in_is_told_so(project, credentials, given, told):
    credentials(given)
    with pytest.raises(SourceError) as refused:
        open_source(tenant("s3://reports/acme"), project)
    assert str(refused.value).startswith(f"source s3://reports/acme: {told}")
    assert "MARK7Q" not in str(refused.value)


@pytest.mark.parametrize(("given", "told"), WHO)
def test_a_batch_whose_outputs_do_not_let_it_in_is_told_before_it_begins(project, credentials, given, told):
    credentials(given)
    with pytest.raises(ReportError) as refused:
        write_run(UPath("s3://reports/made"), {})
    assert f"folder s3://reports/made: cannot be written ({told}" in str(refused.value)
    assert "MARK7Q" not in str(refused.value)


def test_a_bucket_that_is_not_there_is_told_of_outputs_and_of_sources(project):
    with pytest.raises(
        ReportError, match=r"folder s3://nowhere/made: cannot be written \(there is no such buc"
    ):
        write_run(UPath("s3://nowhere/made"), {})
    with pytest.raises(SourceError, match="source s3://nowhere/acme: there is no such folder"):
        open_source(tenant("s3://nowhere/acme"), project)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("AccessDenied", "the object store does not let these credentials in"),
        ("403", "the object store does not let these credentials in"),
        ("InvalidAccessKeyId", "the object store does not know these credentials"),
        ("SignatureDoesNotMatch", "the object store does not know these credentials"),
        ("ExpiredToken", "the credentials for the object store have expired"),
        ("RequestTimeTooSkewed", "the clock of this machine differs from the object store's"),
        ("NoSuchBucket", "there is no such bucket"),
    ],
)
def test_an_answer_of_s3_is_known_by_its_code_and_not_quoted(code, told):
    answer = ClientError({"Error": {"Code": code, "Message": f"the key {KEY}"}}, "ListObjectsV2")
    found = TidingsError.of_storage(translate_boto_error(answer), "folder s3://reports/made")
    assert str(found).startswith(f"folder s3://reports/made: {told}\n  To mend it: ")
    assert "MARK7Q" not in str(found)


def test_an_error_of_a_disk_is_told_with_its_own_remedy():
    found = TidingsError.of_storage(OSError(28, "No space left on device", "/data/x"), "a file")
    assert str(found).startswith("/data/x: cannot be read or written: No space left on device")
    assert found.remedy == "make room on that disk"
