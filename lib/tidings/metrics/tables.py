"""The shapes of recorded tables: rankings, and days by agent, with the names that agents are shown by."""

import numpy as np
import pandas as pd

from tidings.metrics.days import day_index, spread
from tidings.metrics.edition import Edition
from tidings.metrics.expressions.agents import agent_names
from tidings.periods.period import Period

NOT_GIVEN = "not given"


def ranked(frame: pd.DataFrame, names: list[str], value: str) -> pd.DataFrame:
    """Rows by value from the largest, then by name; a missing name after the others."""
    by_name = frame.sort_values(names, kind="stable", na_position="last")
    return by_name.sort_values(value, ascending=False, kind="stable", ignore_index=True)


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
    days, agents = day_index(period), pd.Index(sorted(frame["agent"].unique()))
    day = days.get_indexer(pd.Index(frame["day"].astype("datetime64[ns]")))
    pair = day * len(agents) + agents.get_indexer(pd.Index(frame["agent"]))
    pairs = np.arange(len(days) * len(agents))
    rows = pd.Index(pair).get_indexer(pairs)  # -1 for a pair without a row
    return pd.DataFrame(
        {
            "day": days.repeat(len(agents)),
            "agent": agents.take(pairs % max(len(agents), 1)),
            value: frame[value].array.take(rows, allow_fill=True, fill_value=0),
        }
    )


def with_names(frame: pd.DataFrame, edition: Edition) -> pd.DataFrame:
    """A frame whose ``agent_id`` has become ``agent``, the name to show.

    That is the source's name, or the id where it gives none; two agents of one name are told apart by
    their ids in parentheses. Work for which no agent is recorded belongs to "not given".
    """
    shown = [agent_shown(agent, edition) for agent in frame["agent_id"]]
    named = frame.assign(agent=pd.Series(shown, index=frame.index, dtype="str"))
    del named["agent_id"]
    return named


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
