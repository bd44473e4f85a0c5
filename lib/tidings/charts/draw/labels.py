"""Labels beside marks: moved apart where they would collide, and no further."""

from collections.abc import Sequence

import numpy as np


def move_apart(wanted: Sequence[float], gap: float, low: float, high: float) -> np.ndarray:
    """Move positions apart until neighbours are `gap` from each other, as little as possible in all.

    The answer is the one with the least sum of squared moves: taking each position's share of the gaps
    off leaves a plain monotonic regression.

    Parameters
    ----------
    wanted : sequence of float
        Where each label would like to be, in any order.
    gap : float
        The least distance between neighbours; less where the room is too small for all of them.
    low, high : float
        The room; no position leaves it.

    Returns
    -------
    numpy.ndarray
        One position for each wanted one, at the same index. Who stood lower still does; equals keep
        the order in which they came.
    """
    given = np.asarray(wanted, dtype=float)
    if given.size == 0:
        return given
    order = np.argsort(given, kind="stable")
    gap = min(gap, (high - low) / max(given.size - 1, 1))
    shares = gap * np.arange(given.size)
    moved = _rising(given[order] - shares)
    placed = np.empty_like(given)
    placed[order] = np.clip(moved, low, high - shares[-1]) + shares
    return placed


def _rising(values: np.ndarray) -> np.ndarray:
    """The nearest values by least squares that never fall: what falls is levelled with what is before."""
    levels: list[tuple[float, int]] = []  # of each level stretch, its mean and its length
    for value in values.tolist():
        mean, count = value, 1
        while levels and levels[-1][0] >= mean:
            before, length = levels.pop()
            mean, count = (mean * count + before * length) / (count + length), count + length
        levels.append((mean, count))
    return np.repeat([mean for mean, _ in levels], [count for _, count in levels])
