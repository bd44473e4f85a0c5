"""Messages: a report's mail to one recipient, addressed as the settings say, and frozen as bytes."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from nbformat import NotebookNode

from tidings.delivery.ledger import Key, StoredMessage
from tidings.delivery.settings import Settings
from tidings.mail.message import Envelope, build_message, message_bytes, report_series, report_subject
from tidings.page.preprocessors import read_notebook
from tidings.reports.order import Order

REPORT = "report"
"""The name in the ledger of the one report that there is: that of its notebook."""


@dataclass(frozen=True)
class Mark:
    """What makes a message this one: its token, its date, and whether it is a trial."""

    token: str
    date: datetime
    trial: bool = False


def key_of(order: Order, recipient: str) -> Key:
    """What the ledger knows the message with a report to a recipient by."""
    return Key(order.tenant.id, REPORT, order.period.key, recipient)


def write_message(
    notebook: NotebookNode, order: Order, recipient: str, settings: Settings, mark: Mark
) -> StoredMessage:
    """The message that carries a report, from its executed notebook, to a recipient.

    Raises
    ------
    DeliveryError, ReportError
        It cannot be made: see `tidings.mail.message.build_message`.
    """
    envelope = Envelope(
        sender=settings.mail_from,
        recipient=recipient,
        subject=report_subject(read_notebook(notebook).view, order.tenant, order.period, trial=mark.trial),
        date=mark.date,
        message_id=message_id(mark.token, settings),
        reply_to=settings.reply_to,
        series=report_series(order.tenant),
        unsubscribe_url=settings.unsubscribe_url,
        unsubscribe_mailto=settings.unsubscribe_mailto,
        page_url=settings.page_url_of(order.tenant.id, order.period.key),
        attachments=order.tenant.attachments,
        dkim=settings.dkim,
    )
    return freeze(build_message(notebook, envelope), mark.token)


def freeze(message: EmailMessage, token: str) -> StoredMessage:
    """A message as bytes, with the addresses that are in its headers."""
    sender, recipient = (message[header].addresses[0].addr_spec for header in ("From", "To"))
    return StoredMessage(token, sender, recipient, message_bytes(message))


def message_id(token: str, settings: Settings) -> str:
    """A Message-ID, unique since the sender's domain is."""
    return f"<{token}@{settings.sender_domain}>"
