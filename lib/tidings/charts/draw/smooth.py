"""Curved lines that tell no lies: through every point, and never outside two neighbours' range."""

import numpy as np
from numpy.typing import ArrayLike

SAMPLES = 24
"""Points of the drawn line between two data points: no corner is seen at twice the screen's pixels."""


def smooth(values: ArrayLike) -> list[tuple[np.ndarray, np.ndarray]]:
    """Draw a monotone cubic (PCHIP) curve through evenly spaced values.

    Parameters
    ----------
    values : sequence of float
        One per step; NaN where there is none.

    Returns
    -------
    list of (x, y)
        One curve for each unbroken run of two values or more; x counts steps from 0. A value between
        two gaps has no curve, only its own marker.
    """
    known = np.asarray(values, dtype=float)
    return [_curve(start, known[start:stop]) for start, stop in unbroken(known) if stop - start > 1]


def unbroken(values: np.ndarray) -> list[tuple[int, int]]:
    """Where each unbroken run of values starts, and where it stops (exclusive)."""
    known = np.concatenate([[False], ~np.isnan(values), [False]])
    edges = np.flatnonzero(known[1:] != known[:-1])
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _curve(start: int, run: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The cubic through each two neighbours that has the slopes of `_slopes` at them."""
    rises, slopes = np.diff(run), _slopes(run)
    bends = slopes[:-1] + slopes[1:] - 2 * rises
    x = np.linspace(0, run.size - 1, (run.size - 1) * SAMPLES + 1)
    step = np.minimum(x.astype(int), run.size - 2)
    before, after, along = run[step], run[step + 1], x - step
    y = (
        before
        + slopes[step] * along
        + (rises - slopes[:-1] - bends)[step] * along**2
        + bends[step] * along**3
    )
    # It stays between two neighbours by construction; rounding may still miss by the last bit.
    return start + x, np.clip(y, np.minimum(before, after), np.maximum(before, after))


def _slopes(run: np.ndarray) -> np.ndarray:
    """The slope at each value as Fritsch and Butland have it for even steps, and scipy's PCHIP too.

    It is the harmonic mean of the rises before and after, 0 where they do not go the same way, so that no
    bend leaves the range of two neighbours. (To import scipy would take a third of a second of each report.)
    """
    rises = np.diff(run)
    if rises.size == 1:
        return np.repeat(rises, 2)
    before, after = rises[:-1], rises[1:]
    same_way = np.sign(before) * np.sign(after) > 0
    inner = np.zeros(rises.size - 1)
    inner[same_way] = (2 * before * after)[same_way] / (before + after)[same_way]
    return np.array([_end_slope(rises[0], rises[1]), *inner, _end_slope(rises[-1], rises[-2])])


def _end_slope(rise: float, next_rise: float) -> float:
    """The slope at an end, from the rise beside it and the next one inwards: three points' parabola, kept."""
    slope = (3 * rise - next_rise) / 2
    if np.sign(slope) != np.sign(rise):
        return 0.0
    if np.sign(rise) != np.sign(next_rise) and abs(slope) > 3 * abs(rise):
        return 3 * rise
    return slope
