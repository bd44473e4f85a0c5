"""How far a number moved from the period before, over all tenants, and who is far out of line."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median, quantiles

FEWEST = 8
"""With fewer tenants nothing is said of how they are spread."""

LIMIT = 1.0
"""A histogram ends here on both sides; what moved further is in its last bin."""

_BINS = 20
_DEVIATIONS, _LEAST_DEVIATION = 6, 0.05  # the same measure as of a tenant against its own past
_LEAST_DISTANCE = 0.4
_SMALL = 20


@dataclass(frozen=True)
class Spread:
    """The changes of one number over tenants.

    Attributes
    ----------
    total, total_before : float
        The sum over the tenants that have both, now and in the period before.
    middle : float
        The median of now over all tenants that have the number.
    count : int
        How many tenants have both.
    bins : tuple of int
        How many tenants moved how far, from −100% to +100% in steps of 10%; empty where there are too few.
    typical, low, high : float or None
        The median and the quartiles of the changes, as shares.
    outliers : mapping
        Tenants far out of line with the others, and their changes: more than 6 median absolute deviations (of
        the ratio's logarithm) and at least 40 points from the median. Small numbers do not count.
    """

    total: float
    total_before: float
    middle: float | None
    count: int
    bins: tuple[int, ...] = ()
    typical: float | None = None
    low: float | None = None
    high: float | None = None
    outliers: Mapping[str, float] = field(default_factory=dict)


def measure_spread(pairs: Mapping[str, tuple[float | None, float | None]]) -> Spread:
    """The spread of a number, given now and before for each tenant, None where there is none."""
    there = [now for now, _ in pairs.values() if now is not None]
    both = {tenant: (now, before) for tenant, (now, before) in pairs.items() if now is not None and before}
    total, total_before = (sum(pair[side] for pair in both.values()) for side in (0, 1))
    middle = median(there) if there else None
    if len(both) < FEWEST:
        return Spread(total, total_before, middle, len(both))
    changes = {tenant: (now - before) / before for tenant, (now, before) in both.items()}
    low, typical, high = quantiles(changes.values(), n=4)
    bins = [0] * _BINS
    for each in changes.values():
        bins[min(max(math.floor((each + LIMIT) / (2 * LIMIT) * _BINS), 0), _BINS - 1)] += 1
    logs = {tenant: math.log((now + 1) / (before + 1)) for tenant, (now, before) in both.items()}
    centre = median(logs.values())
    deviation = max(median(abs(each - centre) for each in logs.values()) * 1.4826, _LEAST_DEVIATION)
    outliers = {
        tenant: changes[tenant]
        for tenant, each in sorted(logs.items(), key=lambda pair: -abs(pair[1] - centre))
        if abs(each - centre) > _DEVIATIONS * deviation
        and abs(changes[tenant] - typical) >= _LEAST_DISTANCE
        and max(both[tenant]) >= _SMALL
    }
    return Spread(total, total_before, middle, len(both), tuple(bins), typical, low, high, outliers)


def signed(share: float) -> str:
    """A change as people write it: "+12%", "−3%", "0%"."""
    percent = round(share * 100)
    return f"{'+' if percent > 0 else '−' if percent < 0 else ''}{abs(percent):,}%"
