"""The command line behind the Makefile."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tidings.delivery import commands as delivery
from tidings.errors import TidingsError
from tidings.project import project_folder

app = typer.Typer(
    help="Performance reports for conversational platforms, made from Jupyter notebooks.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Parameters = Annotated[Path, typer.Option(help="Folder of the tenants' files.")]
Outputs = Annotated[Path, typer.Option(help="Folder under which <tenant>/<period>/ is written.")]
Unfinished = Annotated[bool, typer.Option(help="Allow a period that is not over yet.")]


@app.command()
def report(
    tenant: Annotated[str, typer.Argument(help="A tenant's id: the stem of its file.")],
    period: Annotated[str, typer.Option(help="2026-W46, 2026-11a, 2026-11, a range, or latest.")] = "latest",
    parameters: Parameters = Path("parameters"),
    outputs: Outputs = Path("outputs"),
    unfinished: Unfinished = False,
) -> None:
    """Make one tenant's report: the executed notebook, the page and the message."""
    from tidings.report import make_report

    made = make_report(_order(tenant, period, parameters, outputs, unfinished))
    _console().print(
        f"{'made' if made.is_new else 'up to date'}: {made.folder}", highlight=False, soft_wrap=True
    )


@app.command()
def demo(outputs: Outputs = Path("outputs")) -> None:
    """Make the demo's data and its report for the last full week, and say what is in it."""
    from tidings.demo_run import run_demo

    run_demo(_order("demo", "latest", Path("parameters"), outputs, unfinished=False), _console())


@app.command("demo-data")
def demo_data(
    messages: Annotated[int, typer.Option(min=1, help="About how many messages to make.")] = 120_000,
    weeks: Annotated[int, typer.Option(min=2, help="How many weeks they fill.")] = 9,
    folder: Annotated[Path, typer.Option(help="Where the tables are written.")] = Path("data/demo"),
    seed: Annotated[int, typer.Option(help="The same seed gives the same data.")] = 2026,
    tenants: Annotated[int, typer.Option(min=0, help="Many tenants in one source; 0: one.")] = 0,
) -> None:
    """Make believable data, which end with the last full week before today."""
    from tidings.demo_run import make_demo_data

    made = make_demo_data(project_folder() / folder, messages, weeks, seed, tenants)
    _console().print(made, highlight=False, soft_wrap=True)


@app.command()
def schema() -> None:
    """Write the JSON Schema of the tenants' files, by which editors complete and check them."""
    from tidings.parameters import write_schema

    path = project_folder() / "parameters" / "tenant.schema.json"
    write_schema(path)
    _console().print(f"written: {path}", highlight=False, soft_wrap=True)


@app.command()
def docs() -> None:
    """Write the documentation's page of metrics from their definitions."""
    from tidings.reference import metrics_page

    path = project_folder() / "docs" / "metrics.md"
    path.write_text(metrics_page(), encoding="utf-8")
    _console().print(f"written: {path}", highlight=False, soft_wrap=True)


app.command()(delivery.mail)
app.command()(delivery.due)
app.command()(delivery.status)
app.command()(delivery.resend)
app.command("test-mail")(delivery.mail_test)


def main() -> None:
    """Run the command line; a user's mistake ends in one message and exit status 1, without a traceback."""
    try:
        app()
    except TidingsError as error:
        Console(stderr=True).print(
            f"error: {error}", style="red", highlight=False, markup=False, soft_wrap=True
        )
        sys.exit(getattr(error, "exit_status", 1))


def _order(tenant: str, period: str, parameters: Path, outputs: Path, unfinished: bool):
    from tidings.report import Order

    root = project_folder()
    return Order(
        tenant=tenant,
        period=period,
        parameters=root / parameters,
        outputs=root / outputs,
        notebook=root / "notebooks" / "report.ipynb",
        unfinished=unfinished,
    )


def _console() -> Console:
    return Console()
