"""The command line behind the Makefile."""

import sys
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

import tidings.notebook.lean  # noqa: F401  before anything that imports jsonschema
from tidings.cli import delivery, review
from tidings.errors import TidingsError
from tidings.project import located, project_folder

app = typer.Typer(
    help="Performance reports for conversational platforms, made from Jupyter notebooks.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Period = Annotated[str, typer.Option(help="2026-W46, 2026-11a, 2026-11, a range, or latest.")]
Parameters = Annotated[str, typer.Option(help="Folder of the tenants' files.")]
Outputs = Annotated[str, typer.Option(help="Folder under which <tenant>/<period>/ is written.")]
Unfinished = Annotated[bool, typer.Option(help="Allow a period that is not over yet.")]


@app.command()
def report(
    tenant: Annotated[str, typer.Argument(help="A tenant's id: the stem of its file.")],
    period: Period = "latest",
    parameters: Parameters = "parameters",
    outputs: Outputs = "outputs",
    unfinished: Unfinished = False,
) -> None:
    """Make one tenant's report: the executed notebook, the page and the message."""
    from tidings.reports.report import make_report

    made = make_report(_order(tenant, period, parameters, outputs, unfinished))
    _console().print(
        f"{'made' if made.is_new else 'up to date'}: {made.folder}", highlight=False, soft_wrap=True
    )
    review.add_to_history(made.folder.parent.parent, {made.folder.name} if made.is_new else set())


@app.command()
def reports(
    period: Period = "latest",
    tenants: Annotated[str, typer.Option(help="Only these, by id, with commas between; empty: all.")] = "",
    jobs: Annotated[int, typer.Option(min=0, help="How many at a time; 0: one for each processor.")] = 0,
    scheduler: Annotated[str, typer.Option(help="A Dask scheduler, such as tcp://host:8786.")] = "",
    time_limit: Annotated[int, typer.Option(min=1, help="Seconds that one report may take.")] = 3600,
    memory_limit: Annotated[int, typer.Option(min=0, help="Megabytes for each kernel; 0: no limit.")] = 0,
    parameters: Parameters = "parameters",
    outputs: Outputs = "outputs",
    unfinished: Unfinished = False,
) -> None:
    """Make the reports of all tenants, or of those named; exit status 3 where some failed."""
    from tidings.cli.reports import run_reports
    from tidings.reports.workers import dask_workers, local_workers

    order = replace(_order("", period, parameters, outputs, unfinished), seconds=time_limit)
    chosen = [tenant.strip() for tenant in tenants.split(",") if tenant.strip()]
    limit = memory_limit * 1_000_000 or None
    with dask_workers(scheduler, limit) if scheduler else nullcontext(local_workers(jobs, limit)) as workers:
        raise typer.Exit(run_reports(order, chosen, workers, _console()))


@app.command()
def demo(outputs: Outputs = "outputs") -> None:
    """Make the demo's data and its report for the last full week, and say what is in it."""
    from tidings.cli.demo import run_demo

    run_demo(_order("demo", "latest", "parameters", outputs, unfinished=False), _console())


@app.command("demo-data")
def demo_data(
    messages: Annotated[int, typer.Option(min=1, help="About how many messages to make.")] = 120_000,
    weeks: Annotated[int, typer.Option(min=2, help="How many weeks they fill.")] = 9,
    folder: Annotated[Path, typer.Option(help="Where the tables are written.")] = Path("data/demo"),
    seed: Annotated[int, typer.Option(help="The same seed gives the same data.")] = 2026,
    tenants: Annotated[int, typer.Option(min=0, help="Many tenants in one source; 0: one.")] = 0,
) -> None:
    """Make believable data, which end with the last full week before today."""
    from tidings.cli.demo import make_demo_data

    made = make_demo_data(project_folder() / folder, messages, weeks, seed, tenants)
    _console().print(made, highlight=False, soft_wrap=True)


@app.command()
def schema() -> None:
    """Write the JSON Schema of the tenants' files, by which editors complete and check them."""
    from tidings.tenants.tenant import write_schema

    path = project_folder() / "parameters" / "tenant.schema.json"
    write_schema(path)
    _console().print(f"written: {path}", highlight=False, soft_wrap=True)


@app.command()
def docs() -> None:
    """Write the documentation's page of metrics from their definitions."""
    from tidings.metrics.reference import metrics_page

    path = project_folder() / "docs" / "metrics.md"
    path.write_text(metrics_page(), encoding="utf-8")
    _console().print(f"written: {path}", highlight=False, soft_wrap=True)


app.command()(delivery.mail)
app.command()(delivery.due)
app.command()(delivery.status)
app.command()(delivery.resend)
app.command("test-mail")(delivery.mail_test)
for command in (review.review, review.diff, review.export, review.history):
    app.command()(command)


def main() -> None:
    """Run the command line; a user's mistake ends in one message and exit status 1, without a traceback."""
    try:
        app()
    except TidingsError as error:
        Console(stderr=True).print(
            f"error: {error}", style="red", highlight=False, markup=False, soft_wrap=True
        )
        sys.exit(getattr(error, "exit_status", 1))


def _order(tenant: str, period: str, parameters: str, outputs: str, unfinished: bool):
    from tidings.reports.report import Order

    root = project_folder()
    return Order(
        tenant=tenant,
        period=period,
        parameters=located(parameters, root),
        outputs=located(outputs, root),
        notebook=root / "notebooks" / "report.ipynb",
        unfinished=unfinished,
    )


def _console() -> Console:
    return Console()
