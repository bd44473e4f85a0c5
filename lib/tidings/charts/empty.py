"""What stands in place of a chart that has nothing to show."""

import pandas as pd

from tidings.metrics.metric import Result
from tidings.parts.part import Notice, Part

NOTHING = "There was nothing to show in this period."


def is_empty(result: Result) -> bool:
    """Whether a table has no value above 0 in its last column, `share` aside."""
    if result.value is None:
        return True
    *_, column = (column for column in result.value.columns if column != "share")
    return not (pd.to_numeric(result.value[column]) > 0).any()


def nothing(result: Result, title: str | None = None) -> Part:
    """Say that the period has nothing of a kind: known and 0, unlike what the source cannot give."""
    return Notice(title or result.metric.label, NOTHING)
