"""The mail's HTML: an nbconvert exporter whose pictures are parts of a message, or held in the file."""

import hashlib
from functools import cache
from typing import Any

from css_inline import CSSInliner
from markupsafe import Markup
from nbformat import NotebookNode
from nbformat.v4 import new_notebook
from traitlets import default

from tidings.page.composition import Composition
from tidings.page.exporter import ReportExporter
from tidings.parts.part import Part
from tidings.parts.render import render


class MailExporter(ReportExporter):
    """Exports an executed notebook as the mail's HTML: ``jupyter nbconvert --to tidings-mail report.ipynb``.

    The resource ``message_id`` makes the pictures refer to parts of that message; without it they are held in
    the file, which can then be opened in a browser to see what the mail looks like. The resource ``report``,
    a `Composition`, is shown in place of all that the notebook shows; ``closing`` is the part that ends it.
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
        return _inliner().inline(html), resources


def mail_html(composition: Composition, closing: Part, message_id: str) -> str:
    """The HTML of a message that shows a composition of a notebook."""
    resources = {"message_id": message_id, "report": composition, "closing": closing}
    # nbconvert copies a notebook, and checks the copy, several times over: here it has nothing to tell.
    return _exporter().from_notebook_node(new_notebook(), resources)[0]


def pictures(composition: Composition, message_id: str) -> dict[str, bytes]:
    """The pictures of a message by their Content-IDs, in the order in which its HTML shows them."""
    return {content_id(part.png, message_id): part.png for part in composition.parts if part.png}


def content_id(png: bytes, message_id: str) -> str:
    """An id that no other message uses: some clients show a picture that they have kept under the same id."""
    domain = message_id.strip("<>").rpartition("@")[2]
    return f"{digest(hashlib.sha256(png).hexdigest(), message_id)}@{domain}"


def digest(*words: str) -> str:
    """A short text that stands for some words, and for no others."""
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:32]


@cache
def _exporter() -> MailExporter:
    """One exporter for all notebooks: its templates are compiled once."""
    return MailExporter()


@cache
def _inliner() -> CSSInliner:
    return CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


def _fragment(part: Part, message_id: str | None = None) -> Markup:
    picture = f"cid:{content_id(part.png, message_id)}" if part.png and message_id else None
    return Markup(render(part, "mail", picture=picture))
