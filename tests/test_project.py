"""Where the project is, from any working directory."""

from pathlib import Path

from support.projects import CHECKOUT, make_project
from upath import UPath

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


def test_a_folder_is_relative_absolute_or_an_address():
    assert locate_folder("outputs", Path("/project")) == Path("/project/outputs")
    assert locate_folder("/elsewhere", Path("/project")) == Path("/elsewhere")
    assert isinstance(locate_folder("memory://bucket/outputs", Path("/project")), UPath)
