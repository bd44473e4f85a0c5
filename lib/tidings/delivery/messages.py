"""Messages: a report's mail to one recipient, addressed as the settings say, and frozen as bytes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import EmailMessage
from typing import TYPE_CHECKING

from tidings.delivery.ledger import Key, StoredMessage
from tidings.delivery.settings import TOKEN, Settings
from tidings.mail.envelope import Envelope, report_series, report_subject
from tidings.mail.headers import message_bytes
from tidings.reports.order import Order
from tidings.tenants.address import read_mailbox

if TYPE_CHECKING:  # a command that writes no message does without
    from nbformat import NotebookNode

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
    notebook: "NotebookNode", order: Order, recipient: str, settings: Settings, mark: Mark
) -> StoredMessage:
    """The message that carries a report, from its executed notebook, to a recipient.

    Raises
    ------
    DeliveryError, ReportError
        It cannot be made: see `tidings.mail.message.build_message`.
    """
    (message,) = write_messages(notebook, order, [(recipient, mark)], settings)
    return message


def write_messages(
    notebook: "NotebookNode", order: Order, recipients: Iterable[tuple[str, Mark]], settings: Settings
) -> Iterator[StoredMessage]:
    """Likewise the messages to many, one after the other; their content is made once.

    It is the same but for the token of each in the link for unsubscribing.

    Raises
    ------
    DeliveryError, ReportError
        One cannot be made.
    """
    # Only here: most commands of delivery write no message, and the tools for it take a second to import.
    from tidings.mail.message import build_message, readdress
    from tidings.page.preprocessors import read_notebook

    view, names = read_notebook(notebook).view, dict(order.tenant.names)
    url = settings.unsubscribe_url
    first: tuple[EmailMessage, Envelope] | None = None
    for recipient, mark in recipients:
        envelope = Envelope(
            sender=settings.mail_from,
            recipient=f"{name} <{recipient}>" if (name := names.get(recipient)) else recipient,
            subject=report_subject(view, order.tenant, order.period, trial=mark.trial),
            date=mark.date,
            message_id=message_id(mark.token, settings),
            reply_to=settings.reply_to,
            series=report_series(order.tenant),
            unsubscribe_url=url and url.replace(TOKEN, mark.token),
            personal_word=mark.token if url and TOKEN in url else None,
            unsubscribe_mailto=settings.unsubscribe_mailto,
            page_url=settings.page_url_of(order.tenant.id, order.period.key),
            attachments=order.tenant.attachments,
            dkim=settings.dkim,
        )
        message = readdress(*first, envelope) if first else build_message(notebook, envelope)
        first = first or (message, envelope)
        frozen = freeze(message, mark.token)
        bounces_to = (settings.bounces_to or frozen.sender).replace(TOKEN, mark.token)
        yield replace(frozen, sender=read_mailbox(bounces_to).addr_spec)


def freeze(message: EmailMessage, token: str) -> StoredMessage:
    """A message as bytes, with the addresses that are in its headers."""
    sender, recipient = (message[header].addresses[0].addr_spec for header in ("From", "To"))
    return StoredMessage(token, sender, recipient, message_bytes(message))


def message_id(token: str, settings: Settings) -> str:
    """A Message-ID, unique since the sender's domain is."""
    return f"<{token}@{settings.sender_domain}>"
