"""Curved lines that tell no lies: through every point, and never outside two neighbours' range."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.interpolate import PchipInterpolator

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
    steps = np.arange(run.size)
    x = np.linspace(0, run.size - 1, (run.size - 1) * SAMPLES + 1)
    before, after = run[np.floor(x).astype(int)], run[np.ceil(x).astype(int)]
    # PCHIP stays between two neighbours by construction; rounding may still miss by the last bit.
    y = np.clip(PchipInterpolator(steps, run)(x), np.minimum(before, after), np.maximum(before, after))
    return start + x, y
