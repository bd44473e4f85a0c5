"""The mail: a message made from an executed notebook, as HTML with its pictures and as plain text."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from functools import cache
from typing import Any

import idna
from css_inline import CSSInliner
from markupsafe import Markup
from nbformat import NotebookNode
from traitlets import default

from tidings.composition import Composition, compose
from tidings.errors import DeliveryError
from tidings.exporter import ReportExporter
from tidings.parameters import Tenant
from tidings.parts import Part
from tidings.period import Period
from tidings.render import render

MAX_HTML_BYTES = 90_000
"""Gmail cuts a message off at about 102 KB of HTML; pictures, being parts of their own, do not count."""

_BUILD = policy.SMTP
# Longer lines only when serialising: while building they would let encoded bodies exceed 76 octets a line,
# and shorter ones here would turn long structured headers into encoded words, which is invalid.
_WIRE = policy.SMTP.clone(max_line_length=998)


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
        One line.
    date : datetime
        When the message was made, with its offset.
    message_id : str
        ``<unique@domain>``. Boundaries and Content-IDs are derived from it.
    """

    sender: str
    recipient: str | None
    subject: str
    date: datetime
    message_id: str


class MailExporter(ReportExporter):
    """Exports an executed notebook as the mail's HTML: ``jupyter nbconvert --to tidings-mail report.ipynb``.

    The resource ``message_id`` makes the pictures refer to parts of that message; without it they are held in
    the file, which can then be opened in a browser to see what the mail looks like.
    """

    export_from_notebook = "Tidings mail"

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".mail.html"

    @default("template_name")
    def _template_name_default(self) -> str:
        return "mail"

    def default_filters(self):
        """The report's filters, and the one that turns a part into rows of the mail."""
        yield from super().default_filters()
        yield "fragment", _fragment

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """The mail's HTML, each rule of its style sheet written into the elements that it applies to."""
        html, resources = super().from_notebook_node(nb, resources, **kw)
        return CSSInliner(keep_at_rules=True, load_remote_stylesheets=False).inline(html), resources


def build_message(notebook: NotebookNode, envelope: Envelope) -> EmailMessage:
    """The message that carries an executed notebook's report to one recipient.

    The same notebook and envelope give the same message, byte for byte.

    Returns
    -------
    EmailMessage
        ``multipart/alternative`` of plain text and ``multipart/related``: HTML, then its pictures as PNG.

    Raises
    ------
    ReportError
        The notebook cannot be shown: see `tidings.composition.compose`.
    DeliveryError
        An address or a header is not valid, or the HTML is larger than mail clients show whole.
    """
    composition = compose(notebook)
    html, _ = _exporter().from_notebook_node(notebook, {"message_id": envelope.message_id})
    _refuse_oversize(html)
    message = _addressed(envelope)
    message.set_content(plain_text(composition), cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    message.set_boundary(_digest("alternative", envelope.message_id))
    _relate(message.get_payload()[1], composition, envelope.message_id)
    return message


def message_bytes(message: EmailMessage) -> bytes:
    """The message as it goes over the wire: CRLF line ends, no line longer than 998 octets."""
    return message.as_bytes(policy=_WIRE)


def eml(notebook: NotebookNode, tenant: Tenant, period: Period) -> bytes:
    """A report's message as a file that mail programs open: from the local machine, addressed to no one yet.

    Its date is the period's end, so that the same notebook always gives the same file.
    """
    key = period.key.replace("..", "-to-")  # Two dots in a row may not stand in a Message-ID.
    envelope = Envelope(
        sender="Tidings <tidings@localhost>",
        recipient=None,
        subject=f"{tenant.name}: {period.title(tenant.locale)}",
        date=period.end,
        message_id=f"<{tenant.id}.{key}@localhost>",
    )
    return message_bytes(build_message(notebook, envelope))


def plain_text(composition: Composition) -> str:
    """The report in words and numbers, for those who read without HTML."""
    blocks = [_text(composition.header)]
    for section in composition.sections:
        if section.title:
            blocks.append(f"{section.title}\n{'=' * len(section.title)}")
        blocks.extend(map(_text, section.parts))
    if composition.footer:
        blocks.append(_text(composition.footer))
    return "\n\n".join(filter(None, blocks)) + "\n"


def _text(part: Part) -> str:
    return render(part.content, None, "text").strip()


@cache
def _exporter() -> MailExporter:
    """One exporter for all notebooks: its templates are compiled once."""
    return MailExporter()


def _fragment(part: Part, message_id: str | None) -> Markup:
    picture = f"cid:{_content_id(part.png, message_id)}" if part.png and message_id else None
    return Markup(render(part.content, part.png, "mail", picture=picture))


def _content_id(png: bytes, message_id: str) -> str:
    """An id that no other message uses: some clients show a picture that they have kept under the same id."""
    domain = message_id.strip("<>").rpartition("@")[2]
    return f"{_digest(hashlib.sha256(png).hexdigest(), message_id)}@{domain}"


def _digest(*words: str) -> str:
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:32]


def _refuse_oversize(html: str) -> None:
    size = len(html.encode())
    if size > MAX_HTML_BYTES:
        raise DeliveryError(
            f"the mail's HTML has {size:,} bytes, and clients cut it off beyond {MAX_HTML_BYTES:,}",
            remedy="show fewer parts or shorter tables in the notebook",
        )


def _addressed(envelope: Envelope) -> EmailMessage:
    message = EmailMessage(policy=_BUILD)
    headers = {
        "From": _address(envelope.sender, "sender"),
        "To": _address(envelope.recipient, "recipient") if envelope.recipient is not None else None,
        "Subject": envelope.subject,
        "Date": envelope.date,
        "Message-ID": envelope.message_id,
        "Auto-Submitted": "auto-generated",
    }
    for name, value in headers.items():
        try:
            if value is not None:
                message[name] = value
        except ValueError as error:
            raise DeliveryError(
                f"{value!r} cannot be a header: {error}", where=name, remedy="write it on one line"
            ) from error
    return message


def _address(text: str, role: str) -> Address:
    """One address; its domain in the ASCII form that every server takes."""
    try:
        header = _BUILD.header_factory("To", text)
        (address,) = header.addresses
        if header.defects:
            raise ValueError(header.defects[0])
        domain = idna.encode(address.domain, uts46=True).decode("ascii")
        return Address(address.display_name, address.username, domain)
    except (ValueError, IndexError) as error:  # "ana@" ends the parser of Python 3.11 in an IndexError.
        raise DeliveryError(
            f"{text!r} is not one address that mail can be sent to: {error}",
            where=role,
            remedy="write one address, such as ana@example.com",
        ) from error


def _relate(html: EmailMessage, composition: Composition, message_id: str) -> None:
    """Puts the pictures beside the HTML that shows them."""
    pictures = {_content_id(part.png, message_id): part.png for part in composition.parts if part.png}
    for number, (content_id, png) in enumerate(pictures.items(), start=1):
        name = f"picture-{number}.png"
        html.add_related(png, "image", "png", cid=f"<{content_id}>", filename=name, disposition="inline")
    if pictures:
        html.set_param("type", "text/html")  # RFC 2387 asks for it, and add_related leaves it out.
        html.set_boundary(_digest("related", message_id))
