"""Projects with finished editions, and a transport that keeps what it is given."""

import itertools
from email import message_from_bytes, policy
from pathlib import Path

from support.messages import SteadyWatch, finish_edition
from support.projects import add_tenant, make_project

from tidings.delivery.context import Folders
from tidings.delivery.ledger import FILE_NAME, Delivery, open_ledger
from tidings.delivery.send import Sending
from tidings.delivery.states import Attempt, State
from tidings.periods import clock


class Postbox:
    """A transport that keeps messages, and fails for some recipients as it is told."""

    name, repeatable = "postbox", False

    def __init__(self):
        self.stored, self.answers, self.error = [], {}, None

    def open(self) -> None:
        if self.error is not None:
            raise self.error

    def announce(self, message) -> None:
        pass

    def deliver(self, message, before_end=None) -> Attempt:
        self.stored.append(message)
        return self.answers.get(message.recipient, Attempt(State.SENT, "250 taken"))

    def close(self) -> None:
        pass

    @property
    def messages(self) -> list:
        return [message_from_bytes(message.content, policy=policy.default) for message in self.stored]

    @property
    def recipients(self) -> list[str]:
        return [message.recipient for message in self.stored]

    @property
    def told(self) -> list[tuple[str, str]]:
        """Who got which period's report: the recipient, and the period in the subject."""
        return [
            (str(message["To"]), str(message["Subject"]).partition(", ")[2].partition(":")[0])
            for message in self.messages
        ]


class Service:
    """A project, and how its mail goes out in a test."""

    def __init__(self, folder: Path, notebook):
        self.project = make_project(folder)
        self.folders = Folders(folder, folder / "parameters", folder / "outputs")
        self.postbox = Postbox()
        self.sending = Sending(self.postbox, None, SteadyWatch(), clock.now)
        self._notebook, self._texts = notebook, itertools.count(1)

    def tenant(self, tenant: str = "acme", **changes: str) -> None:
        """Write a tenant's file; changes replace values of its lines."""
        path = add_tenant(self.project, tenant)
        lines = path.read_text().splitlines()
        kept = [line for line in lines if line.split(":")[0] not in changes]
        path.write_text("\n".join([*kept, *(f"{key}: {value}" for key, value in changes.items())]) + "\n")

    def finish(self, period: str = "2026-W46", tenant: str = "acme", **receipt) -> Path:
        """An edition, whose notebook is another each time."""
        notebook = self._notebook(f"Edition {next(self._texts)}")
        return finish_edition(self.project, tenant, period, notebook, **receipt)

    def deliveries(self) -> list[Delivery]:
        with open_ledger(self.folders.outputs / FILE_NAME) as ledger:
            return ledger.deliveries()

    @property
    def states(self) -> dict[tuple[str, str], str]:
        """Period and recipient → state."""
        return {(row.key.period, row.key.recipient): str(row.state) for row in self.deliveries()}
