"""What is written on the outside of a message: to whom it goes, as what, and how it is signed."""

from dataclasses import dataclass, field
from datetime import datetime

from tidings.periods.period import Period
from tidings.tenants.tenant import Tenant


@dataclass(frozen=True)
class Dkim:
    """With what a message is signed.

    Attributes
    ----------
    domain, selector : str
        The public key stands in the DNS as a TXT record of ``<selector>._domainkey.<domain>``.
    key : bytes
        The private RSA key in PEM form; never shown.
    """

    domain: str
    selector: str
    key: bytes = field(repr=False)


@dataclass(frozen=True)
class Envelope:
    """To whom a message goes, and as what.

    Attributes
    ----------
    sender : str
        One address, with or without a display name: ``Tidings <reports@example.com>``.
    recipient : str, optional
        Likewise; None in a draft, which is addressed when it is delivered.
    subject : str
        One line: see `report_subject`.
    date : datetime
        When the message was made, with its offset.
    message_id : str
        ``<unique@domain>``. Boundaries and Content-IDs are derived from it.
    reply_to : str, optional
        The address for answers, as `sender`.
    series : str, optional
        What all the messages of one report have in common, such as ``demo.report``; names the list and the
        thread that they belong to. Small letters, digits, hyphens and dots.
    unsubscribe_url : str, optional
        An ``https`` address that ends the recipient's subscription when something is POSTed to it, and asks
        first when a browser opens it.
    unsubscribe_mailto : str, optional
        An address to which recipients write who want no more.
    attachments : tuple of str
        What goes with the message: ``page``, the whole report; ``data``, its numbers as CSV files.
    dkim : Dkim, optional
        With what the message is signed.
    """

    sender: str
    recipient: str | None
    subject: str
    date: datetime
    message_id: str
    reply_to: str | None = None
    series: str | None = None
    unsubscribe_url: str | None = None
    unsubscribe_mailto: str | None = None
    attachments: tuple[str, ...] = ()
    dkim: Dkim | None = None


def report_subject(tenant: Tenant, period: Period, *, trial: bool = False) -> str:
    """The subject of a report's message: the tenant, and the period in its readers' language.

    A ``trial`` is marked as such, for someone who is not among the recipients.
    """
    return f"{'[Test] ' if trial else ''}{tenant.name}: {period.title(tenant.locale)}"


def report_series(tenant: Tenant) -> str:
    """What all the messages of a tenant's report have in common."""
    return f"{tenant.id}.report"
