"""The editions that pictures are made of: the demo's tenant, and what reports may meet beyond it."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from babel.localedata import locale_identifiers
from support.projects import CHECKOUT, STARTER, make_project

from tidings.demo import DemoSettings, is_written, write_demo_data
from tidings.project import master_notebook, project_folder
from tidings.reports.order import Request

FOLDER = CHECKOUT / "outputs" / "pictures"
NOW = "2026-11-18T12:00:00Z"
WEEK = "2026-W46"

_WEEKS = DemoSettings(end=date(2026, 11, 16))  # the same data as those of make demo
_MONTHS = DemoSettings(end=date(2026, 11, 16), weeks=20, messages=260_000)
_WEEK_BEGINS, _WEEK_ENDS = pd.Timestamp("2026-11-09 05:00"), pd.Timestamp("2026-11-16 05:00")

_NAMES = (
    "陈伟",
    "محمد الأمين",
    "佐藤 花子",
    "김민준",
    "Ana 🦊 Torres",
    "Владимир",
    "Jorge Peña",
    "👩🏽‍💻",
    "Zoë",
)
_LANGUAGES = [name for name in locale_identifiers() if len(name) == 2][:160:4]

Tables = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Scenario:
    """A tenant and a period to make pictures of.

    Attributes
    ----------
    name : str
        The tenant's id.
    period : str
        Of its report.
    settings : DemoSettings
        The demo data that its own are made of.
    change : callable
        What makes its tables of those.
    services : str
        Of the tenant, as in its file.
    color : str
        Of its brand.
    """

    name: str
    period: str = WEEK
    settings: DemoSettings = _WEEKS
    change: Callable[[Tables], Tables] = dict
    services: str = "activity, chatbot, contact-center"
    color: str = "#0B6E4F"

    def write(self, project: Path) -> None:
        """Write the tenant's file, and its tables where the project lacks them."""
        source = f"data/{self.name}"
        own = (STARTER / "parameters" / "demo.yaml").read_text("utf-8")
        for there, here in (
            ("source: data/demo", f"source: {source}"),
            ("[activity, chatbot, contact-center]", f"[{self.services}]"),
            ("#0B6E4F", self.color),
        ):
            own = own.replace(there, here)
        (project / "parameters" / f"{self.name}.yaml").write_text(own, "utf-8")
        if not (project / source).exists():
            tables = self.change(_demo_tables(project, self.settings))
            (project / source).mkdir(parents=True)
            for name, rows in tables.items():
                rows.to_parquet(project / source / f"{name}.parquet", index=False)


def _demo_tables(project: Path, settings: DemoSettings) -> Tables:
    folder = project / "demo-data" / f"{settings.weeks}-weeks"
    if not is_written(folder, settings):
        write_demo_data(folder, settings)
    return {path.stem: pd.read_parquet(path) for path in sorted(folder.glob("*.parquet"))}


def _of_200_agents(tables: Tables) -> Tables:
    """The work of a few agents shared by 200, the first of whom do the most."""
    chance = np.random.default_rng(1)
    ids = np.array([f"a{number}" for number in range(200)])
    names = [f"{_NAMES[number % len(_NAMES)]} {number // len(_NAMES) + 1}" for number in range(200)]
    weights = 1 / (np.arange(200) + 8)
    stays, logins = tables["assignments"], tables["agent_sessions"]
    drawn = chance.choice(ids, len(stays), p=weights / weights.sum())
    agents = pd.Series(drawn, stays.index).where(stays["agent_id"].notna(), None)
    logins = pd.concat([logins.assign(agent_id=chance.choice(ids, len(logins))) for _ in range(6)])
    logins["session_id"] = [f"s{number}" for number in range(len(logins))]
    known = pd.DataFrame({"agent_id": ids, "name": names, "role": "support"})
    return tables | {"assignments": stays.assign(agent_id=agents), "agent_sessions": logins, "agents": known}


def _of_many_words(tables: Tables) -> Tables:
    """100 intents, some of which begin alike, in 40 languages."""
    chance = np.random.default_rng(2)
    intents = np.array([f"Question about the invoice of a contract, part {number}" for number in range(20)])
    intents = np.append(intents, [f"Intent {number}" for number in range(80)])
    messages = tables["messages"]
    weights = 1 / (np.arange(100) + 3)
    drawn = pd.Series(chance.choice(intents, len(messages), p=weights / weights.sum()), messages.index)
    users = {user: _LANGUAGES[min(int(chance.exponential(9)), 39)] for user in messages["user_id"].unique()}
    spoken = messages["user_id"].map(users).where(messages["language"].notna(), None)
    said = drawn.where(messages["intent"].notna(), None)
    return {**tables, "messages": messages.assign(intent=said, language=spoken)}


def _without_the_week(tables: Tables) -> Tables:
    """What happened before the week began, all of it over by then."""
    before = {name: _between(rows, None, _WEEK_BEGINS) for name, rows in tables.items()}
    logins, last = before["agent_sessions"], _WEEK_BEGINS - pd.Timedelta(minutes=1)
    ended = logins["disconnected_at"].fillna(last).clip(upper=last)
    return before | {"agent_sessions": logins.assign(disconnected_at=ended)}


def _one_message(tables: Tables) -> Tables:
    """One message, the first of the week."""
    week = _the_week_alone(tables)
    return {name: rows if name == "agents" else rows.iloc[:0] for name, rows in week.items()} | {
        "messages": week["messages"].query("direction == 'incoming'").head(1)
    }


def _the_week_alone(tables: Tables) -> Tables:
    """What happened in the week, so that there is nothing to compare it with."""
    return {name: _between(rows, _WEEK_BEGINS, _WEEK_ENDS) for name, rows in tables.items()}


def _between(rows: pd.DataFrame, begin: pd.Timestamp | None, end: pd.Timestamp) -> pd.DataFrame:
    instants = ("sent_at", "started_at", "first_seen_at", "assigned_at", "connected_at")
    for name in rows.columns.intersection(instants):
        rows = rows[(rows[name] < end) & (begin is None or rows[name] >= begin)]
    return rows


SCENARIOS = (
    Scenario("demo"),
    Scenario("agents-200", change=_of_200_agents),
    Scenario("empty-week", change=_without_the_week),
    Scenario("one-message", change=_one_message),
    Scenario("first-report", change=_the_week_alone),
    Scenario("half-month", "2026-11a", _MONTHS),
    Scenario("month", "2026-10", _MONTHS),
    Scenario("two-months", "2026-09..2026-10", _MONTHS),
    Scenario("many-words", change=_of_many_words, services="chatbot"),
    Scenario("yellow", color="#FFD400"),
    Scenario("white", color="#FFFFFF"),
)


def write_scenarios(project: Path, names: Sequence[str] | None = None) -> dict[str, str]:
    """Write a project of these scenarios, or of all, and give each tenant's period."""
    for made_anew in ("parameters", "notebooks"):
        shutil.rmtree(project / made_anew, ignore_errors=True)
    make_project(project)
    chosen = [scenario for scenario in SCENARIOS if not names or scenario.name in names]
    for scenario in chosen:
        scenario.write(project)
    return {scenario.name: scenario.period for scenario in chosen}


def environment(project: Path) -> dict[str, str]:
    """The variables that make a process one of the scenarios' project, at the time of their reports."""
    return {"TIDINGS_HOME": str(project), "TIDINGS_NOW": NOW}


def order_report(tenant: str, period: str, outputs: Path, parameters: str = "parameters") -> Request:
    """What report to make pictures of, from the project of this process."""
    root = project_folder()
    return Request(tenant, period, root / parameters, outputs, master_notebook(root))
