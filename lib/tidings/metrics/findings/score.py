"""How unusual a number is, on one scale for all kinds of findings, from 0 to 10.

A score is a distance from what is expected, divided by how far such a number ordinarily strays: 1 is ordinary
still, 2 is twice as far. Distances are those of logarithms, so that twice as many is as far as half as many.
What is ordinary of each kind, the constants below say; to that comes chance, which is large where few things
were counted.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from math import hypot, log, sqrt
from statistics import median

HIGHEST = 10.0

NEWS, PLAIN = 1.0, 0.1
"""The score from which on a finding is worth a sentence even where its section has another; and that of what
can always be told."""

OUT_OF_LINE = 2.0
"""The score from which on a day or a minute is far out of line."""

PERIOD, NAME, DAY, DAY_OF_WAITS, MINUTE = 0.10, 0.50, 0.15, 0.30, 1.20
"""By which part of itself a number ordinarily strays: that of a whole period, that of one name among many,
that of a day, the average wait of a day, and the busiest minute of a day."""

MISSED, UNRECOGNISED, SILENT = 0.03, 0.15, 0.05
"""What part is ordinarily missed of conversations, not understood of messages, and silent of the time."""

FEWEST = 20
"""Of fewer things than these, counted in a whole period, no change is told."""

FEWEST_OF_A_DAY = 10
"""A day with fewer is not told as the worst."""

_FEWEST_DAYS, _DEVIATIONS, _WORSE = 3, 3.0, 1.25
_NORMAL = 1.4826  # times the median distance from the median: the standard deviation of what is normal


def score_change(ratio: float, counts: Iterable[float], ordinary: float = PERIOD) -> float:
    """Score a change from one period to the next; 0 where it may well be chance.

    Parameters
    ----------
    ratio : float
        The number as a multiple of the earlier one; infinite where that was 0.
    counts : iterable of float
        How many things each of the two was counted from. Changes of less than a tenth, and such as lie within
        three standard deviations of the counts, are no news.
    ordinary : float, optional
        By which part of itself such a number strays: `PERIOD` or `NAME`.
    """
    if abs(ratio - 1) < PERIOD:
        return 0.0
    distance, chance = _distance(ratio), sqrt(sum(1 / max(count, 0.5) for count in counts))
    score = distance / hypot(log(1 + ordinary), chance)
    return min(score, HIGHEST) if distance >= _DEVIATIONS * chance else 0.0


def score_share(count: int, total: int, ordinary: float) -> float:
    """Score a share of what should not be, beside the share that is ordinary."""
    likely = (count + 1) / (total + 2)
    return min(count / total / hypot(ordinary, sqrt(likely * (1 - likely) / total)), HIGHEST)


def score_day(value: float, others: Sequence[float], ordinary: float, count: float | None = None) -> float:
    """Score a day's number by those of other days.

    Parameters
    ----------
    others : sequence of float
        What is typical of them is their median, and their median distance from it. The score is 0 where they
        are fewer than three, or 0 is typical.
    ordinary : float
        By which part of itself such a number strays: `DAY`, `DAY_OF_WAITS`, `MINUTE`.
    count : float, optional
        Where the number is an average: of how many things.
    """
    typical = median(others) if len(others) >= _FEWEST_DAYS else 0
    if not typical or value == typical:
        return 0.0
    spread = _NORMAL * median(abs(other - typical) for other in others) / typical
    chance = 1 / sqrt(count or typical)
    score = _distance(value / typical) / max(spread, log(1 + ordinary), chance)
    return min(score, HIGHEST)


def find_worst(days: Mapping[date, float], average: float) -> date | None:
    """Find the day with the highest number; None where several have it, or it is about the period's own."""
    if len(days) < 2:
        return None
    worst = max(days, key=lambda day: days[day])
    is_alone = list(days.values()).count(days[worst]) == 1
    return worst if is_alone and days[worst] > _WORSE * average else None


def _distance(ratio: float) -> float:
    """How far a ratio is from 1; nothing is as far as a hundredth, and from nothing as a hundredfold."""
    return abs(log(min(max(ratio, 0.01), 100)))
