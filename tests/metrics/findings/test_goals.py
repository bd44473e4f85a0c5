"""Goals in the first lines: told where they are not met, and where they are met again."""

from dataclasses import replace

import pytest
from support.findings import recorded

from tidings.metrics.findings.find import choose
from tidings.metrics.findings.goals import goals
from tidings.metrics.findings.missed import missed
from tidings.tenants.goals import Goal

SHARE, WAIT = "contact_center.missed_share", "contact_center.average_wait_minutes"
_GOALS = (
    Goal(name=SHARE, sign="<=", value=8, unit="%"),
    Goal(name=WAIT, sign="<=", value=2, unit="min"),
)


@pytest.fixture
def found(week):
    """What is found of numbers, and of those before, for a tenant with two goals."""
    edition = replace(week, tenant=week.tenant.model_copy(update={"goals": _GOALS}))
    return lambda numbers, before=None: goals(recorded(edition, numbers, before))


def test_a_goal_that_is_met_is_no_news(found):
    assert found({SHARE: 0.05}) == []
    assert found({SHARE: 0.05}, {SHARE: 0.06}) == []
    assert found({SHARE: None}) == []
    assert found({}) == []


def test_a_goal_that_is_not_met_is_told_with_the_number(found):
    [finding] = found({SHARE: 0.1})
    assert finding.sentence == "The goal for Missed Share, at most 8%, is not met: 10%."
    assert (finding.headline, finding.name) == ("Missed Share 10%, goal at most 8%", SHARE)


def test_a_goal_that_is_no_longer_met_is_told_with_what_was_before(found):
    [finding] = found({WAIT: 3.5}, {WAIT: 1.5})
    assert finding.sentence == (
        "The goal for Average Wait Time, at most 2\u00a0min, is no longer met: "
        "3\u00a0min 30\u00a0s, after 1\u00a0min 30\u00a0s."
    )


def test_a_goal_that_is_met_again_is_told_too(found):
    [finding] = found({SHARE: 0.05}, {SHARE: 0.1})
    assert finding.sentence == "The goal for Missed Share, at most 8%, is met again: 5%, after 10%."


def test_of_a_goal_and_its_number_only_the_goal_is_told(week):
    edition = replace(week, tenant=week.tenant.model_copy(update={"goals": _GOALS}))
    numbers = recorded(
        edition,
        {SHARE: 0.5, "contact_center.missed_conversations": 50, "contact_center.total_conversations": 100},
    )
    assert [finding.kind for finding in choose([*goals(numbers), *missed(numbers)])] == ["goal"]
