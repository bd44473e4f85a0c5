from dataclasses import replace

import pandas as pd
import pytest

from tidings.charts import agents
from tidings.errors import ChartError
from tidings.metrics.contact_center import agent_conversations, agent_hours, agent_minutes
from tidings.metrics.metric import Result
from tidings.parts.part import Amount, Line


@pytest.fixture
def make(edition):
    """Make the results of agents' conversations, minutes and hours from their values by name."""

    def results(conversations, minutes=None, hours=None, notes=()):
        return [
            Result(
                declared.metric,
                edition(),
                pd.DataFrame({"agent": list(values), declared.metric.columns[1]: list(values.values())}),
                notes=notes,
            )
            for declared, values in (
                (agent_conversations, conversations),
                (agent_minutes, minutes or {}),
                (agent_hours, hours or {}),
            )
        ]

    return results


def test_an_agent_is_one_line_with_what_each_did(make):
    part = agents(*make({"Ana": 4, "Bea": 2}, {"Ana": 30.0, "Bea": 90.0}, {"Bea": 8.0}))
    assert [measure.label for measure in part.measures] == [
        "Conversations per Agent",
        "Total Conversation Minutes",
        "Total Connection Hours",
    ]
    assert part.lines == (
        Line("Ana", None, (Amount("4", 1), Amount("30\u00a0min", 0.3333), Amount("–", 0)), None),
        Line("Bea", None, (Amount("2", 0.5), Amount("1\u00a0h 30\u00a0min", 1), Amount("8\u00a0h", 1)), None),
    )
    assert part.finding == "“Ana” had the most conversations, 4 · “Bea” was logged in the longest, 8\u00a0h"


def test_the_busiest_are_first_and_those_who_tie_are_ordered_by_name_as_in_their_ranking(make):
    part = agents(*make({"Dan": 1, "Cai": 1, "Bea": 1, "Ana": 2}, {"Bea": 5.0, "Cai": 9.0}, {"Eva": 8.0}))
    assert [line.name for line in part.lines] == ["Ana", "Bea", "Cai", "Dan", "Eva"]


def test_past_twelve_agents_the_others_are_added_up(make):
    many = {f"Agent {i:03}": 300 - i for i in range(200)}
    part = agents(*make(many, dict.fromkeys(many, 30.0), dict.fromkeys(many, 2.0)))
    assert len(part.lines) == 12
    assert part.rest == Line(
        "188 others together",
        None,
        (Amount("36,566", None), Amount("94\u00a0h", None), Amount("376\u00a0h", None)),
        None,
    )
    assert len(part.folded) == 188
    assert part.folded[0].amounts[0] == Amount("288", 0.96)


def test_a_thirteenth_agent_has_a_line(make):
    part = agents(*make({f"Agent {i:02}": 20 - i for i in range(13)}))
    assert (len(part.lines), part.rest, part.folded) == (13, None, ())


def test_who_ties_is_told(make):
    part = agents(*make({"Ana": 2, "Bea": 2}, {}, dict.fromkeys("vwxyz", 8.0)))
    assert (
        part.finding == "“Ana” and “Bea” had the most, 2 each · “v” and 4 others had the most, 8\u00a0h each"
    )


def test_what_the_source_cannot_give_has_no_column_and_is_said(make):
    conversations, minutes, hours = make({"Ana": 2}, {"Ana": 5.0}, notes=("A note.",))
    part = agents(conversations, minutes, replace(hours, value=None, available=False, notes=()))
    assert [measure.label for measure in part.measures] == [
        "Conversations per Agent",
        "Total Conversation Minutes",
    ]
    assert part.notes == ("A note.", "A note.", "Total Connection Hours: not available from this source.")


def test_nobody_and_not_available(make):
    assert agents(*make({})).text == "There was nothing to show in this period."
    results = [replace(result, value=None, available=False) for result in make({})]
    assert agents(*results).text == "Not available from this source."


def test_a_table_of_another_kind_is_refused(make, daily_result):
    with pytest.raises(ChartError, match=r"charts\.agents: it takes a table of names"):
        agents(daily_result({"incoming_messages": [1, 2, 3, 4, 5, 6, 7]}))
