"""What report is wanted: as a user names it, and with its names looked up."""

from dataclasses import dataclass
from pathlib import Path

from upath import UPath

from tidings.errors import ParametersError
from tidings.periods.period import Period, reportable_period
from tidings.project import project_folder
from tidings.tenants.tenant import Tenant, load_tenant


@dataclass(frozen=True)
class Request:
    """What report is wanted, of what, and where it goes, as a user names it.

    Attributes
    ----------
    tenant, period : str
        A tenant's id, and a period's name or ``latest``.
    parameters, outputs : Path or UPath
        The folder of tenants' files, and the one that reports go to; either may be in an object store: see
        `tidings.project.locate_folder`.
    notebook : Path
        The master notebook: that of tenants without a layout of their own.
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
class Order:
    """A tenant's report of a period, and the outputs that it lies in, or is to."""

    tenant: Tenant
    period: Period
    outputs: Path | UPath

    def __str__(self) -> str:
        return f"{self.tenant.id}, {self.period.key}"


def resolve(request: Request) -> Order:
    """The tenant and the period that a request names.

    Raises
    ------
    ParametersError, PeriodError
        There is no such tenant or period, or the period is not over yet.
    """
    tenant = load_tenant(request.tenant, request.parameters)
    period = reportable_period(request.period, tenant, unfinished=request.unfinished)
    return Order(tenant, period, request.outputs)


def locate_layout(request: Request, tenant: Tenant) -> Path:
    """The notebook that a tenant's report is made from: the one that its file names, or else the master.

    Raises
    ------
    ParametersError
        The tenant's own is not there, or a link leads out of the project.
    """
    if tenant.notebook is None:
        return request.notebook
    root = project_folder().resolve()
    path = root / tenant.notebook
    if not path.resolve().is_relative_to(root):
        raise ParametersError(
            f"the notebook {tenant.notebook} leads out of the project",
            where=f"{tenant.id}, notebook",
            remedy="put the notebook itself into the project, and no link to one elsewhere",
        )
    if not path.is_file():
        raise ParametersError(
            f"there is no notebook {tenant.notebook}",
            where=f"{tenant.id}, notebook",
            remedy=f"make it with tidings new-layout {path.stem}, or name one that is there",
        )
    return path
