"""The demo company's end users: who writes again, and who for the first time."""

from collections.abc import Iterator

import numpy as np

from tidings.demo.rows import USER_ROW, USERS_PER_TENANT, positions

_NEW_SHARE = 0.2
_KNOWN_PER_CONVERSATION = 0.35
_LOYALTY = 1.4
_SLICE = 500_000


class Customers:
    """The users of every tenant so far; a user's number is made of the tenant and an order of arrival.

    Parameters
    ----------
    shares : numpy.ndarray
        Each tenant's share of the conversations.
    conversations : float
        Conversations expected in the data, of all tenants.
    """

    def __init__(self, shares: np.ndarray, conversations: float):
        self._known = np.ceil(shares * conversations * _KNOWN_PER_CONVERSATION).astype(np.int64) + 5

    def known_before(self, start: int, end: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
        """Yield the rows of those who first wrote before the data, some at a time.

        They came the more often the nearer to the data's ``start``, and then as often as newcomers do.
        """
        typical = (end - start) * _KNOWN_PER_CONVERSATION / _NEW_SHARE
        for tenant, known in enumerate(self._known):
            for first in range(0, known, _SLICE):
                rows = np.zeros(min(_SLICE, known - first), USER_ROW)
                rows["tenant"] = tenant
                rows["user"] = tenant * USERS_PER_TENANT + np.arange(first, first + len(rows))
                before = np.sort(rng.exponential(typical, len(rows)))[::-1]
                rows["first_seen_at"] = start - 1 - before.astype(np.int64)
                yield rows

    def arrive(self, tenant: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """The user of each of some conversations in order of time, and whether they are new.

        The earlier a user came, the likelier they are to write again (roughly Zipf's law).
        """
        new = rng.random(len(tenant)) < _NEW_SHARE
        place = (self._known[tenant] * rng.random(len(tenant)) ** _LOYALTY).astype(np.int64)
        newcomers = np.flatnonzero(new)
        by_tenant = newcomers[np.argsort(tenant[newcomers], kind="stable")]
        counts = np.bincount(tenant[newcomers], minlength=len(self._known))
        _, order = positions(counts)
        place[by_tenant] = self._known[tenant[by_tenant]] + order
        self._known += counts
        return tenant * USERS_PER_TENANT + place, new
