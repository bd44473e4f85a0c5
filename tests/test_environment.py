"""The environment: listed once in pyproject.toml, pinned once with hashes, and no more of it than is used."""

import re
import tomllib

import pytest
from support.projects import CHECKOUT

PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
LOCK = (CHECKOUT / "requirements.lock").read_text("utf-8").splitlines()
NOT_FOR_USERS = {"jupyterlab", "notebook", "ploomber-engine", "pytest", "ruff", "mypy", "moto", "hypothesis"}


def pinned(extra: str = "") -> dict[str, str]:
    """The lock's packages of the core, or those that an extra adds, each with its line."""
    prefix = f"#{extra} " if extra else ""
    lines = [line.removeprefix(prefix) for line in LOCK if line.startswith(prefix)]
    return {line.partition("==")[0]: line for line in lines if re.match(r"[a-z0-9]", line)}


def names(dependencies: list[str]) -> set[str]:
    """The packages that dependencies name, without versions and extras."""
    written = (re.match(r"[A-Za-z0-9._-]+", each)[0] for each in dependencies)
    return {re.sub(r"[._-]+", "-", name).lower() for name in written}


def test_every_line_of_the_lock_pins_a_package_with_hashes():
    for line in LOCK[1:]:
        assert re.fullmatch(
            r"(#[a-z0-9]+ )?[a-z0-9._-]+==\S+( ; .+?)?( --hash=sha256:[0-9a-f]{64})+", line
        ), line


def test_the_lock_names_no_host():
    assert not [
        line[:80] for line in LOCK if re.search(r"https?://|--index|--extra-index|--find-links", line)
    ]


def test_every_dependency_is_pinned_in_the_core():
    missing = names(PROJECT["dependencies"]) - set(pinned())
    assert not missing, f"not in requirements.lock: {missing}: run make lock"


@pytest.mark.parametrize("extra", EXTRAS)
def test_every_dependency_of_an_extra_is_pinned(extra):
    missing = names(EXTRAS[extra]) - set(pinned(extra)) - set(pinned())
    assert not missing, f"not in requirements.lock: {missing}: run make lock"


def test_the_lock_has_no_section_without_an_extra():
    assert {line[1:].split()[0] for line in LOCK[1:] if line.startswith("#")} == set(EXTRAS)


def test_the_core_holds_nothing_that_tests_benchmarks_or_analysts_add():
    assert not NOT_FOR_USERS & set(pinned())


def test_what_is_measured_beside_ours_is_in_no_other_environment():
    users = set(pinned()).union(*(pinned(extra) for extra in EXTRAS if extra != "bench"))
    assert not {name for name in users if name.startswith(("ploomber", "posthog"))}


def test_conda_installs_the_same_lock():
    assert "- --requirement requirements.lock" in (CHECKOUT / "environment.yml").read_text("utf-8")
