"""The shapes of the report: each takes metrics' results and returns a part that shows itself."""

from tidings.charts.agents import agents
from tidings.charts.bars import bars
from tidings.charts.base import SHAPES
from tidings.charts.cards import cards
from tidings.charts.curve import curve
from tidings.charts.figure import figure
from tidings.charts.flow import flow
from tidings.charts.headlines import count_languages, name_top_intent, show_recognised
from tidings.charts.ranking import ranking
from tidings.charts.share import share
from tidings.charts.split import split
from tidings.charts.steps import steps
from tidings.charts.trend import trend

__all__ = [
    "SHAPES",
    "agents",
    "bars",
    "cards",
    "count_languages",
    "curve",
    "figure",
    "flow",
    "name_top_intent",
    "ranking",
    "share",
    "show_recognised",
    "split",
    "steps",
    "trend",
]
