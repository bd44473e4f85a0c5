"""What report is wanted: of whom, of when, and where it goes."""

from dataclasses import dataclass
from pathlib import Path

from upath import UPath

from tidings.periods.period import Period, reportable_period
from tidings.tenants.tenant import Tenant, load_tenant

NOTEBOOK, PAGE, MESSAGE = FILES = ("report.ipynb", "report.html", "message.eml")


@dataclass(frozen=True)
class Order:
    """What report is wanted, of what, and where it goes.

    Attributes
    ----------
    tenant, period : str
        As a user names them.
    parameters, outputs : Path or UPath
        The folder of tenants' files, and the one under which ``<tenant>/<period>/`` is written; either may
        be in an object store.
    notebook : Path
        The master notebook.
    unfinished : bool
        Whether a period that is not over may be reported on.
    seconds : float
        How long executing the notebook may take.
    """

    tenant: str
    period: str
    parameters: Path | UPath
    outputs: Path | UPath
    notebook: Path
    unfinished: bool = False
    seconds: float = 3600.0


@dataclass(frozen=True)
class Job:
    """An order whose names have been looked up."""

    order: Order
    tenant: Tenant
    period: Period

    @property
    def folder(self) -> Path | UPath:
        """Where its files go."""
        return self.order.outputs / self.tenant.id / self.period.key


def look_up(order: Order) -> Job:
    """The tenant and the period that an order names.

    Raises
    ------
    ParametersError, PeriodError
        There is no such tenant or period, or the period is not over yet.
    """
    tenant = load_tenant(order.tenant, order.parameters)
    return Job(order, tenant, reportable_period(order.period, tenant, unfinished=order.unfinished))
