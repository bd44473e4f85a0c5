"""What the ledger costs: messages per second beside a plain loop of smtplib; and what it withstands."""

import argparse
import os
import random
import smtplib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bench.measure import in_turns, report, took
from rich.console import Console
from support.crashes import crash, queue_editions
from support.messages import NOW, message_to

from tidings.delivery.ledger import FILE_NAME, Key, StoredMessage, open_ledger
from tidings.delivery.send import RunResult, Sending, send
from tidings.delivery.states import State
from tidings.delivery.transports.smtp import Smtp
from tidings.delivery.transports.smtp_url import Server

MESSAGES, MESSAGE_BYTES = 1000, 40_000
KILLS, EDITIONS = 200, 50
_FEWEST_RUNS = 5
_SYNCED_BYTES = 5 * 4096
_CHECKOUT = Path(__file__).parents[2]


def deliveries(runs: int) -> None:
    """A thousand messages of 40 KB, to a server that syncs each before it answers and one that does not.

    The ways take turns, at least five each: disk and processors are shared with whatever else runs. The
    ledger syncs once a message, which a busy machine makes slow: what that alone takes is measured too.
    """
    messages = [message_to(f"reader{number}@example.com", text=_text(number)) for number in range(MESSAGES)]
    for kind in ("durable", "careless"):
        with _accepting(kind) as port, tempfile.TemporaryDirectory(dir=_CHECKOUT / "outputs") as folder:
            ways = {
                "smtplib, no ledger": partial(_plainly, messages, port),
                "tidings, with ledger": partial(_by_ledger, messages, port, folder),
                "as many syncs alone": partial(_sync, len(messages), folder),
            }
            timed = {way: partial(took, run) for way, run in ways.items()}
            plain, ours, syncs = in_turns(timed, max(runs, _FEWEST_RUNS))
        title = f"{MESSAGES} messages to a {kind} server"
        report(title, [plain, ours, syncs], plain=plain.way, results=_CHECKOUT / "outputs" / "_bench")
        speeds = [f"{MESSAGES / way.seconds:.0f}" for way in (plain, ours)]
        Console().print(f"messages a second: {speeds[0]} plainly, {speeds[1]} with the ledger\n")


def crashes(kills: int) -> None:
    """Runs over fifty editions, killed at random instants and run again to the end."""
    killed = messages = duplicates = untrue = uncertain = 0
    while killed < kills:
        with tempfile.TemporaryDirectory() as folder:
            queue_editions(Path(folder), EDITIONS)
            aftermath = crash(Path(folder), kills - killed, random.Random())
        killed, messages = killed + aftermath.kills, messages + len(aftermath.states)
        duplicates, untrue = duplicates + aftermath.duplicates, untrue + aftermath.untrue
        uncertain += aftermath.uncertain
    Console().print(
        f"{killed} runs killed over {messages} messages: {duplicates} duplicates, {untrue} that the ledger "
        f"is wrong about, {uncertain} uncertain"
    )


def _text(number: int) -> str:
    return "".join(
        f"{value:060x}\n" for value in random.Random(number).choices(range(2**60), k=MESSAGE_BYTES // 61)
    )


def _plainly(messages: list[tuple[Key, StoredMessage]], port: int) -> None:
    with smtplib.SMTP("127.0.0.1", port) as server:
        for _, message in messages:
            server.sendmail(message.sender, message.recipient, message.content)


def _by_ledger(messages: list[tuple[Key, StoredMessage]], port: int, folder: str) -> None:
    """Queued in a new ledger and sent, as ``make mail`` does it with the messages of an edition."""
    with open_ledger(Path(tempfile.mkdtemp(dir=folder)) / FILE_NAME) as ledger:
        ledger.enqueue([(key, "edition", message) for key, message in messages], NOW)
        result = RunResult()
        send(ledger.deliveries(), ledger, Sending(Smtp(Server("127.0.0.1", port, "none"))), result)
    assert result.count(State.SENT) == len(messages)


def _sync(times: int, folder: str) -> None:
    """What the ledger writes for a message, brought to the disk, so many times."""
    with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        for number in range(times):
            os.pwrite(file.fileno(), bytes(_SYNCED_BYTES), number % 100 * _SYNCED_BYTES)
            os.fdatasync(file.fileno())


@contextmanager
def _accepting(kind: str) -> Iterator[int]:
    command = [sys.executable, "-m", "support.accepting", kind]
    environment = os.environ | {"PYTHONPATH": str(_CHECKOUT / "tests")}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
        try:
            yield int(server.stdout.readline())
        finally:
            server.terminate()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--kills", type=int, default=KILLS)
    chosen = options.parse_args()
    deliveries(chosen.runs)
    crashes(chosen.kills)


if __name__ == "__main__":
    main()
