"""The shapes of the report: each takes metrics' results and returns a part that shows itself."""

from tidings.charts.cards import cards
from tidings.charts.flow import flow
from tidings.charts.ranking import ranking
from tidings.charts.share import share
from tidings.charts.split import split
from tidings.charts.steps import steps
from tidings.charts.trend import trend

# Last: the modules above import the module `bars`, which would take the name of the shape.
from tidings.charts.columns import bars  # isort: skip

__all__ = ["bars", "cards", "flow", "ranking", "share", "split", "steps", "trend"]
