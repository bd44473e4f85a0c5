"""``tidings reports``: a batch as an operator sees it, its progress, its counts and its exit status."""

import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from time import perf_counter

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from tidings.cli.review import add_to_history
from tidings.cli.terminal import harmless
from tidings.errors import ReportError, TidingsError, UsageError
from tidings.periods import clock
from tidings.reports.batch import EditionOutcome, Workers, describe_run, make_reports
from tidings.reports.editions import write_run
from tidings.reports.order import Request
from tidings.tenants.tenant import tenant_ids

ALL_WELL, PARTIAL_FAILURE, INTERRUPTED = 0, 3, 130
_MOST_SHOWN = 20


def run_reports(request: Request, tenants: list[str], workers: Workers, console: Console) -> int:
    """Make the reports of tenants, show how it goes, and write ``_run.json``.

    Parameters
    ----------
    request : Request
        What every edition has in common; its tenant is not looked at.
    tenants : list of str
        Whose reports; all tenants where it is empty.

    Returns
    -------
    int
        0 where every edition is there, 3 where some are not, or are held, 130 where the run was stopped
        (Ctrl-C, SIGTERM); what is finished by then stays, and the next run goes on from there.

    Raises
    ------
    UsageError
        There is no tenant, no folder of them, or none to write to.
    """
    with _refuse_at_once():
        chosen = list(dict.fromkeys(tenants)) or tenant_ids(request.parameters)
    if not chosen:
        raise UsageError(
            "there is no tenant",
            where=f"folder {request.parameters}",
            remedy="write a file <tenant>.yaml there",
        )
    requests = [replace(request, tenant=tenant) for tenant in chosen]
    begun, outcomes = clock.now(), list[EditionOutcome]()
    with _refuse_at_once():
        write_run(request.outputs, describe_run(begun, None, outcomes))
    stopped = _make_all(requests, workers, outcomes, console)
    _print_counts(outcomes, len(chosen), console)
    details = write_run(request.outputs, describe_run(begun, clock.now(), outcomes))
    console.print(f"details: {details}", highlight=False, soft_wrap=True)
    add_to_history(request.outputs, {outcome.period for outcome in outcomes if outcome.state == "made"})
    there = sum(outcome.state != "failed" and not outcome.held for outcome in outcomes)
    return INTERRUPTED if stopped else ALL_WELL if there == len(chosen) else PARTIAL_FAILURE


def _make_all(
    requests: list[Request], workers: Workers, outcomes: list[EditionOutcome], console: Console
) -> bool:
    """Make editions and keep what becomes of each; whether the user stopped it before its end."""
    try:
        with (
            _stop_by_signals(),
            _show_progress(len(requests), console) as show,
            closing(make_reports(requests, workers)) as run,
        ):
            for outcome in run:
                outcomes.append(outcome)
                show(outcome)
    except KeyboardInterrupt:
        return True
    except ReportError as error:
        console.print(f"stopped: {error}", style="red", highlight=False, markup=False, soft_wrap=True)
    return False


@contextmanager
def _refuse_at_once() -> Iterator[None]:
    """Where something goes wrong, nothing can be begun."""
    try:
        yield
    except TidingsError as error:
        raise UsageError(error.what, where=error.where, remedy=error.remedy) from None


@contextmanager
def _stop_by_signals() -> Iterator[None]:
    """Have a request to end, or the terminal's closing, stop the run as Ctrl-C does."""
    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    caught = [getattr(signal, name) for name in names]
    caught = [signum for signum in caught if signal.getsignal(signum) == signal.SIG_DFL]  # as nohup has not
    for signum in caught:
        signal.signal(signum, signal.default_int_handler)
    try:
        yield
    finally:
        for signum in caught:
            signal.signal(signum, signal.SIG_DFL)


@contextmanager
def _show_progress(total: int, console: Console) -> Iterator[Callable[[EditionOutcome], None]]:
    """Show each outcome: a bar on a terminal, a line each elsewhere."""
    if not console.is_terminal:
        yield lambda outcome: _print_line(outcome, console)
        return
    columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[pace]}"))
    with Progress(*columns, TimeRemainingColumn(), console=console) as progress:
        task = progress.add_task("reports", total=total, pace="")
        begun, counts = perf_counter(), Counter[str]()

        def show(outcome: EditionOutcome) -> None:
            counts[outcome.state] += 1
            pace = (
                f"{counts.total() / (perf_counter() - begun) * 60:,.0f} a minute, {counts['failed']} failed"
            )
            progress.update(task, advance=1, pace=pace)
            if outcome.state == "failed" or outcome.held:
                _print_line(outcome, progress.console)

        yield show


def _print_line(outcome: EditionOutcome, console: Console) -> None:
    why = f": {outcome.error}" if outcome.error else ""
    why = f": {'; '.join(outcome.held)}" if outcome.held else why
    state = "held" if outcome.held else outcome.state
    line = f"{state:<10} {outcome.tenant} {outcome.period} {outcome.seconds:.1f} s{why}"
    console.print(harmless(line), highlight=False, markup=False, soft_wrap=True)


def _print_counts(outcomes: list[EditionOutcome], total: int, console: Console) -> None:
    counts = Counter[str](outcome.state for outcome in outcomes)
    counts["not finished"] = total - len(outcomes)
    counts["held"] = sum(bool(outcome.held) for outcome in outcomes)
    counts["to review"] = sum(outcome.verdict == "review" for outcome in outcomes)
    table = Table.grid(padding=(0, 2))
    for state in ("made", "up to date", "failed", "not finished", "held", "to review"):
        if counts[state]:
            table.add_row(state, f"{counts[state]:,}")
    console.print(table)
    failed = [outcome.tenant for outcome in outcomes if outcome.state == "failed"]
    held = [outcome.tenant for outcome in outcomes if outcome.held]
    for state, tenants in (("failed", failed), ("held", held)):
        more = f" and {len(tenants) - _MOST_SHOWN:,} more" if len(tenants) > _MOST_SHOWN else ""
        if tenants:
            names = f"{', '.join(tenants[:_MOST_SHOWN])}{more}"
            console.print(f"{state}: {names}", highlight=False, markup=False, soft_wrap=True)
    if counts["held"] or counts["to review"]:
        console.print("make review shows what was found", highlight=False, soft_wrap=True)
