"""The shapes of the report: each takes metrics' results and returns a part that shows itself."""

from tidings.charts.bars import bars
from tidings.charts.base import SHAPES
from tidings.charts.cards import cards
from tidings.charts.curve import curve
from tidings.charts.figure import figure
from tidings.charts.flow import flow
from tidings.charts.ranking import ranking
from tidings.charts.share import share
from tidings.charts.split import split
from tidings.charts.steps import steps
from tidings.charts.trend import trend

__all__ = [
    "SHAPES",
    "bars",
    "cards",
    "curve",
    "figure",
    "flow",
    "ranking",
    "share",
    "split",
    "steps",
    "trend",
]
