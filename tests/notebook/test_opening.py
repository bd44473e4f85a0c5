"""Opening an edition, and metrics of a notebook's own, outside of one."""

import duckdb
import pytest
from support.projects import NOW, add_tenant, make_project
from support.tables import edition_in, edition_of, message, write_tables

from tidings import metric, open_edition
from tidings.errors import MetricError, ReportError, SourceError
from tidings.notebook.opening import _say_unverified
from tidings.sources.engines.duckdb import DuckDB


@pytest.mark.parametrize("name", ["activity.new_users", "contact_center.agent_hours", "report.edition"])
def test_a_published_name_is_taken(name):
    with pytest.raises(MetricError, match=f"metric {name}: this name is taken"):
        metric(name, "Mine")


def test_outside_of_a_notebook_a_metric_is_computed_and_nothing_is_recorded(tmp_path, capsys):
    @metric("team.messages", "Messages", unit="messages")
    def messages(edition):
        """Messages of the period.

        However they came.
        """
        return len(edition.fetch(edition.rows("messages")))

    instants = ("2026-11-10 10:00", "2026-11-03 10:00", "2026-11-01 10:00")
    edition = edition_of(tmp_path, "2026-W46", {"messages": [message(instant) for instant in instants]})
    assert (messages(edition).value, messages(edition).previous) == (1, 1)
    assert messages(edition) is messages(edition)
    assert messages.metric.definition == "Messages of the period."
    assert capsys.readouterr().out == ""


def test_an_engine_that_was_only_to_be_tried_is_named_in_the_notebook(tmp_path, capsys, monkeypatch):
    folder = write_tables(tmp_path / "files", messages=[message("2026-11-10 10:00")])
    with duckdb.connect(tmp_path / "all.duckdb") as made:
        made.execute(f"CREATE TABLE messages AS FROM '{folder / 'messages.parquet'}'")
    tried = {"services": ["activity"], "unverified": True}
    _say_unverified(edition_in("duckdb://all.duckdb", "2026-W46", tmp_path, **tried))
    assert capsys.readouterr().out == ""
    monkeypatch.setattr(DuckDB, "is_equal", False)
    _say_unverified(edition_in("duckdb://all.duckdb", "2026-W46", tmp_path, **tried))
    assert "Nothing shows that duckdb gives the same numbers" in capsys.readouterr().out
    with pytest.raises(SourceError, match="nothing shows that duckdb gives the same numbers"):
        edition_in("duckdb://all.duckdb", "2026-W46", tmp_path, services=["activity"])


@pytest.fixture
def tenants(tmp_path, monkeypatch):
    project = make_project(tmp_path)
    for tenant in ("acme", "beta"):
        add_tenant(project, tenant, tables={"messages": [message("2026-11-10 15:00")]})
    monkeypatch.setenv("TIDINGS_HOME", str(project))
    monkeypatch.setenv("TIDINGS_NOW", NOW)


def test_by_hand_the_edition_of_a_tenant_of_choice_is_opened(tenants, monkeypatch):
    assert open_edition("acme").tenant.id == "acme"
    monkeypatch.setenv("TIDINGS_TENANT", "beta")
    assert open_edition("acme").tenant.id == "beta"


def test_a_report_that_is_ordered_is_of_its_own_tenant_whatever_is_chosen(tenants, monkeypatch):
    monkeypatch.setenv("TIDINGS_TENANT", "beta")
    monkeypatch.setenv("TIDINGS_ORDERED", "acme 2026-W46")
    assert open_edition("acme").tenant.id == "acme"
    with pytest.raises(ReportError, match="a cell opens tenant beta in a report of tenant acme"):
        open_edition("beta")
