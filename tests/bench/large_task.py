"""What each side of the benchmark of large tenants is given, and the form in which it hands numbers back."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from tidings.periods.clock import now
from tidings.periods.period import Period, parse_period
from tidings.tenants.tenant import Tenant, load_tenant


@dataclass(frozen=True)
class Task:
    """One edition of generated data.

    Attributes
    ----------
    folder : str
        The tables.
    parameters : str
        A folder of parameters; its tenant ``large`` has the tables as its source.
    period : str
        The period's name.
    checks : bool
        Whether the data contract is checked first.
    """

    folder: str
    parameters: str
    period: str
    checks: bool

    @classmethod
    def read(cls, path: Path) -> "Task":
        return cls(**json.loads(path.read_text()))

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self)))

    @property
    def tenant(self) -> Tenant:
        return load_tenant("large", Path(self.parameters))

    @property
    def when(self) -> Period:
        """The period; its zone keeps one offset from UTC throughout."""
        return parse_period(self.period, self.tenant, now())


def plain(value: Any) -> Any:
    """A number, text or frame as JSON has it: a frame as its rows, a day as its ISO date."""
    if isinstance(value, pd.DataFrame):
        return [[plain(cell) for cell in row] for row in value.itertuples(index=False)]
    if value is None or pd.isna(value):
        return None
    if isinstance(value, date):
        return value.isoformat()[:10]
    return value.item() if hasattr(value, "item") else value
