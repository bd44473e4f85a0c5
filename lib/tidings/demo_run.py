"""The demo: its data, its report, and a few lines on what came of it."""

from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

import nbformat
from rich.console import Console
from rich.table import Table

from tidings import clock
from tidings.demo import DemoSettings, DemoSummary, last_full_week_end, write_demo_data
from tidings.highlights import MOST
from tidings.parameters import load_tenant
from tidings.project import project_folder
from tidings.record import HIGHLIGHTS, recorded
from tidings.report import MESSAGE, NOTEBOOK, PAGE, Order, make_report

_WEEKS, _MESSAGES, _SEED = 9, 120_000, 2026


def run_demo(order: Order, console: Console) -> None:
    """Make the demo's data and report, and print where they are, what is in them and how long they took."""
    begun = perf_counter()
    folder = project_folder() / load_tenant(order.tenant, order.parameters).source
    write_demo_data(folder, demo_settings(_MESSAGES, _WEEKS, _SEED))
    data = perf_counter() - begun
    made = make_report(order)
    _print_files(made.folder, console)
    _print_numbers(made.folder / NOTEBOOK, console)
    _print_seconds({"data": data} | made.seconds, console)


def make_demo_data(folder: Path, messages: int, weeks: int, seed: int, tenants: int) -> DemoSummary:
    """Write demo data that end with the last full week before today."""
    return write_demo_data(folder, demo_settings(messages, weeks, seed, tenants))


def demo_settings(messages: int, weeks: int, seed: int, tenants: int = 0) -> DemoSettings:
    """Settings of demo data in the demo's own zone, up to the week that is running now."""
    zone = DemoSettings.time_zone
    return DemoSettings(
        end=last_full_week_end(clock.now(), ZoneInfo(zone)),
        messages=messages,
        weeks=weeks,
        time_zone=zone,
        seed=seed,
        tenants=tenants,
    )


def _print_files(folder: Path, console: Console) -> None:
    for name, what in ((PAGE, "the page"), (MESSAGE, "the mail"), (NOTEBOOK, "the executed notebook")):
        console.print(f"{what:<22} {folder / name}", highlight=False, soft_wrap=True)


def _print_numbers(notebook: Path, console: Console) -> None:
    console.print("\nIn short")
    for sentence in recorded(nbformat.read(notebook, as_version=4))[HIGHLIGHTS][:MOST]:
        console.print(f"  {sentence}", highlight=False, markup=False, soft_wrap=True)


def _print_seconds(seconds: dict[str, float], console: Console) -> None:
    console.print("\nSeconds")
    table = Table.grid(padding=(0, 2))
    for step, taken in seconds.items():
        table.add_row(f"  {step}", f"{taken:.1f}")
    console.print(table)
