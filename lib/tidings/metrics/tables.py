"""The shapes of recorded tables: rankings, and days by agent, with the names that agents are shown by."""

import pandas as pd

from tidings.metrics.days import day_index, spread
from tidings.metrics.edition import Edition
from tidings.metrics.expressions.agents import agent_names
from tidings.periods.period import Period

NOT_GIVEN = "not given"


def ranked(frame: pd.DataFrame, names: list[str], value: str) -> pd.DataFrame:
    """Rows by value from the largest, then by name; a missing name after the others."""
    ascending = [False, *(True for _ in names)]
    return frame.sort_values([value, *names], ascending=ascending, na_position="last", ignore_index=True)


def shares(counts: pd.Series) -> pd.Series:
    """Each count as a part of all of them, 0 to 1."""
    return counts / counts.sum()


def in_all(counted: pd.DataFrame) -> pd.DataFrame:
    """Of rows by day and for the whole period, which have no ``day``, the latter."""
    return counted[counted["day"].isna()]


def by_day(counted: pd.DataFrame, edition: Edition, value: str) -> pd.Series:
    """Of rows by day and for the whole period, a count for each day, 0 where there is no row."""
    return spread(counted, edition.period, absent={value: 0})[value]


def every_day(frame: pd.DataFrame, period: Period, value: str) -> pd.DataFrame:
    """A row for each pair of day and agent, by day, then agent; 0 where the frame has none."""
    agents = sorted(frame["agent"].unique())
    pairs = pd.MultiIndex.from_product([day_index(period), agents], names=["day", "agent"])
    given = frame.astype({"day": "datetime64[ns]"}).set_index(["day", "agent"])[value]
    return given.reindex(pairs, fill_value=0).reset_index()


def with_names(frame: pd.DataFrame, edition: Edition) -> pd.DataFrame:
    """A frame whose ``agent_id`` has become ``agent``, the name to show.

    That is the source's name, or the id where it gives none; two agents of one name are told apart by
    their ids in parentheses. Work for which no agent is recorded belongs to "not given".
    """
    shown = [agent_shown(agent, edition) for agent in frame["agent_id"]]
    return frame.assign(agent=pd.Series(shown, index=frame.index, dtype="str")).drop(columns="agent_id")


def agent_shown(agent_id: str | None, edition: Edition) -> str:
    """The name that an agent is shown by: see `with_names`."""
    return NOT_GIVEN if pd.isna(agent_id) else edition.cached(_names).get(agent_id, agent_id)


def _names(edition: Edition) -> dict[str, str]:
    if not edition.has("agents"):
        return {}
    agents = agent_names.frame(edition)
    is_named = agents["name"].fillna("").str.strip() != ""
    names = agents["name"].where(is_named, agents["agent_id"])
    is_shared = names.duplicated(keep=False)
    told_apart = names.where(~is_shared, names + " (" + agents["agent_id"] + ")")
    return dict(zip(agents["agent_id"], told_apart, strict=True))
