"""The commands of delivery, from mail to test-mail. The command line registers them."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer
from rich.console import Console
from upath import UPath

from tidings.cli.options import Parameters, locate_outputs
from tidings.cli.terminal import print_text
from tidings.errors import UsageError
from tidings.language.english import counted
from tidings.project import locate_folder, project_folder

if TYPE_CHECKING:  # a command that has nothing to mail does without
    from tidings.delivery.context import Folders
    from tidings.delivery.send import RunResult
    from tidings.delivery.states import Attempt

Outputs = Annotated[str, typer.Option(help="Folder of the editions, the ledger and the outbox.")]
TenantName = Annotated[str | None, typer.Option(help="One tenant's id; all tenants, if not given.")]
PeriodName = Annotated[str | None, typer.Option(help="One period, such as 2026-W46 or latest.")]


def mail(
    tenant: TenantName = None,
    period: PeriodName = None,
    parameters: Parameters = "parameters",
    outputs: Outputs = "outputs",
    dry_run: Annotated[
        bool, typer.Option(help="Say what would go to whom; send and change nothing.")
    ] = False,
) -> None:
    """Mail every finished edition to those who have not got it yet.

    Exit status: 0 all is well, 2 settings or server are misconfigured, 3 something was not delivered or is
    held, 4 another run is at work.
    """
    from tidings.delivery.service import preview_mail, run_mail

    folders = _locate(parameters, outputs)
    if not dry_run:
        _finish(run_mail(folders, tenant, period))
    result = preview_mail(folders, tenant, period)
    for delivery, attempt in result.attempts.items():
        print_text(
            f"{delivery.key.tenant}, {delivery.key.period}, {delivery.key.recipient}: {attempt.answer}"
        )
    _finish(result)


def due(
    day: Annotated[
        str, typer.Option("--date", help="The day, such as 2026-11-16; today, if not given.")
    ] = "",
    tenant: TenantName = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Processes that make reports; as many as CPUs.")
    ] = None,
    parameters: Parameters = "parameters",
    outputs: Outputs = "outputs",
) -> None:
    """Make the editions that are due by a day and mail them, with what earlier runs left. The line for cron.

    Exit status: as of mail; 3 also where an edition could not be made.
    """
    from tidings.delivery.service import run_due

    try:
        until = date.fromisoformat(day) if day else None
    except ValueError:
        raise UsageError(
            f"{day[:80]!r} is not a day", where="option --date", remedy="write it as in 2026-11-16"
        ) from None
    _finish(run_due(_locate(parameters, outputs), tenant, until, jobs=jobs))


def status(
    tenant: TenantName = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for other programs.")] = False,
    parameters: Parameters = "parameters",
    outputs: Outputs = "outputs",
) -> None:
    """Show the editions and what became of their messages."""
    from tidings.delivery.service import read_status
    from tidings.delivery.status import rows_as_json, rows_as_lines

    rows = read_status(_locate(parameters, outputs), tenant)
    if as_json:
        typer.echo(json.dumps(rows_as_json(rows), indent=2, ensure_ascii=False))
    else:
        console = Console()
        for line in rows_as_lines(rows, console.width):
            console.print(line, soft_wrap=True)


def resend(
    tenant: TenantName = None,
    period: PeriodName = None,
    recipient: Annotated[str, typer.Option(help="The address to which the message goes again.")] = "",
    state: Annotated[str, typer.Option(help="In place of it: all that are refused, failed, uncertain.")] = "",
    force: Annotated[bool, typer.Option(help="Even where it may have arrived already.")] = False,
    parameters: Parameters = "parameters",
    outputs: Outputs = "outputs",
) -> None:
    """Send one message again, octet by octet as it was; or all that are in a state."""
    from tidings.delivery.service import run_resend, run_resend_state

    folders = _locate(parameters, outputs)
    if state:
        _finish(run_resend_state(folders, state, tenant, period, force=force))
    if not (tenant and period and recipient):
        raise UsageError(
            "say which message",
            remedy="name a tenant, a period and a recipient; or a state, such as refused",
        )
    _tell(run_resend(folders, tenant, period, recipient, force=force))


def approve(
    tenant: Annotated[str, typer.Option(help="The tenant's id.")],
    period: Annotated[str, typer.Option(help="The period, such as 2026-W46.")],
    why: Annotated[str, typer.Option(help="Why it may go out, for the record.")],
    parameters: Parameters = "parameters",
    outputs: Outputs = "outputs",
) -> None:
    """Release a held edition: the next mail sends it. Your name is recorded, from the environment."""
    from tidings.delivery.service import run_approve

    decision = run_approve(_locate(parameters, outputs), tenant, period, why)
    print_text(f"approved by {decision.by}; make mail sends it")


def hold(
    tenant: Annotated[str, typer.Option(help="The tenant's id.")],
    period: Annotated[str, typer.Option(help="The period, such as 2026-W46.")],
    why: Annotated[str, typer.Option(help="Why it must not go out, for the record.")],
    parameters: Parameters = "parameters",
    outputs: Outputs = "outputs",
) -> None:
    """Hold an edition back by hand until someone approves it, even if it is made anew."""
    from tidings.delivery.service import run_hold

    decision = run_hold(_locate(parameters, outputs), tenant, period, why)
    print_text(f"held by {decision.by} until make approve; what was sent before stays sent")


def pause(
    tenant: Annotated[str, typer.Option(help="The tenant's id.")],
    why: Annotated[str, typer.Option(help="Why, for the record.")] = "",
    parameters: Parameters = "parameters",
    outputs: Outputs = "outputs",
) -> None:
    """Have a tenant get nothing, from the next run on, until it is resumed."""
    from tidings.delivery.service import run_pause

    run_pause(_locate(parameters, outputs), tenant, why)
    print_text(f"{tenant} gets nothing until make resume TENANT={tenant}")


def resume(
    tenant: Annotated[str, typer.Option(help="The tenant's id.")],
    parameters: Parameters = "parameters",
    outputs: Outputs = "outputs",
) -> None:
    """End a tenant's pause: the next run makes and mails what is due."""
    from tidings.delivery.service import run_resume

    was_paused = run_resume(_locate(parameters, outputs), tenant)
    print_text(f"{tenant} gets mail again" if was_paused else f"{tenant} was not paused")


def unsubscribe(
    address: Annotated[str, typer.Option(help="Who wants no more mail.")] = "",
    listed: Annotated[str, typer.Option("--list", help="A list, or a mailbox, of those who want none.")] = "",
    undo: Annotated[bool, typer.Option(help="Have the address get mail again.")] = False,
    parameters: Parameters = "parameters",
    outputs: Outputs = "outputs",
) -> None:
    """Have an address, or all of a list, get nothing more from any tenant."""
    from tidings.delivery.service import run_unsubscribe, run_unsubscribe_all

    folders = _locate(parameters, outputs)
    if bool(address) == bool(listed) or (undo and not address):
        raise UsageError("say who", remedy="name an address, or a list or mailbox of those who want no mail")
    if address:
        is_new = run_unsubscribe(folders, address, undo=undo)
        print_text(f"{address} gets {'mail' if undo else 'no mail'} {'from now on' if is_new else 'already'}")
        return
    new, unknown = run_unsubscribe_all(folders, Path(listed))
    print_text(
        f"{counted(len(new), 'address gets', 'addresses get')} no more mail"
        + (f", {counted(unknown, 'names', 'name')} no one" if unknown else "")
    )


def bounces(
    mailbox: Annotated[str, typer.Option(help="The mbox file or Maildir that bounces go to.")],
    parameters: Parameters = "parameters",
    outputs: Outputs = "outputs",
) -> None:
    """Read mail that came back; who was sent two letters in vain gets no more."""
    from tidings.delivery.service import run_bounces

    if not mailbox:
        raise UsageError("say where bounces go to", remedy="name an mbox file or a Maildir: MAILBOX=")
    new, back, ignored = run_bounces(_locate(parameters, outputs), Path(mailbox))
    for address in new:
        print_text(f"{address} gets no more mail")
    print_text(
        f"{back} came back for good, {counted(ignored, 'other letter')}, "
        f"{counted(len(new), 'address gets', 'addresses get')} no more mail"
    )


def clean_up(
    keep: Annotated[int, typer.Option(min=31, help="How many days are kept.")] = 90,
    parameters: Parameters = "parameters",
    outputs: Outputs = "outputs",
) -> None:
    """Remove old reports and letters that are settled; what is owed, held or uncertain stays."""
    from tidings.delivery.service import run_clean_up

    done = run_clean_up(_locate(parameters, outputs), timedelta(days=keep))
    print_text(
        f"removed {counted(done.reports, 'report')}, {counted(done.outbox, 'letter')} of the outbox, "
        f"{done.letters} of the ledger"
    )


def mail_test(
    to: Annotated[str, typer.Option(help="Your own address.")],
    tenant: Annotated[str, typer.Option(help="The tenant's id.")] = "demo",
    period: PeriodName = None,
    parameters: Parameters = "parameters",
    outputs: Outputs = "outputs",
) -> None:
    """Send the real message, marked as a test, to an address of your own; the ledger knows nothing of it."""
    from tidings.delivery.service import run_trial

    _tell(run_trial(_locate(parameters, outputs), tenant, period, to))


def _locate(parameters: str, outputs: str) -> "Folders":
    """The project's folders; all are on this machine, where alone a ledger can be kept."""
    from tidings.delivery.context import Folders
    from tidings.delivery.errors import Misconfigured

    root = project_folder()
    folders = (locate_folder(parameters, root), locate_outputs(outputs))
    for folder in folders:
        if isinstance(folder, UPath):
            raise Misconfigured(
                "is in an object store, where no ledger can be kept",
                where=f"folder {folder}",
                remedy="copy parameters and outputs to a folder of this machine, and name that one",
            )
    return Folders(root, *cast(tuple[Path, Path], folders))


def _finish(result: "RunResult") -> None:
    """Say what a run came to, and end with its exit status."""
    from tidings.delivery.operator import describe_counts, describe_held, describe_problems

    for line in [*describe_held(result), *describe_problems(result)]:
        print_text(line, is_error=True)
    print_text(describe_counts(result))
    raise typer.Exit(result.exit_status)


def _tell(attempt: "Attempt") -> None:
    """Say what one attempt came to, and end with its exit status."""
    from tidings.delivery.states import State

    print_text(f"{attempt.state}: {attempt.answer}")
    raise typer.Exit(0 if attempt.state in (State.SENT, State.QUEUED) else 3)
