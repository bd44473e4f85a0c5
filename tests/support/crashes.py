"""Runs in processes of their own, killed at random instants, against a server that counts what it accepts."""

import random
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path

from support.mail_servers import scripted
from support.messages import enqueued

from tidings.delivery.ledger import FILE_NAME, open_ledger
from tidings.delivery.states import State

_SENDING = Path(__file__).with_name("sending.py")
_LONGEST = 0.04  # Seconds; a run sends a few messages in it.


@dataclass(frozen=True)
class Aftermath:
    """How often each message arrived, what the ledger says of it, by Message-ID; how many were killed."""

    arrived: Counter
    states: dict[str, State]
    kills: int

    @property
    def duplicates(self) -> int:
        """Messages that arrived more than once."""
        return sum(count > 1 for count in self.arrived.values())

    @property
    def uncertain(self) -> int:
        """Messages of which the ledger does not know whether they arrived."""
        return sum(state is State.UNCERTAIN for state in self.states.values())

    @property
    def untrue(self) -> int:
        """Messages of which the ledger says something wrong: sent and not there, or still to be sent."""
        return sum(
            state is not State.UNCERTAIN and (state, self.arrived[message]) != (State.SENT, 1)
            for message, state in self.states.items()
        )


def queue_editions(outputs: Path, count: int) -> None:
    """A ledger with one queued message for each of so many editions."""
    with open_ledger(outputs / FILE_NAME) as ledger:
        for number in range(count):
            enqueued(ledger, "ana@example.com", tenant=f"tenant-{number}")


def start(outputs: Path, url: str) -> subprocess.Popen:
    """A run in a process of its own, about to begin."""
    command = [sys.executable, str(_SENDING), str(outputs), url]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    run.stdout.readline()
    return run


def crash(outputs: Path, most: int, chance: random.Random) -> Aftermath:
    """Kill runs over the queued messages, up to so many, and let a last one come to its end."""
    kills = 0
    with scripted() as server:
        while kills < most and not _killed_too_late(start(outputs, server.url), chance.uniform(0, _LONGEST)):
            kills += 1
        assert start(outputs, server.url).wait(60) == 0
        arrived = Counter(message_from_bytes(message)["Message-ID"] for message in server.accepted)
    return Aftermath(arrived, _states(outputs), kills)


def _killed_too_late(run: subprocess.Popen, seconds: float) -> bool:
    """Whether a run had ended by itself before it was killed."""
    time.sleep(seconds)
    run.kill()
    return run.wait() == 0


def _states(outputs: Path) -> dict[str, State]:
    with open_ledger(outputs / FILE_NAME) as ledger:
        return {f"<{delivery.key.token}@example.com>": delivery.state for delivery in ledger.deliveries()}
