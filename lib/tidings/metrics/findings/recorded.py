"""The recorded numbers of an edition, by name, for those who look for findings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
from babel import Locale

from tidings.language import numbers
from tidings.metrics import METRICS, Result
from tidings.metrics.comparison import Comparison, compare
from tidings.metrics.edition import Edition
from tidings.metrics.observations import observe

_COLUMNS = {compute.metric.name: compute.metric.columns for compute in METRICS}


@dataclass(frozen=True)
class Recorded:
    """What an edition has recorded.

    Attributes
    ----------
    edition : Edition
        Whose numbers they are.
    results : mapping
        The results by their recorded names.
    """

    edition: Edition
    results: Mapping[str, Result]

    @property
    def locale(self) -> Locale:
        """The reader's language."""
        return self.edition.tenant.locale

    @property
    def observed(self) -> Mapping[str, Any]:
        """What was looked up in the source: see `tidings.metrics.observations`."""
        return self.edition.cached(observe)

    def number(self, name: str) -> Any:
        """A headline number; None where it is not recorded or cannot be formed."""
        return self.results[name].value if name in self.results else None

    def before(self, name: str) -> Any:
        """The same number of the period before; None as well where that has none."""
        return self.results[name].previous if name in self.results else None

    def comparison(self, name: str) -> Comparison | None:
        """A headline number beside the period before; None where nothing may be said of that."""
        return compare(self.results[name]) if name in self.results else None

    def table(self, name: str) -> pd.DataFrame:
        """A table; without rows where it is not recorded."""
        return self.results[name].value if name in self.results else pd.DataFrame(columns=_COLUMNS[name])

    def by_day(self, name: str, *columns: str) -> dict[date, float]:
        """The sum of columns of a table for each day; empty where it is not recorded."""
        table = self.table(name)
        if table.empty:
            return {}
        values = sum(np.nan_to_num(table[column].to_numpy()) for column in columns)
        days, places = np.unique(table["day"].to_numpy("datetime64[D]"), return_inverse=True)
        sums = np.zeros(len(days), values.dtype)
        np.add.at(sums, places, values)
        return dict(zip(days.tolist(), sums, strict=True))

    def name_day(self, day: date) -> str:
        """A day in a sentence: "Friday 13"; with its month where the period has several."""
        return numbers.day_name(day, self.locale, self._is_long)

    def name_moment(self, instant: datetime) -> str:
        """A minute in a sentence: "Fri 13, 14:03"; with its month where the period has several."""
        local = instant.astimezone(self.edition.period.zone)
        return numbers.moment(local.isoformat(), self.locale, self._is_long)

    @property
    def _is_long(self) -> bool:
        return len(self.edition.period.days) > 31
