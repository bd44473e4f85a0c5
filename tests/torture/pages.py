"""Reports of hostile data, opened in Chromium: nothing in them runs, and nothing is asked for."""

import random
import tempfile
from pathlib import Path

import yaml
from playwright.sync_api import Browser
from support.projects import add_tenant, make_project, run
from support.reading import open_browser
from support.tables import assignment, at, message, session

from tidings.errors import TidingsError
from tidings.tenants.tenant import load_tenant
from torture.trial import HOSTILE, LONG, Trial, until


def pages(seconds: float, chance: random.Random) -> Trial:
    """Hostile words in every text of the data and of the tenant's file: page and mail show them alone."""
    trial, long = Trial(), 0
    with tempfile.TemporaryDirectory() as folder, open_browser() as browser:
        for number, _ in enumerate(until(seconds)):
            project = _hostile_project(Path(folder) / str(number), chance, is_long=number % 2 == 1)
            long += number % 2
            done = run(project, "report", "acme", "--period", "2026-W46")
            made = project / "outputs" / "acme" / "2026-W46"
            files = [made / "report.html", made / "message.html"]
            found = [fault for file in files if file.is_file() for fault in _faults(browser, file)]
            if "Traceback" in done.stderr or not all(file.is_file() for file in files):
                found.append(done.stderr[-300:])
            trial.tries += 1
            trial.broken += bool(found)
            trial.seen = "; ".join(found) or trial.seen
    trial.seen = trial.seen or f"{long} of them with words of {len(LONG):,} characters"
    return trial


def _faults(browser: Browser, file: Path) -> list[str]:
    """What an opened file does that it must not: ask, request, complain, or go elsewhere."""
    faults: list[str] = []
    page = browser.new_page(viewport={"width": 800, "height": 600})
    page.on("dialog", lambda dialog: (faults.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("request", lambda asked: _is_own(asked.url, file) or faults.append(f"request {asked.url[:200]}"))
    page.on("console", lambda said: said.type == "error" and faults.append(f"console {said.text[:200]}"))
    page.on("pageerror", lambda error: faults.append(f"error {error}"[:200]))
    page.on("popup", lambda _: faults.append("popup"))
    page.goto(file.as_uri())
    for details in page.locator("details > summary").all():
        details.evaluate("summary => summary.parentElement.open = true")
    page.wait_for_timeout(200)
    if page.url != file.as_uri():
        faults.append(f"went to {page.url}")
    page.close()
    return faults


def _is_own(url: str, file: Path) -> bool:
    return url == file.as_uri() or url.startswith("data:image/")


def _hostile_project(folder: Path, chance: random.Random, *, is_long: bool) -> Path:
    """A tenant whose file and rows say hostile words wherever text may stand."""
    words = chance.sample([*HOSTILE, LONG] if is_long else HOSTILE, len(HOSTILE))
    project = make_project(folder)
    add_tenant(project, "acme", "activity, chatbot, contact-center", _hostile_tables(words))
    path = project / "parameters" / "acme.yaml"
    given = yaml.safe_load(path.read_text())
    # A tenant's file is small: what is longer than all of it may stand in data alone.
    short = [word for word in words if word != LONG]
    plain = given | {"fallback_intents": short[:5], "attachments": ["page", "data", "xlsx"]}
    for name in short:
        path.write_text(yaml.safe_dump(plain | {"name": name}), "utf-8")
        try:
            load_tenant("acme", project / "parameters")
        except TidingsError:
            continue
        return project
    path.write_text(yaml.safe_dump(plain), "utf-8")
    return project


def _hostile_tables(words: list[str]) -> dict[str, list[dict]]:
    """Rows of two weeks, in which each word stands in each column of text and as an id."""
    tables: dict[str, list[dict]] = {
        name: [] for name in ("messages", "conversations", "users", "assignments")
    }
    tables |= {"agents": [], "agent_sessions": []}
    for number, word in enumerate(words * 2):
        day = at(f"2026-11-{3 + 7 * (number // len(words)):02d} 15:{number % len(words):02d}:00")
        user, thread, stay = f"u {word}", f"c{number} {word}", f"s{number} {word}"
        about = {"channel": word, "language": word, "intent": word}
        tables["messages"] += [
            message(day, user, thread, **about),
            message(day, user, thread, direction="outgoing", sender="bot", assignment_id=None),
        ]
        tables["conversations"].append(
            {"conversation_id": thread, "user_id": user, "started_at": day, "ended_at": None}
            | {"channel": word, "entry_point": word, "start_flow": word}
        )
        end = f"{day:%Y-%m-%d} 16:00"
        rest = {"conversation_id": thread, "user_id": user, "agent_id": f"a {word}"}
        rest |= {"queue": word, "closing_reason": word}
        tables["assignments"].append(assignment(stay, f"{day}", f"{day}", end, **rest))
        tables["agent_sessions"].append(session(f"a {word}", f"{day}", end))
    tables["users"] = [{"user_id": f"u {word}", "first_seen_at": at("2026-11-03 15:00")} for word in words]
    tables["agents"] = [{"agent_id": f"a {word}", "name": word, "role": word} for word in words]
    return tables
