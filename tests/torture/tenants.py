"""Editions of many tenants, mailed by the command into a local server: each arrives once, memory is flat."""

import hashlib
import json
import os
import sys
import tempfile
import time
from collections import Counter
from email import message_from_bytes
from pathlib import Path

from support.batches import ROWS
from support.mail_servers import ScriptedServer, scripted
from support.projects import NOW, TENANT, add_tenant, make_project, run

from torture.trial import Trial

_FIRST = "t0000"


def many_tenants(count: int) -> Trial:
    """A tenth of the tenants' editions are mailed, then all, then none are left; no letter comes twice."""
    with tempfile.TemporaryDirectory() as folder, scripted() as server:
        project = make_project(Path(folder) / "project", short=True)
        add_tenant(project, _FIRST, tables={"messages": ROWS})
        run(project, "report", _FIRST)
        made = next((project / "outputs" / _FIRST).iterdir())
        names = [f"t{number:04d}" for number in range(count)]
        few = names[: max(1, count // 10)]
        for name in few[1:]:
            _copy_edition(project, made, name)
        peak_of_few, _ = _mail(project, server)
        arrived_early = len(server.accepted)
        for name in names[len(few) :]:
            _copy_edition(project, made, name)
        peak, took = _mail(project, server)
        _mail(project, server)
    recipients = Counter(message_from_bytes(letter)["To"] for letter in server.accepted)
    wrong = sum(recipients[f"{name}@example.com"] != 1 for name in names[1:])
    wrong += recipients["ana@example.com"] != 1
    wrong += arrived_early != len(few)
    speed = (count - len(few)) / took
    seen = f"{speed:.0f} letters a second, {peak:.0f} MB at most, {peak_of_few:.0f} with a tenth of them"
    return Trial(count, wrong + (peak > peak_of_few + 100), seen)


def _copy_edition(project: Path, made: Path, name: str) -> None:
    """Another tenant, with the first one's edition under its own name, as the command would have made it."""
    about = TENANT.format(tenant=name, services="activity").replace("ana@", f"{name}@")
    (project / "parameters" / f"{name}.yaml").write_text(about)
    folder = project / "outputs" / name / made.name
    folder.mkdir(parents=True)
    receipt = json.loads((made / "edition.json").read_text().replace(_FIRST, name))
    for file in receipt["files"]:
        content = (made / file).read_bytes().replace(_FIRST.encode(), name.encode())
        (folder / file).write_bytes(content)
        receipt["files"][file] = hashlib.sha256(content).hexdigest()
    if "recipients" in receipt:
        receipt["recipients"] = [f"{name}@example.com"]
    (folder / "edition.json").write_text(json.dumps(receipt))


def _mail(project: Path, server: ScriptedServer) -> tuple[float, float]:
    """Run the command; the most megabytes that it held, and its seconds."""
    settings = {
        "TIDINGS_HOME": str(project),
        "TIDINGS_NOW": NOW,
        "TIDINGS_TRANSPORT": "smtp",
        "TIDINGS_SMTP_URL": server.url,
        "TIDINGS_FROM": "reports@example.com",
    }
    begun = time.monotonic()
    with open(os.devnull, "wb") as nowhere:
        pid = os.posix_spawn(
            sys.executable,
            [
                sys.executable,
                "-m",
                "tidings",
                "mail",
                "--parameters",
                str(project / "parameters"),
                "--outputs",
                str(project / "outputs"),
            ],
            os.environ | settings,
            file_actions=[(os.POSIX_SPAWN_DUP2, nowhere.fileno(), 1)],
        )
        usage = os.wait4(pid, 0)[2]
    return usage.ru_maxrss / 1000, time.monotonic() - begun
