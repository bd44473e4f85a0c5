"""Recorded numbers from literal values, and what is found in them."""

import pandas as pd

from tidings.metrics import METRICS, Result
from tidings.metrics.edition import Edition
from tidings.metrics.findings.finding import Candidate
from tidings.metrics.findings.recorded import Recorded

_BY_NAME = {compute.metric.name: compute.metric for compute in METRICS}


def recorded(edition: Edition, numbers: dict, before: dict | None = None) -> Recorded:
    """The numbers of an edition by their recorded names, and those of the period before."""
    earlier = before or {}
    results = {name: Result(_BY_NAME[name], edition, numbers[name], earlier.get(name)) for name in numbers}
    return Recorded(edition, results)


def daily(edition: Edition, **columns: list) -> pd.DataFrame:
    """A table with a row for each day of the edition, from its first on."""
    days = pd.to_datetime(pd.Series(edition.period.days))
    return pd.DataFrame({"day": days, **columns})


def ranking(name: str, value: str, **counts: int) -> pd.DataFrame:
    """A ranking of names with their counts and shares."""
    table = pd.DataFrame({name: list(counts), value: list(counts.values())})
    return table.assign(share=table[value] / table[value].sum())


def sentences(look: Candidate, numbers: Recorded) -> list[str]:
    """What a candidate finds, in words."""
    return [finding.sentence for finding in look(numbers)]
