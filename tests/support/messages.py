"""Messages and finished editions made by hand, for tests of delivery."""

import hashlib
import json
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import nbformat

from tidings.delivery.ledger import Key, StoredMessage

CHECKOUT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)


def message_to(recipient: str, period: str = "2026-W46", text: str = "Good news.", tenant: str = "acme"):
    """A key, and a small message under it."""
    key = Key(tenant, "report", period, recipient)
    message = EmailMessage(policy=SMTP)
    message["From"] = "reports@example.com"
    message["To"] = recipient
    message["Message-ID"] = f"<{key.token}@example.com>"
    message["Subject"] = period
    message["Date"] = NOW
    message.set_content(text)
    return key, StoredMessage(key.token, "reports@example.com", recipient, message.as_bytes())


def enqueued(ledger, *recipients: str, **rest: str):
    """The deliveries of messages to these recipients, queued in a ledger."""
    messages = [message_to(recipient, **rest) for recipient in recipients]
    ledger.enqueue([(key, "edition", message) for key, message in messages], NOW)
    return [ledger.find(key) for key, _ in messages]


def finish_edition(
    project: Path, tenant: str, period: str, notebook: nbformat.NotebookNode, **receipt
) -> Path:
    """A finished edition in a project's outputs, as ``make report`` leaves it."""
    folder = project / "outputs" / tenant / period
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, folder / "report.ipynb")
    (folder / "report.html").write_text("<p>page</p>")
    (folder / "message.eml").write_bytes(b"Subject: draft\r\n\r\n")
    names = ("report.ipynb", "report.html", "message.eml")
    files = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
    (folder / "edition.json").write_text(json.dumps({"fingerprint": "f", "files": files} | receipt))
    return folder


class SteadyWatch:
    """A watch that passes the time only by sleeping, and remembers how long it slept."""

    def __init__(self):
        self.time, self.naps = 0.0, []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.time += seconds
