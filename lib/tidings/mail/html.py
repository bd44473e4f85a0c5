"""The mail's HTML: an nbconvert exporter whose pictures are parts of a message, or held in the file."""

import hashlib
from functools import cache
from typing import Any

from css_inline import CSSInliner
from nbformat import NotebookNode
from traitlets import default

from tidings.mail.envelope import second_news
from tidings.mail.view import mail_view
from tidings.page.exporter import ReportExporter
from tidings.page.preprocessors import ReadNotebook, read_notebook
from tidings.page.view import ReportView
from tidings.parts.part import Closing, Part
from tidings.parts.render import data_uri


class MailExporter(ReportExporter):
    """Exports an executed notebook as the mail's HTML: ``jupyter nbconvert --to tidings-mail report.ipynb``.

    The resource ``message_id`` makes the pictures refer to parts of that message; without it they are held in
    the file, which can then be opened in a browser to see what the mail looks like. The resource ``view`` is
    what the mail shows, if that is not all that it can of the notebook; ``closing`` is the part that ends the
    message.
    """

    export_from_notebook = "Tidings mail"

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".mail.html"

    @default("template_name")
    def _template_name_default(self) -> str:
        return "mail"

    def default_filters(self):
        """The report's filters, and those that the mail's templates need besides."""
        yield from super().default_filters()
        yield "picture", _picture
        yield "preheader", second_news

    def from_notebook_node(  # type: ignore[override]  # as nbconvert's own exporters of text do
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """The mail's HTML, each rule of its style sheet written into the elements that it applies to."""
        read = read_notebook(nb)
        html, resources = super().from_notebook_node(
            read, {"view": mail_view(read.view), **(resources or {})}, **kw
        )
        return _inliner().inline(html), resources


def mail_html(read: ReadNotebook, view: ReportView, closing: Closing, message_id: str) -> str:
    """The HTML of a message that shows so much of a notebook as the view has."""
    resources = {"message_id": message_id, "view": view, "closing": closing}
    return _exporter().from_notebook_node(read, resources)[0]


def pictures(view: ReportView, message_id: str) -> dict[str, tuple[str, bytes]]:
    """The pictures of a message, as format and bytes, by their Content-IDs, in the order of its HTML."""
    images = (part.image for part in view.parts if part.image)
    return {content_id(data, message_id): (subtype, data) for subtype, data in images}


def content_id(picture: bytes, message_id: str) -> str:
    """An id of a picture in one message: some clients show another that they have kept under the same id."""
    domain = message_id.strip("<>").rpartition("@")[2]
    return f"{digest(hashlib.sha256(picture).hexdigest(), message_id)}@{domain}"


def digest(*words: str) -> str:
    """A short text that stands for some words, and for no others."""
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:32]


@cache
def _exporter() -> MailExporter:
    """One exporter for all notebooks: its templates are compiled once."""
    return MailExporter()


@cache
def _inliner() -> CSSInliner:
    return CSSInliner(load_remote_stylesheets=False)


def _picture(part: Part, message_id: str | None) -> str | None:
    """Where the picture of a part is."""
    return f"cid:{content_id(part.image[1], message_id)}" if part.image and message_id else data_uri(part)
