"""Letters: an edition's message to one recipient, addressed as the settings say."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from nbformat import NotebookNode

from tidings.delivery.ledger import Key, Letter
from tidings.delivery.settings import Settings
from tidings.mail.message import Envelope, build_message, message_bytes, report_series, report_subject
from tidings.periods.period import Period
from tidings.reports.editions import FoundEdition
from tidings.tenants.tenant import Tenant

REPORT = "report"
"""The name in the ledger of the one report that there is: that of its notebook."""


@dataclass(frozen=True)
class Stamp:
    """What makes a letter this one: its token, its date, and whether it is a trial."""

    token: str
    date: datetime
    trial: bool = False


def key_of(tenant: Tenant, period: Period, recipient: str) -> Key:
    """What the ledger knows the letter with a tenant's report of a period to a recipient by."""
    return Key(tenant.id, REPORT, period.key, recipient)


def write_letter(
    notebook: NotebookNode, edition: FoundEdition, recipient: str, settings: Settings, stamp: Stamp
) -> Letter:
    """The letter that carries an edition, from its executed notebook, to a recipient.

    Raises
    ------
    DeliveryError, ReportError
        The message cannot be made: see `tidings.mail.message.build_message`.
    """
    tenant = edition.tenant
    envelope = Envelope(
        sender=settings.mail_from,
        recipient=recipient,
        subject=report_subject(tenant, edition.period, trial=stamp.trial),
        date=stamp.date,
        message_id=message_id(stamp.token, settings),
        reply_to=settings.reply_to,
        series=report_series(tenant),
        unsubscribe_url=settings.unsubscribe_url,
        unsubscribe_mailto=settings.unsubscribe_mailto,
        attachments=tenant.attachments,
        dkim=settings.dkim,
    )
    return sealed(build_message(notebook, envelope), stamp.token)


def sealed(message: EmailMessage, token: str) -> Letter:
    """A message as bytes, with the addresses that are in its headers."""
    return Letter(token, _address(message, "From"), _address(message, "To"), message_bytes(message))


def message_id(token: str, settings: Settings) -> str:
    """A Message-ID, unique since the sender's domain is."""
    return f"<{token}@{settings.sender_domain}>"


def _address(message: EmailMessage, header: str) -> str:
    return message[header].addresses[0].addr_spec
