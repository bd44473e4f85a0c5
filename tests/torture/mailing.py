"""``mail`` and ``due``, stopped at random while they speak to a server that keeps on disk what it accepts."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from email import message_from_bytes
from pathlib import Path

from aiosmtpd.controller import Controller
from support.batches import ROWS
from support.batches import until as until_true
from support.mail_servers import Pipelining, free_port
from support.projects import add_tenant, make_project, run

from tidings.delivery.ledger import FILE_NAME, open_ledger
from tidings.delivery.states import State
from torture.trial import Trial, until

_RECIPIENTS = 60  # of each of the two tenants
_SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT)


def kills_while_mailing(seconds: float, chance: random.Random) -> Trial:
    """Every letter is on the server's disk once, or is called uncertain, one for each kill at most."""
    trial, asked = Trial(), 0
    with tempfile.TemporaryDirectory() as folder:
        project, store = _project(Path(folder) / "project"), Store(Path(folder) / "accepted", chance)
        with _server(store) as port:
            settings = {
                "TIDINGS_TRANSPORT": "smtp",
                "TIDINGS_SMTP_URL": f"smtp://127.0.0.1:{port}?tls=none",
                "TIDINGS_FROM": "reports@example.com",
                "TIDINGS_UNSUBSCRIBE_URL": "https://example.com/stop?who={token}",
            }
            for number, _ in enumerate(until(seconds)):
                moment = f"2026-11-18T12:{number // 60:02d}:{number % 60:02d}Z"
                how = chance.choice(_SIGNALS)
                stopped = _stop(project, chance.choice(("mail", "due")), how, store, moment, settings, chance)
                trial.tries += stopped
                asked += stopped and how is not signal.SIGKILL
            last = run(project, "mail", now="2026-11-18T14:00:00Z", **settings)
        with open_ledger(project / "outputs" / FILE_NAME) as ledger:
            states = {f"<{each.key.token}@example.com>": each.state for each in ledger.deliveries()}
        arrived = store.count()
    uncertain = [letter for letter, state in states.items() if state is State.UNCERTAIN]
    wrong = sum(
        count > 1 or (state is not State.UNCERTAIN and (state, count) != (State.SENT, 1))
        for letter, state in states.items()
        for count in [arrived[letter]]
    )
    trial.broken += wrong + (len(states) != 2 * _RECIPIENTS) + (set(arrived) - set(states) != set())
    trial.broken += (len(uncertain) > trial.tries - asked) + (last.returncode not in (0, 3))
    trial.seen = f"{arrived.total()} letters, {len(uncertain)} uncertain, {asked} runs asked to end"
    return trial


class Store(Pipelining):
    """What aiosmtpd accepts, each letter synced to a file before it says so; at times it hesitates."""

    def __init__(self, folder: Path, chance: random.Random):
        folder.mkdir()
        self._folder, self._chance, self.commands = folder, random.Random(chance.random()), 0

    def count(self) -> Counter:
        """How often each Message-ID is there."""
        return Counter(message_from_bytes(path.read_bytes())["Message-ID"] for path in self._folder.iterdir())

    async def handle_MAIL(self, server, session, envelope, address, options) -> str:
        await self._hesitate()
        envelope.mail_from = address
        return "250 fine"

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        await self._hesitate()
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server, session, envelope) -> str:
        await self._hesitate()
        with (self._folder / f"{time.monotonic_ns()}.eml").open("wb") as file:
            file.write(envelope.original_content)
            file.flush()
            os.fsync(file.fileno())
        await self._hesitate()
        return "250 kept"

    async def _hesitate(self) -> None:
        self.commands += 1
        await asyncio.sleep(self._chance.choice((0, 0, 0.01, 0.03)))


@contextmanager
def _server(store: Store):
    controller = Controller(store, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def _project(folder: Path) -> Path:
    """Two tenants of many recipients, whose reports are made."""
    project = make_project(folder, short=True)
    for tenant in ("acme", "beta"):
        path = add_tenant(project, tenant, tables={"messages": ROWS})
        addresses = ", ".join(f"{tenant}{number}@example.com" for number in range(_RECIPIENTS))
        path.write_text(path.read_text().replace("ana@example.com", addresses))
    run(project, "reports", now="2026-11-18T11:59:00Z")
    return project


def _stop(
    project: Path,
    command: str,
    how: signal.Signals,
    store: Store,
    moment: str,
    settings: dict[str, str],
    chance: random.Random,
) -> bool:
    """Begin a command, and stop it some while after its first word to the server; False if it was over."""
    before = store.commands
    begun = subprocess.Popen(
        [sys.executable, "-m", "tidings", command],
        cwd=project,
        env=os.environ | settings | {"TIDINGS_HOME": str(project), "TIDINGS_NOW": moment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until_true(lambda: store.commands > before or begun.poll() is not None, 60)
    time.sleep(chance.uniform(0, 0.4))
    if begun.poll() is not None:
        return False
    begun.send_signal(how)
    begun.wait(60)
    return True
