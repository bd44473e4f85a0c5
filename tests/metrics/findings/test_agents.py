"""Who was there and who did the work."""

import pandas as pd
from support.findings import daily, recorded, sentences

from tidings.metrics.findings.agents import idle, one_agent, unattended

_HOURS = "contact_center.agent_hours"


def _by_agent(edition, value, *values):
    return daily(edition, agent="Ana", **{value: values})


def _numbers(edition, hours, minutes, missed):
    outcomes = daily(edition, handled=20, missed=missed, other=0)
    return recorded(
        edition,
        {
            "contact_center.total_conversations": int(outcomes[["handled", "missed"]].sum().sum()),
            "contact_center.handled_vs_missed": outcomes,
            "contact_center.agent_hours_daily": _by_agent(edition, "hours", *hours),
            "contact_center.agent_minutes_daily": _by_agent(edition, "minutes", *minutes),
        },
    )


def test_a_day_with_conversations_and_nobody_logged_in_is_told(week):
    [found] = unattended(_numbers(week, [8, 8, 8, 8, 8, 8, 0], [60] * 6 + [0], [0] * 6 + [14]))
    assert found.sentence == "Nobody was logged in on Sunday 15, when 34 conversations came in."
    assert found.headline == "nobody logged in on Sunday 15"


def test_more_days_than_a_sentence_holds_are_counted(week):
    assert sentences(unattended, _numbers(week, [8, 8, 0, 0, 0, 0, 0], [60] * 2 + [0] * 5, [0] * 7)) == [
        "Nobody was logged in on 5 days on which 100 conversations came in."
    ]


def test_a_day_on_which_someone_talked_is_not_called_unattended(week):
    assert sentences(unattended, _numbers(week, [8] * 6 + [0], [60] * 7, [0] * 7)) == []


def test_nothing_is_told_of_logins_where_the_source_has_none(week):
    outcomes = daily(week, handled=20, missed=0, other=0)
    assert sentences(unattended, recorded(week, {"contact_center.handled_vs_missed": outcomes})) == []


def _agents(**conversations: int) -> dict:
    table = {"agent": list(conversations), "conversations": list(conversations.values())}
    return {"contact_center.agent_conversations": pd.DataFrame(table)}


def test_an_agent_with_more_than_half_of_the_work_is_told(week):
    [found] = one_agent(recorded(week, _agents(Ana=62, Jorge=20, Luz=18)))
    assert found.sentence == "“Ana” had 62% of the conversations of 3 agents (62)."
    assert found.headline == "62% of work: “Ana”"


def test_half_of_the_work_of_two_or_of_few_conversations_is_not_told(week):
    for agents in (_agents(Ana=50, Jorge=30, Luz=20), _agents(Ana=90, Jorge=10), _agents(Ana=9, Jo=1, Luz=1)):
        assert sentences(one_agent, recorded(week, agents)) == []


def test_work_of_nobody_is_no_agents(week):
    agents = pd.DataFrame({"agent": ["not given", "Ana", "Luz"], "conversations": [80, 10, 10]})
    assert sentences(one_agent, recorded(week, {"contact_center.agent_conversations": agents})) == []


def test_agents_to_whom_no_conversation_came_are_told(week):
    hours = pd.DataFrame({"agent": ["Ana", "Luz"], "hours": [30.0, 12.5]})
    none = recorded(week, {_HOURS: hours, "contact_center.total_conversations": 0})
    assert sentences(idle, none) == [
        "Agents were logged in for 42\u00a0h 30\u00a0min, and no conversation reached them."
    ]
    some = recorded(week, {_HOURS: hours, "contact_center.total_conversations": 5})
    assert sentences(idle, some) == []
