"""The command line behind the Makefile."""

import io
import logging
import sys
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from upath import UPath

import tidings.notebook.lean  # noqa: F401  before anything that imports jsonschema
from tidings import __version__
from tidings.cli import delivery, review
from tidings.cli.check import check
from tidings.cli.check_source import check_source
from tidings.cli.explain import explain
from tidings.cli.lab import lab
from tidings.cli.log import open_log, show_steps
from tidings.cli.options import Outputs, Parameters, Tenant, locate_outputs
from tidings.cli.preview import preview
from tidings.cli.terminal import print_text
from tidings.errors import TidingsError, UsageError, is_of_storage
from tidings.project import locate_folder, master_notebook, project_folder
from tidings.sources.secrets import one_line, redact

if TYPE_CHECKING:
    from tidings.reports.report import Report

app = typer.Typer(
    help="Performance reports for conversational platforms, made from Jupyter notebooks.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

Period = Annotated[str, typer.Option(help="2026-W46, 2026-11a, 2026-11, a range, or latest.")]
Unfinished = Annotated[bool, typer.Option(help="Allow a period that is not over yet.")]


def _print_version(wanted: bool) -> None:
    if wanted:
        print_text(f"tidings {__version__}")
        raise typer.Exit()


Version = Annotated[
    bool, typer.Option("--version", help="Show the version.", callback=_print_version, is_eager=True)
]


@app.callback()
def start(
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show each step on the way.")] = False,
    version: Version = False,
) -> None:
    """Performance reports for conversational platforms, made from Jupyter notebooks."""
    if verbose:
        show_steps()


@app.command()
def report(
    tenant: Tenant,
    period: Period = "latest",
    parameters: Parameters = "parameters",
    outputs: Outputs = "outputs",
    unfinished: Unfinished = False,
) -> None:
    """Make one tenant's report: the executed notebook, the page and the message; exit status 3 if held."""
    from tidings.reports.report import make_report
    from tidings.review.judge import import_review, judge_edition

    request = _request(tenant, period, parameters, outputs, unfinished)
    done = make_report(request, judge=judge_edition, meanwhile=import_review)
    print_text(f"{'made' if done.is_new else 'up to date'}: {done.folder}")
    review.add_to_history(done.folder.parent.parent, {done.folder.name} if done.is_new else set())
    for note in done.notes:
        print_text(f"note: {note}")
    _tell_held(done)


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
    """Make the reports of all tenants, or of those named; exit status 3 where some failed or are held."""
    from tidings.cli.reports import run_reports
    from tidings.reports.workers import dask_workers, local_workers
    from tidings.review.judge import judge_edition

    request = replace(_request("", period, parameters, outputs, unfinished), seconds=time_limit)
    chosen = [tenant.strip() for tenant in tenants.split(",") if tenant.strip()]
    limit = memory_limit * 1_000_000 or None
    judged = {"judge": judge_edition}
    with (
        dask_workers(scheduler, limit, **judged)
        if scheduler
        else nullcontext(local_workers(jobs, limit, **judged))
    ) as workers:
        raise typer.Exit(run_reports(request, chosen, workers, Console()))


@app.command()
def pdf(
    tenant: Annotated[str, typer.Argument(help="A tenant's id: the stem of its file.")],
    period: Period = "latest",
    to: Annotated[str, typer.Option(help="The file; empty: <tenant>-<period>.pdf in the outputs.")] = "",
    parameters: Parameters = "parameters",
    outputs: Outputs = "outputs",
    unfinished: Unfinished = False,
) -> None:
    """Print one tenant's report as a PDF, after it is made where it has to be; exit status 3 if held."""
    import nbformat

    from tidings.cli.files import put
    from tidings.page.pdf import page_pdf
    from tidings.page.preprocessors import read_notebook
    from tidings.reports.report import make_report
    from tidings.review.judge import judge_edition

    done = make_report(_request(tenant, period, parameters, outputs, unfinished), judge=judge_edition)
    read = read_notebook(nbformat.reads(done.files.notebook.read_text(encoding="utf-8"), as_version=4))
    file = Path.cwd() / to if to else done.folder.parent.parent / f"{read.view.name}.pdf"
    put(file, page_pdf(read))
    print_text(f"printed: {file}")
    review.add_to_history(done.folder.parent.parent, {done.folder.name} if done.is_new else set())
    _tell_held(done)


@app.command()
def demo(outputs: Outputs = "outputs") -> None:
    """Make the demo's data and its report for the last full week, and say what is in it."""
    from tidings.cli.demo import run_demo

    run_demo(_request("demo", "latest", "parameters", outputs, unfinished=False), Console())


@app.command("demo-data")
def demo_data(
    messages: Annotated[int, typer.Option(min=1, help="About how many messages to make.")] = 120_000,
    weeks: Annotated[int, typer.Option(min=2, help="How many weeks they fill.")] = 9,
    folder: Annotated[str, typer.Option(help="Where the tables are written.")] = "data/demo",
    seed: Annotated[int, typer.Option(help="The same seed gives the same data.")] = 2026,
    tenants: Annotated[int, typer.Option(min=0, help="Many tenants in one source; 0: one.")] = 0,
) -> None:
    """Make believable data, which end with the last full week before today."""
    from tidings.cli.demo import make_demo_data

    place = locate_folder(folder, project_folder())
    if isinstance(place, UPath):
        raise UsageError(
            "is in an object store, where no demo data are written",
            where=f"folder {place}",
            remedy="name a folder of this machine, and copy it there",
        )
    print_text(str(make_demo_data(place, messages, weeks, seed, tenants)))


@app.command()
def init(
    folder: Annotated[
        Path, typer.Argument(help="Where the project is to be: here, if nothing is said.")
    ] = Path(),
) -> None:
    """Begin a project: write parameters, notebooks, a Makefile and a demo tenant."""
    from tidings.cli.init import write_project

    for name in write_project(folder):
        print_text(f"written: {folder / name}")
    there = f"cd {folder} && " if folder != Path() else ""
    print_text(f"next: {there}tidings demo")


@app.command("new-layout")
def new_layout(
    name: Annotated[str, typer.Argument(help="What it is called: acme makes notebooks/acme.ipynb.")],
) -> None:
    """Copy the master notebook, to lay out the reports of some tenants in another way."""
    from tidings.cli.layout import write_layout

    path = write_layout(name, project_folder())
    print_text(f"written: {path}")
    print_text(f"next: write notebook: {path} in the file of each tenant that is to have it")


@app.command()
def schema() -> None:
    """Write the JSON Schema of the tenants' files, by which editors complete and check them."""
    from tidings.tenants.tenant import write_schema

    path = project_folder() / "parameters" / "tenant.schema.json"
    write_schema(path)
    print_text(f"written: {path}")


@app.command()
def docs() -> None:
    """Write the documentation's pages of metrics, shapes and the gate from their definitions."""
    from tidings.charts.reference import shapes_page
    from tidings.metrics.reference import metrics_page
    from tidings.review.gate.reference import gate_page

    pages = {"metrics": metrics_page(), "shapes": shapes_page(), "gate": gate_page()}
    for name, page in pages.items():
        path = project_folder() / "docs" / f"{name}.md"
        path.write_text(page, encoding="utf-8")
        print_text(f"written: {path}")


@app.command()
def translations(
    add: Annotated[str, typer.Option(help="A language to begin a catalogue for, such as fr.")] = "",
) -> None:
    """Bring the catalogues of translations up to date with what is said to readers."""
    from tidings.cli.translations import update_catalogues

    for line in update_catalogues(add):
        print_text(line)


app.command()(delivery.mail)
app.command()(delivery.due)
app.command()(delivery.status)
app.command()(delivery.approve)
app.command()(delivery.hold)
app.command()(delivery.resend)
app.command()(delivery.pause)
app.command()(delivery.resume)
app.command()(delivery.unsubscribe)
app.command()(delivery.bounces)
app.command("clean-up")(delivery.clean_up)
app.command("test-mail")(delivery.mail_test)
app.command()(explain)
app.command("check-source")(check_source)
app.command()(preview)
app.command()(check)
app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(lab)
for command in (review.review, review.diff, review.export, review.history):
    app.command()(command)


def main() -> None:
    """Run the command line; whatever goes wrong ends in one message, without a traceback.

    What a user can mend is said, with the exit status of its error. What no one expected is told with the
    file that has its traceback, and exit status 1.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # which else refuses what a shell may give and no text is
            stream.reconfigure(errors="backslashreplace")
    with open_log() as log:
        try:
            app()
        except TidingsError as error:
            print_text(f"error: {error}", is_error=True)
            sys.exit(error.exit_status)
        except Exception as error:
            logging.getLogger(__name__).exception("unexpected: %s", " ".join(sys.argv))
            if is_of_storage(error):
                told = TidingsError.of_storage(error, "a file")
                print_text(f"error: {redact(str(told))}", is_error=True)
                sys.exit(1)
            words = one_line(f"{type(error).__name__}: {error}")
            more = f"see {log.path}" if log.is_written else f"{log.path} cannot be written"
            print_text(f"error: something unexpected went wrong ({words}); {more}", is_error=True)
            sys.exit(1)


def _request(tenant: str, period: str, parameters: str, outputs: str, unfinished: bool):
    from tidings.reports.order import Request

    root = project_folder()
    return Request(
        tenant=tenant,
        period=period,
        parameters=locate_folder(parameters, root),
        outputs=locate_outputs(outputs),
        notebook=master_notebook(root),
        unfinished=unfinished,
    )


def _tell_held(report: "Report") -> None:
    """Say why a report is held and how to release it, and end with the exit status of that."""
    for reason in report.held:
        print_text(f"held: {reason}", is_error=True)
    if report.held:
        tenant, period = report.folder.parts[-2:]
        print_text(f'  To release it: make approve TENANT={tenant} PERIOD={period} WHY="…"', is_error=True)
        raise typer.Exit(3)
