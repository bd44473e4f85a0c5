from pathlib import Path

import pytest
from support.tables import assignment, message, tenant, write_tables

from tidings.errors import SourceError
from tidings.sources.source import open_source

NOON = "2026-11-10 12:00:00"


def refusal(source: str | Path, root: Path, **keys) -> str:
    with pytest.raises(SourceError) as refused:
        open_source(tenant(source, **keys), root)
    assert refused.value.remedy
    return str(refused.value)


def test_a_path_is_relative_to_the_projects_folder(tmp_path, monkeypatch):
    write_tables(tmp_path / "data" / "acme", messages=[message(NOON)])
    monkeypatch.chdir("/")
    assert open_source(tenant("data/acme", services=["activity"]), tmp_path).has("messages")
    assert open_source(tenant(tmp_path / "data" / "acme", services=["activity"]), Path("x")).has("messages")


def test_a_variable_is_taken_from_the_environment(tmp_path, monkeypatch):
    write_tables(tmp_path / "s3cret", messages=[message(NOON)])
    monkeypatch.setenv("FOLDER", "s3cret")
    source = open_source(tenant("${FOLDER}", services=["activity"]), tmp_path)
    assert source.where("messages") == "source ${FOLDER}, messages.parquet"
    assert "s3cret" not in repr(source.backend.location)


def test_a_variable_that_is_not_set_is_named(tmp_path, monkeypatch):
    monkeypatch.delenv("NOWHERE", raising=False)
    told = refusal("data/${NOWHERE}", tmp_path)
    assert "source data/${NOWHERE}: the environment has no variable NOWHERE" in told
    assert "set NOWHERE" in told


def test_no_message_shows_the_value_of_a_variable(tmp_path, monkeypatch):
    folder = write_tables(tmp_path / "s3cret", messages=[message(NOON)])
    monkeypatch.setenv("FOLDER", "s3cret")
    (folder / "messages.parquet").write_bytes(b"damaged")
    told = refusal("${FOLDER}", tmp_path, services=["activity"])
    assert "source ${FOLDER}, messages.parquet: cannot be read" in told
    assert "s3cret" not in told
    monkeypatch.setenv("FOLDER", "s3cret-2")
    assert "s3cret" not in refusal("${FOLDER}", tmp_path)


@pytest.mark.parametrize(
    ("services", "missing"), [(["activity"], "messages"), (["activity", "contact-center"], "assignments")]
)
def test_a_table_that_a_service_needs_is_asked_for(tmp_path, services, missing):
    write_tables(tmp_path, **({"messages": [message(NOON)]} if missing != "messages" else {"users": []}))
    told = refusal(tmp_path, tmp_path, services=services)
    assert f"there is no table {missing}, which the service {services[-1]} needs" in told
    assert f"take {services[-1]} out of the services of tenant acme" in told


def test_an_empty_folder_and_a_missing_one_are_refused(tmp_path):
    assert "there is no table messages" in refusal(tmp_path, tmp_path)
    assert "source nothing: there is no such folder" in refusal("nothing", tmp_path)


def test_a_source_without_a_row_of_the_tenant_is_refused(tmp_path):
    write_tables(tmp_path / "a", messages=[], users=[])
    assert "no table has a row of tenant acme" in refusal("a", tmp_path, services=["activity"])
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "users.csv").write_text("user_id,first_seen_at,tenant_id\nu1,2026-11-10 12:00,other\n")
    header = ",".join([*message(NOON), "assignment_id", "intent", "language", "channel", "tenant_id"])
    (tmp_path / "b" / "messages.csv").write_text(f"{header}\n")
    told = refusal("b", tmp_path, services=["activity"], tenant_column=True)
    assert "no table has a row of tenant acme" in told


def test_one_table_with_a_row_is_enough_to_open(tmp_path):
    write_tables(tmp_path, messages=[], assignments=[assignment("s1", NOON)])
    assert open_source(tenant(tmp_path), tmp_path).has("assignments")


def test_a_shared_source_needs_the_tenants_column(tmp_path):
    write_tables(tmp_path, messages=[message(NOON)])
    told = refusal(tmp_path, tmp_path, services=["activity"], tenant_column=True)
    assert "table messages has no column tenant_id, which tenant_column: true calls for" in told


def test_an_object_store_whose_package_is_not_installed_says_which_is_wanted(tmp_path):
    assert "pip install" in refusal("gs://bucket/prefix", tmp_path)
