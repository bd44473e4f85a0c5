"""The mail: a message made from an executed notebook, as HTML with its pictures and as plain text."""

from collections.abc import Iterable
from copy import deepcopy
from email.message import EmailMessage
from typing import cast

from babel import Locale
from nbformat import NotebookNode

from tidings.language.sentences import say
from tidings.mail.attachments import DATA, PAGE, PDF, Attachment, attach, attachments
from tidings.mail.dkim import sign
from tidings.mail.envelope import Dkim, Envelope, report_series, report_subject
from tidings.mail.headers import message_bytes, message_id, unsubscribe_link, write_headers
from tidings.mail.html import MailExporter, digest, mail_html, pictures
from tidings.mail.personal import personalise
from tidings.mail.size import fit
from tidings.mail.text import plain_text
from tidings.mail.view import mail_view
from tidings.page.preprocessors import read_notebook
from tidings.page.view import ReportView
from tidings.parts.part import Closing
from tidings.periods.period import Period
from tidings.tenants.tenant import Tenant

__all__ = [
    "Dkim",
    "Envelope",
    "MailExporter",
    "build_message",
    "message_bytes",
    "readdress",
    "report_series",
    "report_subject",
    "unaddressed_message",
]


def build_message(notebook: NotebookNode, envelope: Envelope) -> EmailMessage:
    """The message that carries an executed notebook's report to one recipient.

    The same notebook and envelope give the same message, byte for byte, but for the time in a signature.

    Returns
    -------
    EmailMessage
        ``multipart/alternative`` of plain text and ``multipart/related``: HTML, then its pictures as PNG.
        Where files are attached, ``multipart/mixed`` of that and the files.

    Raises
    ------
    ReportError
        The notebook cannot be shown: see `tidings.page.preprocessors.read_notebook`.
    DeliveryError
        An address, a header or a link is not valid, the mail is too large however short it is made (see
        `tidings.mail.size.fit`), or the message cannot be signed.
    """
    message, key, read = write_headers(envelope), message_id(envelope), read_notebook(notebook)

    is_attached = PAGE in envelope.attachments
    whole = mail_view(read.view, envelope.page_url, is_attached=is_attached)
    files = attachments(whole.name, envelope.attachments, whole.locale)
    closing = _closing(files, envelope, whole.locale)
    text = plain_text(whole, closing)
    has_page = is_attached or envelope.page_url is not None
    view, written = fit(whole, lambda view: mail_html(read, view, closing, key), text, has_page=has_page)
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(written, subtype="html", cte="quoted-printable")
    message.set_boundary(digest("alternative", key))
    _relate(message, view, key)
    if files:
        attach(message, files, read)
        message.set_boundary(digest("mixed", key))
    if envelope.dkim:
        sign(message, envelope.dkim)
    return message


def readdress(message: EmailMessage, before: Envelope, envelope: Envelope) -> EmailMessage:
    """The same message to another recipient: the headers and the personal word are the envelope's.

    Parameters
    ----------
    message : EmailMessage
        One that `build_message` made.
    before : Envelope
        The envelope that it was made with.
    envelope : Envelope
        That of the other recipient.

    Raises
    ------
    DeliveryError
        An address or a header is not valid, or the message cannot be signed.
    """
    other = write_headers(envelope)
    for name, value in message.items():
        if name.lower().startswith(("content-", "mime-")):
            other[name] = value
    other.set_payload(deepcopy(message.get_payload()))
    if before.personal_word and envelope.personal_word:
        personalise(other, before.personal_word, envelope.personal_word)
    if envelope.dkim:
        sign(other, envelope.dkim)
    return other


def unaddressed_message(notebook: NotebookNode, tenant: Tenant, period: Period) -> EmailMessage:
    """A report's message, for a file that mail programs open: from this machine, addressed to no one yet.

    Its date is the period's end, so that the same notebook always gives the same message.
    """
    read = read_notebook(notebook)
    key = period.key.replace("..", "-to-")  # Two dots in a row may not stand in a Message-ID.
    envelope = Envelope(
        sender="Tidings <tidings@localhost>",
        recipient=None,
        subject=report_subject(read.view, tenant, period),
        date=period.end,
        message_id=f"<{tenant.id}.{key}@localhost>",
        series=report_series(tenant),
        attachments=tenant.attachments,
    )
    return build_message(read, envelope)


def _closing(files: tuple[Attachment, ...], envelope: Envelope, locale: Locale) -> Closing:
    """What the message itself has to say: what is attached, and how to receive no more."""
    return Closing(
        attached=tuple(_enclosed(file, locale) for file in files),
        unsubscribe_url=envelope.unsubscribe_url,
        unsubscribe_address=envelope.unsubscribe_mailto,
        unsubscribe_mailto=unsubscribe_link(envelope),
    )


def _enclosed(file: Attachment, locale: Locale) -> str:
    if file.kind == PAGE:
        return say(
            "Attached is the whole report, with the data of each chart: {name}", locale, name=file.name
        )
    if file.kind == PDF:
        return say("Attached is the report to print: {name}", locale, name=file.name)
    if file.kind == DATA:
        return say("Attached are the numbers as CSV files: {name}", locale, name=file.name)
    return say("Attached are the numbers as a workbook: {name}", locale, name=file.name)


def _relate(message: EmailMessage, view: ReportView, key: str) -> None:
    """Put the pictures beside the HTML that shows them, the last of the alternatives."""
    *_, html = cast(Iterable[EmailMessage], message.iter_parts())
    shown = pictures(view, key)
    for number, (content_id, (subtype, data)) in enumerate(shown.items(), start=1):
        name = f"picture-{number}.{subtype}"
        html.add_related(data, "image", subtype, cid=f"<{content_id}>", filename=name, disposition="inline")
    if shown:
        html.set_param("type", "text/html")  # RFC 2387 asks for it, and add_related leaves it out.
        html.set_boundary(digest("related", key))
