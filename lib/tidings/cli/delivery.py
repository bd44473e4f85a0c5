"""The commands of delivery: mail, due, status, resend, test-mail. The command line registers them."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tidings.project import project_folder

Parameters = Annotated[Path, typer.Option(help="Folder of the tenants' files.")]
Outputs = Annotated[Path, typer.Option(help="Folder of the editions, the ledger and the outbox.")]
TenantName = Annotated[str | None, typer.Option(help="One tenant's id; all tenants, if not given.")]
PeriodName = Annotated[str | None, typer.Option(help="One period, such as 2026-W46 or latest.")]

_PARAMETERS, _OUTPUTS = Path("parameters"), Path("outputs")


def mail(
    tenant: TenantName = None,
    period: PeriodName = None,
    parameters: Parameters = _PARAMETERS,
    outputs: Outputs = _OUTPUTS,
) -> None:
    """Mail every finished edition to those who have not got it yet.

    Exit status: 0 all is well, 2 settings or server are misconfigured, 3 something was not delivered,
    4 another run is at work.
    """
    from tidings.delivery.service import run_mail

    _finish(run_mail(_folders(parameters, outputs), tenant, period))


def due(
    day: Annotated[
        datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="The day; today, if not given.")
    ] = None,
    tenant: TenantName = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Processes that make reports; as many as CPUs.")
    ] = None,
    parameters: Parameters = _PARAMETERS,
    outputs: Outputs = _OUTPUTS,
) -> None:
    """Make the editions that are due by a day and mail them, with what earlier runs left. The line for cron.

    Exit status: as of mail; 3 also where an edition could not be made.
    """
    from tidings.delivery.service import Due, run_due

    _finish(run_due(_folders(parameters, outputs), Due(tenant, day.date() if day else None, jobs)))


def status(
    tenant: TenantName = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for other programs.")] = False,
    parameters: Parameters = _PARAMETERS,
    outputs: Outputs = _OUTPUTS,
) -> None:
    """Show the editions and what became of their letters."""
    from tidings.delivery.service import current_rows
    from tidings.delivery.status import rows_as_json, rows_as_table

    rows = current_rows(_folders(parameters, outputs), tenant)
    if as_json:
        typer.echo(json.dumps(rows_as_json(rows), indent=2, ensure_ascii=False))
    else:
        Console().print(rows_as_table(rows))


def resend(
    tenant: Annotated[str, typer.Option(help="The tenant's id.")],
    period: Annotated[str, typer.Option(help="The period, such as 2026-W46.")],
    recipient: Annotated[str, typer.Option(help="The address to which the letter goes again.")],
    force: Annotated[bool, typer.Option(help="Even where it may have arrived already.")] = False,
    parameters: Parameters = _PARAMETERS,
    outputs: Outputs = _OUTPUTS,
) -> None:
    """Send one letter again, octet by octet as it was."""
    from tidings.delivery.service import run_resend

    _report(run_resend(_folders(parameters, outputs), (tenant, period, recipient), force))


def mail_test(
    to: Annotated[str, typer.Option(help="Your own address.")],
    tenant: Annotated[str, typer.Option(help="The tenant's id.")] = "demo",
    period: PeriodName = None,
    parameters: Parameters = _PARAMETERS,
    outputs: Outputs = _OUTPUTS,
) -> None:
    """Send the real message, marked as a test, to an address of your own; the ledger knows nothing of it."""
    from tidings.delivery.service import run_trial

    _report(run_trial(_folders(parameters, outputs), (tenant, period, to)))


def _folders(parameters: Path, outputs: Path):
    from tidings.delivery.context import Folders

    root = project_folder()
    return Folders(root, root / _on_disk(parameters), root / _on_disk(outputs))


def _on_disk(folder: Path) -> Path:
    """A folder that is no address in an object store, of which a path keeps one slash."""
    if not re.match("[a-z0-9+]{2,}:/", folder.as_posix()):
        return folder
    from tidings.delivery.errors import Misconfigured

    raise Misconfigured(
        "is in an object store, where no ledger can be kept",
        where=f"folder {folder.as_posix().replace(':/', '://', 1)}",
        remedy="copy parameters and outputs to a folder of this machine, and name that one",
    )


def _finish(tally) -> None:
    """Say what a run came to, and end with its exit status."""
    from tidings.delivery.summary import counted, summary_lines

    console = Console(stderr=True)
    for line in summary_lines(tally):
        console.print(line, style="red", highlight=False, markup=False, soft_wrap=True)
    Console().print(counted(tally), highlight=False, markup=False, soft_wrap=True)
    raise typer.Exit(tally.exit_status)


def _report(outcome) -> None:
    """Say what one attempt came to."""
    from tidings.delivery.states import State

    Console().print(f"{outcome.state}: {outcome.answer}", highlight=False, markup=False, soft_wrap=True)
    raise typer.Exit(0 if outcome.state in (State.SENT, State.QUEUED) else 3)
