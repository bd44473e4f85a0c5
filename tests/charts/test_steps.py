"""A statement that adds up line by line."""

from dataclasses import replace

import pandas as pd
import pytest

from tidings.charts import steps
from tidings.errors import ChartError
from tidings.metrics.activity import new_users
from tidings.metrics.metric import Result


@pytest.fixture
def walk(edition):
    metric = replace(
        new_users.metric,
        name="contact_center.reconciliation",
        label="Why the agents don't add up",
        columns=("step", "conversations"),
        definition="The walk.",
    )
    names = [
        "sum of conversations per agent",
        "further assignments",
        "missed",
        "other",
        "total conversations",
    ]
    frame = pd.DataFrame({"step": names, "conversations": [1871, 76, 200, 49, 2196]})
    return Result(metric, edition(), frame, notes=("A note.",))


def test_lines_lead_from_the_first_to_their_sum(walk):
    part = steps(walk)
    assert [(row.label, row.value, row.total) for row in part.rows] == [
        ("All agents' conversations added together", "1,871", False),
        ("+ came back to the same agent", "76", False),
        ("+ missed", "200", False),
        ("+ handed on, or still waiting", "49", False),
        ("= Total Conversations", "2,196", True),
    ]
    assert part.finding == "1,871 by agent become 2,196 in all"
    assert part.notes == ("A note.",)
    assert part.definition == "The walk."


def test_every_line_is_explained_in_one_sentence(walk):
    explanations = [row.explanation for row in steps(walk).rows]
    assert len(set(explanations)) == 5
    assert all(sentence.endswith(".") for sentence in explanations)


def test_where_the_agents_add_up_there_is_nothing_to_explain(walk):
    frame = walk.value.assign(conversations=[12, 0, 0, 0, 12])
    assert steps(replace(walk, value=frame)) is None


def test_the_analysts_own_words_are_kept(walk):
    part = steps(walk, "ABCDE", title="Sums")
    assert part.title == "Sums"
    assert [row.explanation for row in part.rows] == list("ABCDE")


def test_an_explanation_for_each_line_or_none_is_shown(walk):
    with pytest.raises(ChartError, match="its explanations are 1, and its lines 5"):
        steps(walk, ["only one"])


def test_a_source_that_cannot_tell_is_said_so(walk):
    assert steps(replace(walk, available=False)).kind == "notice"
