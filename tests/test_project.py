"""Where the project is, from any working directory."""

from pathlib import Path

import pytest
from support.projects import CHECKOUT, make_project
from upath import UPath

from tidings.errors import UsageError
from tidings.project import locate_folder, project_folder


def test_the_environment_names_the_project_before_anything_else(tmp_path, monkeypatch):
    monkeypatch.setenv("TIDINGS_HOME", str(tmp_path))
    assert project_folder() == tmp_path


def test_the_nearest_folder_above_with_the_master_notebook_is_the_project(tmp_path, monkeypatch):
    monkeypatch.delenv("TIDINGS_HOME", raising=False)
    project = make_project(tmp_path / "project")
    monkeypatch.chdir(project / "notebooks")
    assert project_folder() == project


def test_elsewhere_it_is_the_checkout_that_the_library_comes_from(tmp_path, monkeypatch):
    monkeypatch.delenv("TIDINGS_HOME", raising=False)
    monkeypatch.chdir(tmp_path)
    assert project_folder() == CHECKOUT


@pytest.mark.parametrize(
    ("folder", "path"),
    [
        ("outputs", "/project/outputs"),
        ("/elsewhere", "/elsewhere"),
        ("file:///srv/reports", "/srv/reports"),
        ("file://localhost/srv/reports", "/srv/reports"),
        ("file:/srv/reports", "/srv/reports"),
        ("local:///srv/reports", "/srv/reports"),
    ],
)
def test_a_folder_of_this_machine_is_a_path_however_it_is_written(folder, path):
    found = locate_folder(folder, Path("/project"))
    assert found == Path(path)
    assert not isinstance(found, UPath)


def test_an_address_in_an_object_store_is_a_universal_path():
    found = locate_folder("memory://bucket/outputs", Path("/project"))
    assert isinstance(found, UPath)
    assert str(found) == "memory://bucket/outputs"


@pytest.mark.parametrize("folder", ["file://outputs", "file://server/share", "file:", "nosuch://bucket"])
def test_an_address_that_leads_to_no_folder_is_refused_with_a_remedy(folder):
    with pytest.raises(UsageError, match=f"folder {folder}: .*\n  To mend it: name a folder"):
        locate_folder(folder, Path("/project"))
