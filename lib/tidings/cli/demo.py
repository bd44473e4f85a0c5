"""The demo: its data, its report, and a few lines on what came of it."""

from pathlib import Path
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

import nbformat
from babel import Locale
from rich.console import Console
from rich.table import Table

from tidings.demo import DemoSettings, DemoSummary, is_written, last_full_week_end, write_demo_data
from tidings.language import numbers
from tidings.language.languages import word_language
from tidings.language.sentences import quote
from tidings.notebook.scraps import HIGHLIGHTS, recorded
from tidings.periods import clock
from tidings.project import project_folder
from tidings.reports.order import Request
from tidings.reports.report import make_report
from tidings.review.judge import judge_edition
from tidings.tenants.tenant import load_tenant

_WEEKS, _MESSAGES, _SEED = 9, 120_000, 2026


def run_demo(request: Request, console: Console) -> None:
    """Make the demo's data and report, and print where they are, what is in them and how long they took."""
    begun = perf_counter()
    tenant = load_tenant(request.tenant, request.parameters)
    settings = demo_settings(_MESSAGES, _WEEKS, _SEED)
    if not is_written(project_folder() / tenant.source, settings):
        write_demo_data(project_folder() / tenant.source, settings)
    data = perf_counter() - begun
    report = make_report(request, judge=judge_edition)
    files = {"the page": report.files.page, "the mail": report.files.message}
    for what, path in (files | {"the executed notebook": report.files.notebook}).items():
        console.print(f"{what:<22} {path}", highlight=False, soft_wrap=True)
    console.print("\nIn short")
    values = recorded(nbformat.read(report.files.notebook, as_version=4))
    for line in _five_lines(values, tenant.locale):
        console.print(f"  {line}", highlight=False, markup=False, soft_wrap=True)
    console.print("\nSeconds")
    table = Table.grid(padding=(0, 2))
    for step, taken in ({"data": data} | report.seconds).items():
        table.add_row(f"  {step}", f"{taken:.1f}")
    console.print(table)


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


def _five_lines(values: dict[str, Any], locale: Locale) -> list[str]:
    def number(name: str) -> str:
        return numbers.number(values[name], locale)

    intent, language = values["chatbot.intents"].iloc[0], values["chatbot.languages"].iloc[0]
    asked, spoken = quote(intent["intent"], locale), word_language(language["language"], locale)
    return [
        f"Activity: {number('activity.active_users')} active users, {number('activity.new_users')} new ones",
        f"Activity: {number('activity.total_messages')} messages, at most "
        f"{number('activity.peak_volume')} a minute ({numbers.moment(values['activity.peak_time'], locale)})",
        f"Chatbot: {numbers.percent(intent['share'], locale)} of recognised messages are about {asked}, "
        f"{numbers.percent(language['share'], locale)} of users write {spoken}",
        f"Contact Center: {number('contact_center.total_conversations')} conversations, "
        f"{number('contact_center.missed_conversations')} missed, "
        f"{numbers.minutes(values['contact_center.average_wait_minutes'], locale)} of waiting on average",
        values[HIGHLIGHTS][0],
    ]
