"""What an edition is judged by: what it recorded, what was observed in its source, and what was before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from statistics import median
from typing import Any

from nbformat import NotebookNode

from tidings.metrics.observations import EVENTS, OBSERVATIONS, PERIODS_BEFORE
from tidings.periods.period import Period
from tidings.tenants.tenant import Tenant

Recorded = Mapping[str, Any]
"""The recorded values of an edition, by their names."""

Observed = Mapping[str, Any]
"""What was observed in a source: see `tidings.metrics.observations.observe`."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """What the checks read.

    Attributes
    ----------
    tenant, period : Tenant, Period
        Whose edition it is meant to be, and of which period.
    recorded : mapping
        What it recorded, by name.
    observed_before : tuple of mappings
        What was observed when earlier editions of the tenant were made, the newest first; as many as there
        are, eight suffice.
    now : datetime
        The present instant, aware.
    notebook : NotebookNode or None
        The executed notebook, None where only the numbers are judged.
    """

    tenant: Tenant
    period: Period
    recorded: Recorded
    observed_before: tuple[Observed, ...]
    now: datetime
    notebook: NotebookNode | None = None

    @property
    def observed(self) -> Observed:
        """What was observed in the source; empty where nothing was."""
        return self.recorded.get(OBSERVATIONS) or {}

    @property
    def days(self) -> tuple[date, ...]:
        """The period's days on which the tenant's usual work is expected: all but its holidays."""
        return tuple(day for day in self.period.days if day not in self.tenant.holidays)

    @cache  # noqa: B019 - evidence lives as long as one judgement
    def rows_by_day(self, table: str) -> dict[date, int]:
        """Rows of each known day up to the period's end, 0 included, from the source's first day on.

        What this edition saw counts; days that it did not look at are those that earlier editions saw. It is
        empty where none of them saw the table.
        """
        counts: dict[date, int] = {}
        begun: list[str] = []
        for observed in [*reversed(self.observed_before), self.observed]:
            if table not in observed.get("days", {}):
                continue
            rows = observed["days"][table]
            days = observed["days"]
            begun += [min(days[name]) for name in EVENTS if days.get(name)]
            day = date.fromisoformat(observed["since"])
            while day <= date.fromisoformat(observed["until"]):
                counts[day] = rows.get(day.isoformat(), 0)
                day += timedelta(days=1)
        first = date.fromisoformat(min(begun)) if begun else date.max
        return {day: rows for day, rows in counts.items() if day >= first}

    def totals_before(self, table: str) -> list[int]:
        """Rows of each whole period before, the newest first, of the last eight; holidays are left out.

        A total is scaled up for the days that are left out, so that periods can be compared.
        """
        counts, period, totals = self.rows_by_day(table), self.period, []
        for _ in range(PERIODS_BEFORE):
            period = period.previous()
            if all(day in counts for day in period.days):
                usual = [counts[day] for day in period.days if day not in self.tenant.holidays]
                totals.append(round(sum(usual) * len(period.days) / len(usual)) if usual else 0)
        return totals

    def weekdays_before(self, table: str, day: date) -> list[int]:
        """Rows of the same weekday in each of the last eight weeks, as far as they are known."""
        counts = self.rows_by_day(table)
        before = (day - timedelta(days=7 * week) for week in range(1, 9))
        return [counts[each] for each in before if each in counts and each not in self.tenant.holidays]

    def rows_gone(self, table: str) -> tuple[int, int]:
        """Rows of the period before: how many an earlier edition saw, and how many there are now.

        0 and 0 where no edition saw all its days.
        """
        days = {day.isoformat() for day in self.period.previous().days}
        for observed in self.observed_before:
            seen = [each for each in (observed, self.observed) if table in each.get("days", {})]
            if len(seen) == 2 and all(
                each["since"] <= min(days) and max(days) <= each["until"] for each in seen
            ):
                then, now = (sum(each["days"][table].get(day, 0) for day in days) for each in seen)
                return then, now
        return 0, 0

    @cache  # noqa: B019
    def dispersion(self, table: str) -> float:
        """By how much more a table's daily counts vary than those of rows that come one by one: 1 or more.

        It is their variance over their mean, taken from the days before the period beside their weekday's
        median, so that a single odd day does not matter.
        """
        counts = self.rows_by_day(table)
        before = [day for day in counts if day < self.period.first]
        usual = {day: median(self.weekdays_before(table, day) or [0]) for day in before}
        squares = [(counts[day] - middle) ** 2 / middle for day, middle in usual.items() if middle]
        # The square of what is spread normally is below 0.455 of its mean half of the time.
        return max(1.0, median(squares) / 0.455) if squares else 1.0

    def instant(self, name: str) -> datetime | None:
        """An observed instant, aware; None where there is none."""
        text = self.observed.get(name)
        return datetime.fromisoformat(text) if text else None

    def outputs(self) -> Iterator[tuple[int, NotebookNode, NotebookNode]]:
        """Every output of the notebook, with its cell and the cell's number, from 1."""
        for number, cell in enumerate(self.notebook.cells if self.notebook else (), start=1):
            for output in cell.get("outputs", ()):
                yield number, cell, output
