"""Metrics of a notebook's own, outside of one."""

import pytest
from support.tables import edition_of, message

from tidings import metric
from tidings.errors import MetricError


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
