"""What is written on the outside of a message: to whom it goes, as what, and how it is signed."""

from dataclasses import dataclass, field
from datetime import datetime

from tidings.language.numbers import shorten
from tidings.language.sentences import say
from tidings.page.view import ReportView
from tidings.parts.part import Highlights
from tidings.periods.period import Period
from tidings.tenants.tenant import Tenant
from tidings.tenants.validators import has_control

MAX_NEWS = 60
"""Characters of the news in a subject: what lists of mail show of it."""


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
    personal_word : str, optional
        What in that address is this recipient's alone: letters and digits, as many as other recipients' have.
    unsubscribe_mailto : str, optional
        An address to which recipients write who want no more.
    page_url : str, optional
        Where the report can be seen as a page: an ``https`` or ``http`` address.
    attachments : tuple of str
        What goes with the message: ``page``, the whole report; ``pdf``, the same on paper; ``data``, its
        numbers as CSV files; ``xlsx``, its numbers as a workbook.
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
    personal_word: str | None = None
    unsubscribe_mailto: str | None = None
    page_url: str | None = None
    attachments: tuple[str, ...] = ()
    dkim: Dkim | None = None


def report_subject(view: ReportView, tenant: Tenant, period: Period, *, trial: bool = False) -> str:
    """The subject of a report's message: the tenant, the period, and the first of the news, on one line.

    A ``trial`` is marked as such, for someone who is not among the recipients.
    """
    locale, name = tenant.locale, tenant.name
    if news := first_news(view):
        when = period.short_title(locale)
        subject = say("{tenant}, {period}: {news}", locale, tenant=name, period=when, news=news)
    else:
        subject = say("{tenant}: {period}", locale, tenant=name, period=period.title(locale))
    return say("[Test] {subject}", locale, subject=subject) if trial else subject


def first_news(view: ReportView) -> str:
    """The first headline of the highlights, or else their first sentence, as a header can hold it; or ""."""
    shown = _highlights(view)
    said = [*shown.headlines, *shown.sentences] if shown else []
    words = " ".join(said[0].split()).rstrip(".") if said else ""
    plain = "".join(character for character in words if not has_control(character))
    return shorten(plain, MAX_NEWS).replace("=?", "= ?")  # which mail programs would take for encoded words


def second_news(view: ReportView) -> str:
    """The sentence after the first of the highlights, which a mailbox shows beside the subject; or ""."""
    shown = _highlights(view)
    return next(iter(shown.sentences[1:] or shown.sentences), "") if shown else ""


def _highlights(view: ReportView) -> Highlights | None:
    return next((part for part in view.parts if isinstance(part, Highlights)), None)


def report_series(tenant: Tenant) -> str:
    """What all the messages of a tenant's report have in common."""
    return f"{tenant.id}.report"
