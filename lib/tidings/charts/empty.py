"""What stands in place of a chart that has nothing to show."""

from tidings.metrics.metric import Result
from tidings.parts import Part

NOTHING = "There was nothing to show in this period."


def is_empty(result: Result) -> bool:
    """Whether a table has no value above 0: its last numeric column that is no share is all 0 or missing."""
    if result.value is None:
        return True
    numbers = result.value.select_dtypes("number").drop(columns="share", errors="ignore")
    return not (numbers.iloc[:, -1].fillna(0) > 0).any()


def nothing(result: Result, title: str | None = None) -> Part:
    """Say that the period has nothing of a kind: known and 0, unlike what the source cannot give."""
    return Part({"kind": "notice", "title": title or result.metric.label, "text": NOTHING})
