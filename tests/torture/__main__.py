"""``make torture``: runs are killed, servers misbehave, disks fill up, words are hostile.

Each part tries a promise of docs/reliability.md again and again, for a bounded time. One that is
broken ends in exit status 1, with the seed by which it happens again.
"""

import argparse
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from email import message_from_bytes
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table
from support.batches import ROWS, left_behind, temporary_folder
from support.batches import until as until_true
from support.crashes import crash, queue_editions
from support.mail_servers import DRIPS, DROP, LETTERS, LINES, OFFERS, scripted
from support.messages import NOW, enqueued, message_to
from support.projects import add_tenant, make_project, run

from tidings.delivery.ledger import FILE_NAME, open_ledger
from tidings.delivery.send import RunResult, Sending, Watch, send
from tidings.delivery.states import OPEN, State
from tidings.delivery.transports.smtp import Smtp, Timeouts
from tidings.delivery.transports.smtp_answers import read_blame
from tidings.delivery.transports.smtp_url import parse_server
from tidings.errors import TidingsError
from tidings.periods.period import parse_period
from tidings.sources.location import Location
from tidings.tenants.address import check_address, read_mailbox
from tidings.tenants.file import read_tenant_file
from tidings.tenants.tenant import load_tenant
from torture.fuzz import fuzz
from torture.mailing import kills_while_mailing
from torture.pages import pages
from torture.tenants import many_tenants
from torture.trial import Trial, until

QUICK = Timeouts(connect=1, answer=0.3, letter=1, message=0.3)
HURRIED = Watch(sleep=lambda seconds: None)


def kills_of_mail(seconds: float, chance: random.Random) -> Trial:
    """Runs that mail, killed at random instants: each letter arrives once, or is called uncertain."""
    trial, uncertain = Trial(), 0
    for _ in until(seconds):
        with tempfile.TemporaryDirectory() as folder:
            queue_editions(Path(folder), 50)
            aftermath = crash(Path(folder), 12, chance)
        trial.tries += aftermath.kills
        trial.broken += aftermath.duplicates + aftermath.untrue
        uncertain += aftermath.uncertain
    trial.seen = f"{uncertain} letters uncertain"
    return trial


def kills_of_commands(seconds: float, chance: random.Random) -> Trial:
    """report, reports, due and mail, killed at random: the next run makes and mails all of it, once.

    The group of a killed command is not killed with it: what it started has to end by itself.
    """
    trial = Trial()
    with tempfile.TemporaryDirectory() as folder:
        project = make_project(Path(folder) / "project", short=True)
        for tenant in ("acme", "beta"):
            add_tenant(project, tenant, tables={"messages": ROWS})
        places = {"TIDINGS_HOME": str(project), "TMPDIR": temporary_folder(project), "PATH": "/usr/bin:/bin"}
        for second, _ in enumerate(until(seconds)):
            words = chance.choice((["report", "acme"], ["reports", "--jobs", "2"], ["due"], ["mail"]))
            killed = subprocess.Popen(
                [sys.executable, "-m", "tidings", *words],
                cwd=project,
                env=places | {"TIDINGS_NOW": f"2026-11-18T12:00:{min(second, 59):02d}Z"},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            try:
                killed.wait(chance.uniform(0.5, 15))
            except subprocess.TimeoutExpired:
                killed.send_signal(signal.SIGKILL)
                killed.wait()
                trial.tries += 1
        last = [
            run(project, "reports", now="2026-11-18T12:01:00Z", TMPDIR=places["TMPDIR"]),
            run(project, "due", now="2026-11-18T12:02:00Z", TMPDIR=places["TMPDIR"]),
            run(project, "mail", now="2026-11-18T12:03:00Z", TMPDIR=places["TMPDIR"]),
        ]
        letters = Counter(
            message_from_bytes(path.read_bytes())["Message-ID"]
            for path in (project / "outputs" / "_outbox" / "new").iterdir()
        )
        ended = until_true(lambda: not _processes_of(project), 15)
        left = [*left_behind(project), *(() if ended else _processes_of(project))]
        trial.broken += sum(done.returncode != 0 for done in last)
        trial.broken += (list(letters.values()) != [1, 1]) + len(left)
        trial.seen = f"{len(letters)} letters, {len(left)} drafts, files and processes left"
    return trial


def _processes_of(project: Path) -> list[psutil.Process]:
    """What runs for a project."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.environ().get("TIDINGS_HOME") == str(project):
                found.append(process)
    return found


def servers(seconds: float, chance: random.Random) -> Trial:
    """A server that fails in any way at any phase: what is called sent was accepted, and nothing twice."""
    faults = [
        DROP,
        DRIPS,
        LINES,
        LETTERS,
        "451 later",
        "550 5.1.1 no",
        "554 5.7.1 no",
        "500",
        "250-",
        "x",
        "999 y",
    ]
    phases = ["greeting", "EHLO", "MAIL", "RCPT", "DATA", "body", "end", "QUIT"]
    trial, worst = Trial(), 0.0
    for _ in until(seconds):
        script = {phase: [chance.choice(faults)] for phase in chance.sample(phases, 2)}
        begun = time.monotonic()
        with tempfile.TemporaryDirectory() as folder, open_ledger(Path(folder) / FILE_NAME) as ledger:
            enqueued(ledger, *(f"reader{number}@example.com" for number in range(4)))
            with scripted(script, chance.choice((OFFERS, OFFERS[:1]))) as server:
                _send_open(ledger, server.url)
            trial.broken += _untrue(ledger, server.accepted)
        trial.tries += 1
        worst = max(worst, time.monotonic() - begun)
    trial.seen = f"the longest took {worst:.1f} s"
    return trial


def disks(seconds: float, chance: random.Random) -> Trial:
    """A disk that fills up at any byte of the ledger: nothing lost or doubled, no other family's error."""
    trial, stopped = Trial(), 0
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    for _ in until(seconds):
        with tempfile.TemporaryDirectory() as folder, scripted() as server:
            path = Path(folder) / FILE_NAME
            with open_ledger(path) as ledger:
                enqueued(ledger, *(f"reader{number}@example.com" for number in range(8)))
            resource.setrlimit(resource.RLIMIT_FSIZE, (chance.randrange(50_000, 500_000), hard))
            try:
                with open_ledger(path) as ledger:
                    _send_open(ledger, server.url)
            except TidingsError:
                stopped += 1
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
            with open_ledger(path) as ledger:
                ledger.recover(None)
                _send_open(ledger, server.url)
                trial.broken += _untrue(ledger, server.accepted)
                trial.broken += any(delivery.state in OPEN for delivery in ledger.deliveries())
        trial.tries += 1
    trial.seen = f"{stopped} runs stopped by it"
    return trial


def words(seconds: float, chance: random.Random) -> Trial:
    """Hostile words wherever words come in: refused in the library's own errors, or taken."""
    pieces = [
        "<script>",
        "\r\n",
        "\0",
        "\ud800",
        "=?utf-8?q?x?=",
        "@",
        "example.com",
        "smtp://",
        ":",
        "/",
        "<",
        ">",
    ]
    pieces += [
        "2026-W46",
        "..",
        "-",
        "a" * 300,
        "\u202e",
        "'",
        '"',
        "{",
        "}",
        "&x",
        "*",
        "!!python",
        "%00",
        "5.7.1 ",
        ",",
    ]
    trial = Trial()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fuzz.yaml"
        add_tenant(make_project(Path(folder) / "project", short=True), "acme")
        tenant = load_tenant("acme", Path(folder) / "project" / "parameters")
        takers: list[Callable[[str], object]] = [
            *(parse_server, read_mailbox, check_address, Location.of, lambda text: read_blame(550, text)),
            *(lambda text: parse_period(text, tenant, NOW), lambda text: _read_file(path, text)),
        ]
        for _ in until(seconds):
            text, taker = "".join(chance.choices(pieces, k=chance.randrange(9))), chance.choice(takers)
            trial.tries += 1
            try:
                taker(text)
            except (TidingsError, ValueError):
                pass
            except Exception as error:
                trial.broken += 1
                trial.seen = f"{type(error).__name__} of {text!r}"
    return trial


def many(letters: int) -> Trial:
    """An edition to a thousand recipients: all arrive once, and memory and ledger stay flat."""
    with tempfile.TemporaryDirectory() as folder, open_ledger(Path(folder) / FILE_NAME) as ledger:
        text = "".join(f"{number:060x}\n" for number in random.Random(1).choices(range(2**60), k=8_000))
        before = _peak_memory(anew=True)
        made = (message_to(f"reader{number}@example.com", text=text) for number in range(letters))
        ledger.enqueue(((key, "edition", message) for key, message in made), NOW)
        size = sum(path.stat().st_size for path in Path(folder).iterdir())
        with scripted() as server:
            server.accepted = _Counted()
            begun = time.monotonic()
            _send_open(ledger, server.url, Timeouts())
            took = time.monotonic() - begun
        grown = _peak_memory() - before
        sent = sum(delivery.state is State.SENT for delivery in ledger.deliveries())
    is_flat = grown < 100_000 and size < 1_000_000 + 2_000 * letters
    seen = f"{letters / took:.0f} a second, {grown / 1000:.0f} MB more memory, ledger {size / 1e6:.1f} MB"
    return Trial(letters, (letters - sent) + (letters - server.accepted.count) + (not is_flat), seen)


class _Counted(list):
    """Counts what is appended, and keeps none of it."""

    count = 0

    def append(self, message: bytes) -> None:
        self.count += 1


def _peak_memory(*, anew: bool = False) -> int:
    """The most kilobytes that this process held, since Linux was last told to begin anew."""
    if anew:
        Path("/proc/self/clear_refs").write_text("5")
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


def _send_open(ledger, url: str, timeouts: Timeouts = QUICK) -> None:
    left = [delivery for delivery in ledger.deliveries() if delivery.state in OPEN]
    sending = Sending(Smtp(parse_server(url), timeouts), watch=HURRIED, now=lambda: NOW)
    with suppress(TidingsError):
        send(left, ledger, sending, RunResult())


def _untrue(ledger, accepted: list[bytes]) -> int:
    """How many letters arrived more than once, or are called sent and did not, or are to be sent and did."""
    arrived = Counter(message_from_bytes(message)["Message-ID"] for message in accepted)
    counts = [(each.state, arrived[f"<{each.key.token}@example.com>"]) for each in ledger.deliveries()]
    return sum(
        count > 1 or (state is State.SENT and count != 1) or (state in OPEN and count > 0)
        for state, count in counts
    )


def _read_file(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    read_tenant_file(path)


def main() -> None:
    """Put each promise to the test for so many seconds, and show how it went."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20, help="for each part")
    parser.add_argument("--letters", type=int, default=1000)
    parser.add_argument("--tenants", type=int, default=20)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    asked = parser.parse_args()
    table, is_broken = Table(title=f"seed {asked.seed}"), False
    for label in ("part", "tries", "broken", "seen"):
        table.add_column(label, overflow="fold")
    parts = (kills_of_mail, kills_while_mailing, servers, disks, words, fuzz, pages, kills_of_commands)
    for part in parts:
        trial = part(asked.seconds, random.Random(asked.seed))
        table.add_row(part.__name__.replace("_", " "), f"{trial.tries:,}", str(trial.broken), trial.seen)
        is_broken |= trial.broken > 0
    for label, trial in (("many", many(asked.letters)), ("many tenants", many_tenants(asked.tenants))):
        table.add_row(label, f"{trial.tries:,}", str(trial.broken), trial.seen)
        is_broken |= trial.broken > 0
    Console().print(table)
    sys.exit(is_broken)


if __name__ == "__main__":
    main()
