"""Reports of every kind, as `make pictures` makes them: everyone can read each of them."""

import pytest
from pictures.__main__ import make_pictures
from pictures.scenarios import SCENARIOS, environment, order_report, write_scenarios
from pictures.take import VIEWS


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    write_scenarios(folder)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_report_of_any_kind_is_readable_in_every_view(project, scenario, browser, monkeypatch, tmp_path):
    for name, value in environment(project).items():
        monkeypatch.setenv(name, value)
    request = order_report(scenario.name, scenario.period, tmp_path)
    assert list(make_pictures(request, browser, tmp_path / "pictures")) == []
    assert {path.stem for path in (tmp_path / "pictures").iterdir()} == {*map(str, VIEWS), "page-a4"}
