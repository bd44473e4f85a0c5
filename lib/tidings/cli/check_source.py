"""The command check-source: whether a tenant's source can be reported on, before any report is made."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from tidings.cli.options import Parameters
from tidings.cli.terminal import print_text
from tidings.errors import SourceError
from tidings.language.english import counted

if TYPE_CHECKING:
    from tidings.review.readiness import Readiness, TableState


def check_source(
    tenant: Annotated[str, typer.Argument(help="A tenant's id: the stem of its file.")],
    period: Annotated[str, typer.Option(help="2026-W46, 2026-11a, 2026-11, a range, or latest.")] = "latest",
    parameters: Parameters = "parameters",
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Say what a tenant's source has, what a report can give, and what stands in its way; make nothing.

    Exit status: 0 ready, 1 not ready, 2 ready with warnings.
    """
    from tidings.metrics.edition import load_unchecked
    from tidings.review.readiness import look_at_source

    try:
        found = look_at_source(load_unchecked(tenant, period, parameters))
    except SourceError as error:
        if not as_json:
            raise
        typer.echo(
            json.dumps({"tenant": tenant, "ready": False, "problems": [str(error)]}, ensure_ascii=False)
        )
        raise typer.Exit(1) from None
    if as_json:
        ready = {"ready": not found.problems}
        typer.echo(json.dumps(asdict(found) | ready, indent=2, ensure_ascii=False))
    else:
        for line in _in_words(found, parameters):
            print_text(line)
    raise typer.Exit(found.exit_status)


def _in_words(found: "Readiness", parameters: str) -> Iterator[str]:
    yield f"Tenant {found.tenant}, period {found.period}, days of {found.zone}"
    connected = f", connected as {found.user}" if found.user else ""
    yield f"Source {found.source}: {found.engine}{connected}; instants are read as UTC"
    yield ""
    for state in found.tables:
        yield from _table_in_words(state)
    for section, labels in found.given.items():
        yield ""
        yield f"{section}: a report gives {', '.join(labels) or 'nothing'}"
        if section in found.lacking:
            yield f"  and cannot give {', '.join(found.lacking[section])}"
    yield ""
    yield f"The slowest to look at: {found.slowest}"
    for warning in found.warnings:
        yield f"warning: {warning}"
    for problem in found.problems:
        yield f"problem: {problem}"
    if found.problems:
        yield "not ready: mend the problems, and look again"
    else:
        folder = f" PARAMETERS={parameters}" if parameters != "parameters" else ""
        yield f"ready: make report TENANT={found.tenant}{folder}"


def _table_in_words(state: "TableState") -> Iterator[str]:
    if state.problem:
        yield f"{state.name}: cannot be used, see below"
    elif state.rows is None:
        yield f"{state.name}: there is none"
    else:
        span = f", from {_to_minute(state.first)} to {_to_minute(state.last)} UTC" if state.first else ""
        yield f"{state.name}: {counted(state.rows, 'row')}{span}"
        if state.empty and state.rows:
            yield f"  without any value: {', '.join(state.empty)}"
        if state.alike:
            yield f"  the same in all rows: {', '.join(state.alike)}"


def _to_minute(instant: str | None) -> str:
    return (instant or "")[:16].replace("T", " ")
